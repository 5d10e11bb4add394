package io.belfry.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.belfry.common.bytes.Memory;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtpPacketTest {
  private final RtpPacket packet = new RtpPacket();

  private boolean wrap(byte[] bytes) {
    Memory memory = Memory.allocate(bytes.length + 7);
    memory.bytes().put(7, bytes);
    return packet.wrap(memory, 7, bytes.length);
  }

  private boolean wrapHex(String hex) {
    return wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @Test
  void readsTheFixedHeader() {
    assertTrue(
        wrap(
            new RtpBytes()
                .payloadType(111)
                .marker()
                .sequence(65535)
                .timestamp(0xFFFFFFF0)
                .ssrc(0x89ABCDEF)
                .build()));
    assertEquals(111, packet.payloadType());
    assertTrue(packet.marker());
    assertEquals(65535, packet.sequence());
    assertEquals(0xFFFFFFF0, packet.timestamp());
    assertEquals(0x89ABCDEF, packet.ssrc());
    assertEquals(12, packet.headerLength());
    assertEquals(19, packet.payloadOffset());
    assertEquals(4, packet.payloadLength());
  }

  @Test
  void skipsContributingSources() {
    assertTrue(wrap(new RtpBytes().csrcs(1, 2, 3).oneByte(1, "30").build()));
    assertEquals(3, packet.csrcCount());
    assertEquals(12 + 12 + 8, packet.headerLength());
    assertEquals(1, packet.extensionLength(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "80 60 0001 00000001 000000", // eleven bytes
        "40 60 0001 00000001 00000001", // version 1
        "81 60 0001 00000001 00000001", // one CSRC announced, none there
        "90 60 0001 00000001 00000001", // extension announced, none there
        "90 60 0001 00000001 00000001 bede 0002 10000000", // one word short
        "9f 60 0001 00000001 00000001 bede 0000 00000000", // CSRCs would cover the extension
      })
  void refusesMalformedHeaders(String hex) {
    assertFalse(wrapHex(hex));
  }

  @Test
  void findsOneByteElementsAroundPadding() {
    // mid "0", padding, abs-send-time, transport sequence
    assertTrue(
        wrap(new RtpBytes().rawElements(0xBEDE, "1030" + "0000" + "32aabbcc" + "511234").build()));
    assertEquals(3, packet.extensionCount());
    assertEquals(1, packet.extensionLength(1));
    assertEquals(3, packet.extensionLength(3));
    assertEquals(2, packet.extensionLength(5));
    assertEquals(0x1234, packet.memory().bytes().getShort(packet.extensionOffset(5)));
    assertEquals(-1, packet.extensionOffset(2));
    assertEquals(-1, packet.extensionLength(2));
  }

  @Test
  void findsTwoByteElements() {
    assertTrue(
        wrap(new RtpBytes().twoByte(200, "").twoByte(7, "00".repeat(40)).twoByte(1, "61").build()));
    assertEquals(0, packet.extensionLength(200));
    assertEquals(40, packet.extensionLength(7));
    assertEquals('a', packet.memory().bytes().get(packet.extensionOffset(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "1030f00020aa, 1", // id 15 ends the block
    "103001aa20aa, 1", // id 0 with a length ends the block
    "10302faabbcc, 1", // an element longer than the block ends it
  })
  void stopsAtElementsThatEndTheBlock(String elements, int count) {
    assertTrue(wrap(new RtpBytes().rawElements(0xBEDE, elements).build()));
    assertEquals(count, packet.extensionCount());
  }

  @Test
  void ignoresUnknownExtensionProfiles() {
    assertTrue(wrap(new RtpBytes().rawElements(0x1234, "10300000").build()));
    assertEquals(0, packet.extensionCount());
    assertEquals(20, packet.headerLength());
  }

  @ParameterizedTest
  @CsvSource({"1, true", "4, true", "5, true", "255, false", "0, false"})
  void checksThePaddingCount(int count, boolean isValid) {
    byte[] bytes = new RtpBytes().payload((byte) 1, (byte) 2, (byte) 3, (byte) 4).build();
    byte[] padded = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    padded[0] |= 0x20;
    padded[bytes.length] = (byte) count;
    assertTrue(wrap(padded));
    assertEquals(isValid, packet.parsePadding(padded.length));
    if (isValid) {
      assertEquals(5 - count, packet.payloadLength());
    }
  }

  @Test
  void knowsTheEndOfThePayloadOnlyAfterDecryption() {
    byte[] encrypted = new RtpBytes().payload(new byte[10 + 16]).build();
    assertTrue(wrap(encrypted));
    assertEquals(26, packet.payloadLength());
    assertTrue(packet.parsePadding(encrypted.length - 16));
    assertEquals(10, packet.payloadLength());
    assertFalse(packet.parsePadding(11));
  }

  @FuzzTest(maxDuration = "30s")
  void neverReadsPastTheEnd(byte[] bytes) {
    if (!wrap(bytes)) {
      return;
    }
    assertTrue(packet.headerLength() <= bytes.length);
    for (int i = 0; i < packet.extensionCount(); i++) {
      assertTrue(packet.extensionOffsetAt(i) >= 7 + 16);
      assertTrue(
          packet.extensionOffsetAt(i) + packet.extensionLengthAt(i) <= 7 + packet.headerLength());
    }
    if (packet.parsePadding(bytes.length)) {
      assertTrue(packet.payloadLength() >= 0);
      assertTrue(packet.payloadLength() + packet.headerLength() <= bytes.length);
    }
  }
}
