package io.belfry.sfu.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtp.RtpBytes;
import io.belfry.sfu.rtp.RtpPacket;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RtxTest {
  private static final byte[] PAYLOAD = {9, 8, 7, 6, 5};

  private static RtpBytes rtx(byte... payload) {
    return new RtpBytes()
        .ssrc(222)
        .payloadType(97)
        .sequence(5)
        .timestamp(4711)
        .marker()
        .oneByte(11, "66")
        .oneByte(3, "abcd")
        .payload(payload);
  }

  @Test
  void restoresTheOriginalInPlace() {
    RtpPacket packet =
        rtx((byte) 0xFF, (byte) 0xFE, (byte) 9, (byte) 8, (byte) 7).padding(3).view();
    assertTrue(Rtx.unwrap(packet, 111, 96));
    assertEquals(65_534, packet.sequence());
    assertEquals(111, packet.ssrc());
    assertEquals(96, packet.payloadType());
    assertEquals(4711, packet.timestamp());
    assertTrue(packet.marker());
    assertEquals(3, packet.payloadLength());
    assertEquals(9, packet.memory().bytes().get(packet.payloadOffset()));
    assertEquals(2, packet.extensionLength(3));
    assertEquals(1, packet.extensionLength(11));
  }

  @Test
  void refusesProbesWithoutAnOriginal() {
    assertFalse(Rtx.unwrap(rtx().padding(200).view(), 1, 96));
    assertFalse(Rtx.unwrap(rtx((byte) 1).view(), 1, 96));
    assertFalse(Rtx.unwrap(rtx((byte) 1, (byte) 2).view(), 1, 96));
  }

  /// What is sent from a cached packet is read back as that packet, and the cache is as before.
  @Test
  void sendsFromTheCacheWhatCanBeRestored() {
    var cache = new PacketCache(8, 256);
    byte[] original = new RtpBytes().sequence(77).payload(PAYLOAD).build();
    int slot = cache.store(77, Memory.copyOf(original), 0, original.length, 0);
    int payloadOffset = cache.offset(slot) + 12;

    byte[] rtxHeader = new RtpBytes().ssrc(222).payloadType(97).sequence(5).payload().build();
    Memory sent = Memory.allocate(256);
    sent.bytes().put(0, rtxHeader);
    short overwritten = Rtx.prefix(cache.memory(), payloadOffset, 300);
    int length = PAYLOAD.length + Rtx.OSN_BYTES;
    Memory.copy(cache.memory(), payloadOffset - Rtx.OSN_BYTES, sent, 12, length);
    Rtx.restore(cache.memory(), payloadOffset, overwritten);

    var packet = new RtpPacket();
    assertTrue(packet.wrap(sent, 0, 12 + length));
    assertTrue(packet.parsePadding(12 + length));
    assertTrue(Rtx.unwrap(packet, 111, 96));
    assertEquals(300, packet.sequence());
    assertEquals("0908070605", RtpBytes.hex(sent, packet.payloadOffset(), packet.payloadLength()));
    assertEquals(
        HexFormat.of().formatHex(original),
        RtpBytes.hex(cache.memory(), cache.offset(slot), original.length));
  }
}
