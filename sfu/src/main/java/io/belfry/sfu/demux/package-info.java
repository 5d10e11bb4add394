/// Which protocol a datagram on the one media port carries: RFC 7983 §7 tells STUN, DTLS and RTP
/// apart by the first byte, RFC 5761 §4 tells RTCP from RTP by the second. ZRTP, TURN channels and
/// QUIC have ranges of their own there; this server speaks none of them, so they are unknown.
@NullMarked
package io.belfry.sfu.demux;

import org.jspecify.annotations.NullMarked;
