/// The load generator: publishers and subscribers that join any Belfry by WHIP and WHEP, with ICE,
/// DTLS and SRTP of their own, and count what arrives and how late.
///
/// Implements the offering client of RFC 9725 and draft-ietf-wish-whep, the controlling side of ICE
/// against an ICE-lite server (RFC 8445 §7.2, §8.1) with consent (RFC 7675), and DTLS-SRTP as the
/// client (RFC 5764). Publishers send media of the asked size that no decoder would show: payload
/// headers are real (RFC 7587, RFC 7741, RFC 9628, RFC 6184, the AV1 RTP specification), what
/// follows them is filling, and the last bytes say when it was sent.
///
/// Left out: NACK and RTX, so that a lost packet is seen as lost; transport-wide feedback and
/// bandwidth estimation; simulcast; TCP candidates; the session socket.
@NullMarked
package io.belfry.load;

import org.jspecify.annotations.NullMarked;
