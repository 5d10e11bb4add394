/// One participant's transports: what joins STUN, DTLS, SRTP, RTP and RTCP. Bytes and time come in,
/// bytes go into the {@link io.belfry.sfu.session.Outbox}, events go up. Belongs to one media loop.
///
/// A transport is for publishing or for subscribing. BUNDLE (RFC 8843) and rtcp-mux (RFC 5761) are
/// assumed, so that everything of a transport is on one address pair.
@NullMarked
package io.belfry.sfu.session;

import org.jspecify.annotations.NullMarked;
