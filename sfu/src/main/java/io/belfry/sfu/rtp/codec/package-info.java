/// What a forwarder reads in RTP payloads: where key frames begin, and the layer and picture
/// numbers in payload descriptors. Implements RFC 7741 (VP8), RFC 9628 (VP9), RFC 6184 (H.264,
/// modes 0 and
/// 1) and the AV1 RTP specification, as far as a server needs that never decodes.
///
/// Left out: interleaved H.264 (RFC 6184 §5.4, packetization mode 2), which no browser offers.
@NullMarked
package io.belfry.sfu.rtp.codec;

import org.jspecify.annotations.NullMarked;
