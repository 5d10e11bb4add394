package io.belfry.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtp.codec.CodecKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is written is read by the server's own readers.
class PayloadHeaderTest {
  private static final int PAYLOAD_BYTES = 100;

  private final Memory memory = Memory.allocate(PAYLOAD_BYTES);

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OPUS")
  void aKeyFrameBeginsWithTheFirstPacketOfOneOnly(CodecKind codec) {
    for (boolean isLast : new boolean[] {false, true}) {
      assertTrue(isKeyFrameStart(codec, true, isLast, true));
      assertEquals(false, isKeyFrameStart(codec, true, isLast, false));
      assertEquals(false, isKeyFrameStart(codec, false, isLast, true));
      assertEquals(false, isKeyFrameStart(codec, false, isLast, false));
    }
  }

  @ParameterizedTest
  @EnumSource
  void noHeaderIsLongerThanTheRoomForIt(CodecKind codec) {
    for (int flags = 0; flags < 8; flags++) {
      int length = write(codec, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
      assertTrue(length > 0 && length <= PayloadHeader.MAX_BYTES, codec + ": " + length);
    }
  }

  private boolean isKeyFrameStart(
      CodecKind codec, boolean isFirst, boolean isLast, boolean isKeyFrame) {
    write(codec, isFirst, isLast, isKeyFrame);
    return codec.isKeyFrameStart(memory, 0, PAYLOAD_BYTES);
  }

  private int write(CodecKind codec, boolean isFirst, boolean isLast, boolean isKeyFrame) {
    return PayloadHeader.write(codec, memory.bytes(), 0, isFirst, isLast, isKeyFrame, 70_000);
  }
}
