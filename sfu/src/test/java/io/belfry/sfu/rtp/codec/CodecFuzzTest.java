package io.belfry.sfu.rtp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.belfry.common.bytes.Memory;

/// Goal: no payload makes a codec's reader throw or read past the end, and the quick test for key
/// frames agrees with the whole descriptor. Method: any bytes, which end with the memory.
final class CodecFuzzTest {
  /// RFC 7741.
  @FuzzTest(maxDuration = "30s")
  void vp8(byte[] payload) {
    Memory memory = Memory.copyOf(payload);
    boolean isKeyFrameStart = CodecKind.VP8.isKeyFrameStart(memory, 0, payload.length);
    Vp8Descriptor descriptor = new Vp8Descriptor();
    if (descriptor.wrap(memory, 0, payload.length)) {
      assertEquals(isKeyFrameStart, descriptor.isKeyFrameStart());
      descriptor.addDeltas(memory, 1, 1);
    }
  }

  /// RFC 9628.
  @FuzzTest(maxDuration = "30s")
  void vp9(byte[] payload) {
    Memory memory = Memory.copyOf(payload);
    boolean isKeyFrameStart = CodecKind.VP9.isKeyFrameStart(memory, 0, payload.length);
    Vp9Descriptor descriptor = new Vp9Descriptor();
    if (descriptor.wrap(memory, 0, payload.length)) {
      assertEquals(isKeyFrameStart, descriptor.isKeyFrameStart());
    }
  }

  /// RFC 6184.
  @FuzzTest(maxDuration = "30s")
  void h264(byte[] payload) {
    CodecKind.H264.isKeyFrameStart(Memory.copyOf(payload), 0, payload.length);
  }

  /// The AV1 RTP payload format, §4.
  @FuzzTest(maxDuration = "30s")
  void av1(byte[] payload) {
    CodecKind.AV1.isKeyFrameStart(Memory.copyOf(payload), 0, payload.length);
  }

  /// The AV1 RTP payload format, appendix A.
  @FuzzTest(maxDuration = "30s")
  void dependencyDescriptor(byte[] extension) {
    new DependencyDescriptor().wrap(Memory.copyOf(extension), 0, extension.length);
  }
}
