package io.belfry.sfu.rtp.codec;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// Key frames in H.264 payloads (RFC 6184 §5). A sequence parameter set counts as the start of one:
/// senders put it right before the IDR picture, often in a packet of its own, and a decoder needs
/// both.
public final class H264Payload {
  private static final int IDR = 5;
  private static final int SEQUENCE_PARAMETER_SET = 7;
  private static final int STAP_A = 24;
  private static final int FU_A = 28;
  private static final int FU_START = 0x80;
  private static final int TYPE_MASK = 0x1F;

  private H264Payload() {}

  /// Whether the payload holds a sequence parameter set or the first bytes of an IDR slice.
  public static boolean isKeyFrameStart(Memory payload, int offset, int length) {
    if (length < 1) {
      return false;
    }
    ByteBuffer bytes = payload.bytes();
    int type = bytes.get(offset) & TYPE_MASK;
    return switch (type) {
      case STAP_A -> aggregateBeginsKeyFrame(bytes, offset + 1, offset + length);
      case FU_A ->
          length > 1
              && (bytes.get(offset + 1) & FU_START) != 0
              && beginsKeyFrame(bytes.get(offset + 1) & TYPE_MASK);
      default -> beginsKeyFrame(type);
    };
  }

  private static boolean aggregateBeginsKeyFrame(ByteBuffer bytes, int from, int end) {
    int at = from;
    while (at + 2 < end) {
      if (beginsKeyFrame(bytes.get(at + 2) & TYPE_MASK)) {
        return true;
      }
      at += 2 + Short.toUnsignedInt(bytes.getShort(at));
    }
    return false;
  }

  private static boolean beginsKeyFrame(int nalUnitType) {
    return nalUnitType == IDR || nalUnitType == SEQUENCE_PARAMETER_SET;
  }
}
