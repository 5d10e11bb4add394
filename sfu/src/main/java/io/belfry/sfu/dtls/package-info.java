/// DTLS-SRTP (RFC 5764) as a server: datagrams in, datagrams and SRTP keys out. DTLS 1.2 (RFC 6347)
/// with ECDHE-ECDSA, extended master secret (RFC 7627) and a certificate from both sides, checked
/// against the fingerprint of the signalled description (RFC 8122).
///
/// Behind it is Bouncy Castle, whose handshake blocks and reads the wall clock: it runs on virtual
/// threads, and only bytes and results pass between it and a media loop. None of its types leaves
/// this package.
///
/// Left out: DTLS 1.3 (a client that offers it is answered in 1.2), the client role (the other side
/// is always asked to begin), cookies (a handshake is only begun with an address that ICE has
/// validated, RFC 8445 §7.3, which is what a cookie proves), renegotiation and application data.
@NullMarked
package io.belfry.sfu.dtls;

import org.jspecify.annotations.NullMarked;
