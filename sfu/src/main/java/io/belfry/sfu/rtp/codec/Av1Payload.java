package io.belfry.sfu.rtp.codec;

import io.belfry.common.bytes.Memory;

/// Key frames in AV1 payloads (AV1 RTP specification §4.4): the N bit of the aggregation header
/// marks the first packet of a coded video sequence.
public final class Av1Payload {
  private static final int NEW_CODED_VIDEO_SEQUENCE = 0x08;
  private static final int CONTINUES_ELEMENT = 0x80;

  private Av1Payload() {}

  /// Whether the payload begins a coded video sequence.
  public static boolean isKeyFrameStart(Memory payload, int offset, int length) {
    if (length < 1) {
      return false;
    }
    int aggregationHeader = payload.bytes().get(offset);
    // N and Z together are forbidden: a new sequence cannot begin inside an element.
    return (aggregationHeader & NEW_CODED_VIDEO_SEQUENCE) != 0
        && (aggregationHeader & CONTINUES_ELEMENT) == 0;
  }
}
