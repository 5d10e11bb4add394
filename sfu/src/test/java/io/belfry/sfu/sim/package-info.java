/// Whole calls in memory: simulated peers that speak STUN, DTLS, SRTP, RTP and RTCP with a real
/// {@link io.belfry.sfu.session.PeerSessions}, over links with seeded loss, delay, jitter and
/// duplication. Time is stepped by hand, so that a minute of a call takes a moment and a failure is
/// a seed.
///
/// The peers do what browsers do as far as the server can tell: a publisher paces frames, answers
/// NACK and PLI and sends reports; a subscriber notices losses, asks for them and puts together
/// what comes. Left out: encoders, decoders and bandwidth estimation.
@NullMarked
package io.belfry.sfu.sim;

import org.jspecify.annotations.NullMarked;
