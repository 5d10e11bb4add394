package io.belfry.sfu.rtp;

import static io.belfry.sfu.rtp.HeaderExtension.ABS_SEND_TIME;
import static io.belfry.sfu.rtp.HeaderExtension.AUDIO_LEVEL;
import static io.belfry.sfu.rtp.HeaderExtension.DEPENDENCY_DESCRIPTOR;
import static io.belfry.sfu.rtp.HeaderExtension.MID;
import static io.belfry.sfu.rtp.HeaderExtension.PLAYOUT_DELAY;
import static io.belfry.sfu.rtp.HeaderExtension.RID;
import static io.belfry.sfu.rtp.HeaderExtension.TRANSPORT_WIDE_CC;
import static io.belfry.sfu.rtp.HeaderExtension.VIDEO_ORIENTATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtpHeaderWriterTest {
  private static final ExtensionIds PUBLISHER =
      ExtensionIds.of(
          Map.of(
              MID,
              4,
              RID,
              10,
              ABS_SEND_TIME,
              2,
              TRANSPORT_WIDE_CC,
              3,
              AUDIO_LEVEL,
              1,
              VIDEO_ORIENTATION,
              13,
              PLAYOUT_DELAY,
              5,
              DEPENDENCY_DESCRIPTOR,
              12));
  private static final ExtensionIds RECEIVER =
      ExtensionIds.of(
          Map.of(
              MID,
              1,
              ABS_SEND_TIME,
              2,
              TRANSPORT_WIDE_CC,
              3,
              AUDIO_LEVEL,
              4,
              VIDEO_ORIENTATION,
              5,
              DEPENDENCY_DESCRIPTOR,
              7));

  private final Memory target = Memory.allocate(2048);

  private static HeaderPlan plan(ExtensionIds receiver, String mid, boolean mixed) {
    var plan = new HeaderPlan(0xCAFEBABE);
    plan.mapPayloadType(96, 120);
    plan.extensions(PUBLISHER, receiver, mid, mixed);
    return plan;
  }

  private RtpPacket write(RtpPacket source, HeaderPlan plan) {
    int length =
        RtpHeaderWriter.write(source, plan, 0x1ABCD, 0x01020304, 0x00ABCDEF, 0x15678, target, 100);
    assertTrue(length <= source.headerLength() + RtpHeaderWriter.MAX_GROWTH_BYTES);
    var written = new RtpPacket();
    assertTrue(written.wrap(target, 100, length));
    assertEquals(length, written.headerLength());
    return written;
  }

  @Test
  void rewritesNumbersAndKeepsTheMarker() {
    RtpPacket written =
        write(new RtpBytes().marker().csrcs(7, 8).view(), plan(ExtensionIds.NONE, "", true));
    assertEquals(0xABCD, written.sequence());
    assertEquals(0x01020304, written.timestamp());
    assertEquals(0xCAFEBABE, written.ssrc());
    assertEquals(120, written.payloadType());
    assertTrue(written.marker());
    assertEquals(2, written.csrcCount());
    assertEquals(8, target.bytes().getInt(100 + 16));
    assertEquals(20, written.headerLength());
  }

  @Test
  void mapsIdsAndWritesWhatBelongsToTheTransport() {
    RtpPacket source =
        new RtpBytes()
            .oneByte(4, "30") // the publisher's mid
            .oneByte(10, "71") // rid
            .oneByte(2, "111111") // the publisher's send time
            .oneByte(3, "2222") // and transport sequence
            .oneByte(13, "02") // video orientation
            .oneByte(5, "001002") // playout delay, which the receiver did not take
            .oneByte(9, "ff") // never negotiated
            .view();
    RtpPacket written = write(source, plan(RECEIVER, "v17", true));
    assertEquals(
        "bede0004" + "22abcdef" + "315678" + "12763137" + "5002" + "000000",
        RtpBytes.hex(target, 112, written.headerLength() - 12));
    assertEquals(4, written.extensionCount());
  }

  @Test
  void switchesToTheTwoByteFormWhenAnElementNeedsIt() {
    RtpPacket source = new RtpBytes().twoByte(12, "80".repeat(30)).twoByte(13, "01").view();
    RtpPacket written = write(source, plan(RECEIVER, "0", true));
    assertEquals(30, written.extensionLength(7));
    assertEquals(1, written.extensionLength(5));
    assertEquals('0', target.bytes().get(written.extensionOffset(1)));
    assertEquals(0x5678, target.bytes().getShort(written.extensionOffset(3)));
    assertEquals(0x1000, target.bytes().getShort(112));
  }

  @Test
  void leavesOutElementsThatAOneByteReceiverCannotTake() {
    RtpPacket source = new RtpBytes().twoByte(12, "80".repeat(30)).twoByte(13, "01").view();
    RtpPacket written = write(source, plan(RECEIVER, "0", false));
    assertEquals(-1, written.extensionOffset(7));
    assertEquals(1, written.extensionLength(5));
    assertEquals((short) 0xBEDE, target.bytes().getShort(112));
  }

  @Test
  void servesReceiversWithLargeIds() {
    ExtensionIds large = ExtensionIds.of(Map.of(MID, 100, TRANSPORT_WIDE_CC, 200));
    RtpPacket written = write(new RtpBytes().view(), plan(large, "a", true));
    assertEquals(1, written.extensionLength(100));
    assertEquals(2, written.extensionLength(200));
    assertEquals(0, write(new RtpBytes().view(), plan(large, "a", false)).extensionCount());
  }

  @Test
  void stampsTheSendTimeAgain() {
    HeaderPlan plan = plan(RECEIVER, "0", true);
    RtpPacket written = write(new RtpBytes().csrcs(1).oneByte(1, "55").view(), plan);
    String before = RtpBytes.hex(target, 100, written.headerLength());
    RtpHeaderWriter.stampSendTime(plan, 0x123456, 0x9999, target, 100);
    assertEquals(
        before.replace("22abcdef", "22123456").replace("315678", "319999"),
        RtpBytes.hex(target, 100, written.headerLength()));
  }

  @Test
  void setsMarkerAndPadding() {
    write(new RtpBytes().view(), plan(ExtensionIds.NONE, "", true));
    RtpHeaderWriter.marker(target, 100, true);
    RtpHeaderWriter.padding(target, 100);
    assertEquals("a0f8", RtpBytes.hex(target, 100, 2));
    RtpHeaderWriter.marker(target, 100, false);
    assertEquals("a078", RtpBytes.hex(target, 100, 2));
  }

  @Test
  void refusesAMidThatFitsNoElement() {
    assertThrows(IllegalArgumentException.class, () -> plan(RECEIVER, "a-mid-of-17-bytes", true));
  }

  /// Goal: whatever a publisher sends, what leaves is well formed and no element is altered.
  /// Method: random elements in either form.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void writesWellFormedHeadersForAnyInput(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 2_000; round++) {
      var bytes = new RtpBytes();
      boolean isTwoByte = random.nextBoolean();
      int elements = random.nextInt(8);
      for (int i = 0; i < elements; i++) {
        int id = 1 + random.nextInt(14);
        if (isTwoByte) {
          bytes.twoByte(id, "5a".repeat(random.nextInt(60)));
        } else {
          bytes.oneByte(id, "5a".repeat(1 + random.nextInt(16)));
        }
      }
      RtpPacket source = bytes.view();
      RtpPacket written = write(source, plan(RECEIVER, "mid", random.nextBoolean()));
      for (int i = 0; i < written.extensionCount(); i++) {
        if (written.extensionIdAt(i) > 3) {
          for (int j = 0; j < written.extensionLengthAt(i); j++) {
            assertEquals(
                0x5a, target.bytes().get(written.extensionOffsetAt(i) + j), "seed " + seed);
          }
        }
      }
    }
  }
}
