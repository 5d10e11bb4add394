package io.belfry.sfu.rtp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtp.RtpBytes;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecKindTest {
  private static final int OFFSET = 5;

  private static Memory at(byte[] payload) {
    Memory memory = Memory.allocate(payload.length + OFFSET);
    memory.bytes().put(OFFSET, payload);
    return memory;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @ParameterizedTest
  @CsvSource({
    // RFC 7741: X R N S R PID; then the payload header, whose low bit is 0 for key frames
    "VP8, 10 00, true, shortest descriptor",
    "VP8, 10 01, false, inter frame",
    "VP8, 00 00, false, not the start of a partition",
    "VP8, 11 00, false, second partition",
    "VP8, 90 80 7f 00, true, picture id of 7 bits",
    "VP8, 90 80 81 23 00, true, picture id of 15 bits",
    "VP8, 90 f0 81 23 11 a1 10, true, everything",
    "VP8, 90 f0 81 23 11 a1 11, false, everything; inter frame",
    "VP8, 90 e0 81 23 11 a1, false, cut off before the payload header",
    "VP8, 90, false, cut off after the first octet",
    "VP8, 90 20 00 02, true, TID alone",
    "VP8, 90 00 00, true, extension octet alone",
    // RFC 9628: I P L F B E V Z
    "VP9, 08, true, start of a frame",
    "VP9, 48, false, inter picture",
    "VP9, 00, false, not the start",
    "VP9, a8 81 23 00 05, true, layers; the lowest",
    "VP9, a8 81 23 02 05, false, layers; the second spatial one",
    "VP9, a8 23 00 05, true, short picture id",
    "VP9, b8 81 23 e0, true, flexible mode; spatial 0",
    "VP9, a8 81 23, false, cut off before the layer indices",
    // RFC 6184
    "H264, 65 00, true, IDR",
    "H264, 67 42 c0 1f, true, sequence parameter set",
    "H264, 68 00, false, picture parameter set",
    "H264, 41 9a, false, slice of another picture",
    "H264, 78 0003 674200 0002 6800 0002 6500, true, STAP-A",
    "H264, 78 0002 0900 0002 6500, true, STAP-A with the IDR second",
    "H264, 78 0002 0900 0002 4100, false, STAP-A without",
    "H264, 78 ffff 09, false, STAP-A with a size past the end",
    "H264, 78 0000, false, STAP-A cut off",
    "H264, 7c 85 00, true, FU-A; first fragment of an IDR",
    "H264, 7c 05 00, false, FU-A; middle",
    "H264, 7c 45 00, false, FU-A; last",
    "H264, 7c 81 00, false, FU-A; first fragment of another",
    "H264, 7c, false, FU-A cut off",
    // AV1 RTP: Z Y W W N
    "AV1, 18 0a, true, new coded video sequence",
    "AV1, 10 0a, false, not new",
    "AV1, 98 0a, false, continues an element",
    "OPUS, 78, true, audio always",
  })
  void findsKeyFrames(CodecKind kind, String hex, boolean isKeyFrame, String name) {
    byte[] payload = bytes(hex);
    assertEquals(isKeyFrame, kind.isKeyFrameStart(at(payload), OFFSET, payload.length), name);
  }

  @Test
  void readsTheWholeVp8Descriptor() {
    var descriptor = new Vp8Descriptor();
    byte[] payload = bytes("90 f0 81 23 fe a1 00");
    assertTrue(descriptor.wrap(at(payload), OFFSET, payload.length));
    assertEquals(0x0123, descriptor.pictureId());
    assertTrue(descriptor.isLongPictureId());
    assertEquals(0xFE, descriptor.tl0PicIdx());
    assertEquals(2, descriptor.temporalId());
    assertTrue(descriptor.isLayerSync());
    assertTrue(descriptor.isFrameStart());
    assertTrue(descriptor.isKeyFrameStart());
    assertEquals(6, descriptor.length());
  }

  @Test
  void tellsWhatAVp8DescriptorDoesNotHave() {
    var descriptor = new Vp8Descriptor();
    byte[] payload = bytes("10 01");
    assertTrue(descriptor.wrap(at(payload), OFFSET, payload.length));
    assertEquals(Vp8Descriptor.ABSENT, descriptor.pictureId());
    assertEquals(Vp8Descriptor.ABSENT, descriptor.tl0PicIdx());
    assertEquals(Vp8Descriptor.ABSENT, descriptor.temporalId());
    assertFalse(descriptor.isKeyFrameStart());
    assertFalse(descriptor.wrap(at(bytes("90 c0 81")), OFFSET, 3));
  }

  @ParameterizedTest
  @CsvSource({
    "90f0 ffff ff a100, 1, 1, 90f0 8000 00 a100",
    "90f0 8000 00 a100, 32767, 255, 90f0 ffff ff a100",
    "90c0 7f 10 00, 1, 3, 90c0 00 13 00",
    "9080 8123 00, 5, 9, 9080 8128 00",
    "10 00, 5, 9, 10 00",
  })
  void addsToVp8NumbersInTheirWidth(String before, int pictureId, int tl0, String after) {
    byte[] payload = bytes(before);
    Memory memory = at(payload);
    var descriptor = new Vp8Descriptor();
    assertTrue(descriptor.wrap(memory, OFFSET, payload.length));
    descriptor.addDeltas(memory, pictureId, tl0);
    assertEquals(after.replace(" ", ""), RtpBytes.hex(memory, OFFSET, payload.length));
    descriptor.addDeltas(memory, -pictureId, -tl0);
    assertEquals(before.replace(" ", ""), RtpBytes.hex(memory, OFFSET, payload.length));
  }

  @Test
  void readsVp9Layers() {
    var descriptor = new Vp9Descriptor();
    byte[] payload = bytes("af 81 23 55 07");
    assertTrue(descriptor.wrap(at(payload), OFFSET, payload.length));
    assertEquals(0x123, descriptor.pictureId());
    assertEquals(2, descriptor.temporalId());
    assertEquals(2, descriptor.spatialId());
    assertEquals(7, descriptor.tl0PicIdx());
    assertTrue(descriptor.isSwitchingUpPoint());
    assertTrue(descriptor.isInterLayerDependent());
    assertTrue(descriptor.isFrameEnd());
    assertTrue(descriptor.hasScalabilityStructure());
    assertTrue(descriptor.isNotReferenceForUpperLayers());
    assertFalse(descriptor.isKeyFrameStart());
    assertFalse(descriptor.wrap(at(payload), OFFSET, 4));
  }

  @Test
  void readsDependencyDescriptors() {
    var descriptor = new DependencyDescriptor();
    assertTrue(descriptor.wrap(at(bytes("85 ff fe 80")), OFFSET, 4));
    assertTrue(descriptor.isFrameStart());
    assertFalse(descriptor.isFrameEnd());
    assertEquals(5, descriptor.templateId());
    assertEquals(0xFFFE, descriptor.frameNumber());
    assertTrue(descriptor.hasStructure());
    assertTrue(descriptor.wrap(at(bytes("45 00 01")), OFFSET, 3));
    assertFalse(descriptor.hasStructure());
    assertFalse(descriptor.wrap(at(bytes("45 00")), OFFSET, 2));
  }

  /// The quick test and the whole descriptor agree, and neither reads past the end.
  private static void check(Memory memory, byte... payload) {
    // The memory ends with the payload, so that a read past the end is an error.
    int offset = memory.sizeBytes() - payload.length;
    memory.bytes().put(offset, payload);
    for (CodecKind kind : CodecKind.values()) {
      kind.isKeyFrameStart(memory, offset, payload.length);
    }
    var vp8 = new Vp8Descriptor();
    if (vp8.wrap(memory, offset, payload.length)) {
      assertEquals(
          CodecKind.VP8.isKeyFrameStart(memory, offset, payload.length), vp8.isKeyFrameStart());
      vp8.addDeltas(memory, 1, 1);
    }
    var vp9 = new Vp9Descriptor();
    if (vp9.wrap(memory, offset, payload.length)) {
      assertEquals(
          CodecKind.VP9.isKeyFrameStart(memory, offset, payload.length), vp9.isKeyFrameStart());
    }
    new DependencyDescriptor().wrap(memory, offset, payload.length);
  }

  @Test
  void readsEveryShortPayloadWithinItsBounds() {
    byte[] tails = {0, 1, 0x7F, (byte) 0x80, (byte) 0xFF};
    Memory memory = Memory.allocate(8);
    for (int first = 0; first < 256; first++) {
      check(memory, (byte) first);
      for (int second = 0; second < 256; second++) {
        check(memory, (byte) first, (byte) second);
        for (byte tail : tails) {
          check(memory, (byte) first, (byte) second, tail);
          check(memory, (byte) first, (byte) second, tail, tail);
          check(memory, (byte) first, (byte) second, tail, tail, tail);
        }
      }
    }
  }
}
