/// RTP packets as reusable views, their header extensions, sequence arithmetic and the rewriting of
/// a received header for one receiver.
///
/// Implements RFC 3550 §5.1 (fixed header, CSRC list, extension, padding), RFC 8285 (one-byte and
/// two-byte extension elements), RFC 1982 (serial arithmetic), and reads or writes the extensions
/// of RFC 8843 §15 (MID), RFC 8852 (RID, repaired RID), RFC 6464 (audio level), abs-send-time,
/// transport-wide-cc-01, video-orientation, playout-delay, abs-capture-time and the dependency
/// descriptor of the AV1 RTP specification.
///
/// Left out: encrypted extensions (RFC 6904, RFC 9335): no browser sends them unless asked, and the
/// descriptions written here do not ask. The RTP data header extension profile values other than
/// RFC 8285's are not forwarded.
@NullMarked
package io.belfry.sfu.rtp;

import org.jspecify.annotations.NullMarked;
