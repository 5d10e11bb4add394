/// The DTLS handshake of a transport, from which its SRTP keys come.
///
/// An [io.belfry.sfu.dtls.DtlsEndpoint] is a seam: datagrams in, datagrams and
/// [io.belfry.sfu.dtls.KeyingMaterial] out. Behind it Bouncy Castle's blocking implementation runs
/// on a virtual thread with a bounded queue, and reads the wall clock for its retransmissions; the
/// media loop never waits for it. No Bouncy Castle type leaves this package.
///
/// Implements the server's side of DTLS 1.2 (RFC 6347) with `use_srtp` (RFC 5764, RFC 7714 §14),
/// the extended master secret (RFC 7627) and the self-signed certificates and fingerprints of
/// WebRTC (RFC 8122, RFC 8827 §6.5).
///
/// Left out: the client's role in calls (our descriptions say `a=setup:passive`;
/// [io.belfry.sfu.dtls.DtlsClient] has it for load tests); DTLS 1.3, which today's browsers offer
/// and fall back from; HelloVerifyRequest, whose proof of address (RFC 6347 §4.2.1, a SHOULD) ICE
/// has given already; session resumption and renegotiation, which browsers do not use here;
/// application data, there being no data channels.
@NullMarked
package io.belfry.sfu.dtls;

import org.jspecify.annotations.NullMarked;
