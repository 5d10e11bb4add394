/// What makes one outgoing stream out of what a publisher sends: a new SSRC, sequence numbers
/// without gaps where packets are held back, timestamps and picture ids that run on when the source
/// changes, and sender reports that keep lip sync (RFC 3550 §5.1, §6.4.1, RFC 7741 §4.2).
///
/// All of it is arithmetic on numbers; packets are written by `rtp`. Left out: VP9 and AV1 picture
/// numbers, which run on without help because every source change begins with a key frame that
/// resets them.
@NullMarked
package io.belfry.sfu.rewrite;

import org.jspecify.annotations.NullMarked;
