/// Repair of losses on both sides of the forwarder: the cache that answers a receiver's NACK, the
/// list of what is missing from a publisher, retransmission streams, and requests for key frames.
///
/// Implements RFC 4585 §6.2.1 (generic NACK) and §6.3.1 (picture loss indication) as far as
/// deciding what to ask and when, and RFC 4588 §4 (retransmission payload format, SSRC
/// multiplexed).
///
/// Left out: forward error correction (RFC 5109, RFC 8627), which is not negotiated, and session
/// multiplexing of retransmissions (RFC 4588 §5.2), which BUNDLE makes impossible.
@NullMarked
package io.belfry.sfu.repair;

import org.jspecify.annotations.NullMarked;
