package io.belfry.sfu.route;

import io.belfry.sfu.rtp.RtpPacket;
import org.jspecify.annotations.Nullable;

/// A packet that waits for the flush: a view of its plaintext in its encoding's cache, and what was
/// found out about it once for all receivers. Reused.
final class PendingPacket {
  final RtpPacket packet = new RtpPacket();
  @Nullable Encoding encoding;
  long index;
  boolean isKeyFrameStart;

  /// VP8 numbers, or {@link io.belfry.sfu.rtp.codec.Vp8Descriptor#ABSENT}.
  int pictureId;

  int tl0PicIdx;

  /// Bytes of RTP padding that stand behind the payload and are sent with it, 0 or 1.
  int paddingBytes;
}
