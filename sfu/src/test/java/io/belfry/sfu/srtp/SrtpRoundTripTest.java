package io.belfry.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A sender and a receiver of one key, on every implementation and profile.
class SrtpRoundTripTest {
  private static final int SSRC = 0x8765_4321;
  private static final int ROOM_BYTES = 32;

  static Stream<Arguments> withEveryProfile() {
    return Cryptos.withEveryProfile();
  }

  /// unprotect(protect(p)) = p, for any payload, header, order within the window and roll-over.
  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void unprotectsWhatItProtects(SrtpCrypto crypto, SrtpProfile profile) {
    long seed = 20_250_101;
    SplittableRandom random = new SplittableRandom(seed);
    try (Pair pair = new Pair(crypto, profile, random)) {
      ReplayWindow window = new ReplayWindow();
      long next = 65_000;
      for (int i = 0; i < 2_000; i++) {
        next += random.nextInt(20) == 0 ? random.nextInt(1, 20_000) : 1;
        boolean extended = random.nextBoolean();
        byte[] payload = Cryptos.bytes(random, random.nextInt(0, 1300));
        byte[] packet =
            extended
                ? RtpBytes.rtpWithExtension(SSRC, (int) next, payload)
                : RtpBytes.rtp(SSRC, (int) next, payload);
        int header = packet.length - payload.length;
        byte[] wire = pair.protect(packet, header, next);
        assertEquals(packet.length + pair.sender.rtpOverheadBytes(), wire.length);
        String where = "seed " + seed + " packet " + i;
        assertArrayEquals(packet, pair.unprotect(wire, header, window), where);
        assertEquals(next, window.lastIndex(), where);
      }
      assertTrue(window.highestIndex() > 1 << 16, "the sequence number wrapped");
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void reordersAcrossTheWrapOfTheSequenceNumber(SrtpCrypto crypto, SrtpProfile profile) {
    try (Pair pair = new Pair(crypto, profile, new SplittableRandom(1))) {
      ReplayWindow window = new ReplayWindow();
      for (long index : new long[] {65_533, 65_536, 65_534, 65_537, 65_535, 65_538}) {
        byte[] packet = RtpBytes.rtp(SSRC, (int) index, new byte[100]);
        assertArrayEquals(packet, pair.unprotect(pair.protect(packet, 12, index), 12, window));
        assertEquals(index, window.lastIndex());
      }
    }
  }

  /// One shared plaintext, a header of its own for each receiver, targets at odd offsets.
  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void leavesTheSharedPlaintextAsItIs(SrtpCrypto crypto, SrtpProfile profile) {
    SplittableRandom random = new SplittableRandom(3);
    byte[] payload = Cryptos.bytes(random, 1000);
    Memory shared = Memory.copyOf(payload);
    for (int receiver = 0; receiver < 3; receiver++) {
      try (Pair pair = new Pair(crypto, profile, random)) {
        int offset = 7 * receiver;
        Memory slot = Memory.allocate(1200);
        byte[] header = RtpBytes.rtp(SSRC + receiver, 100 + receiver, new byte[0]);
        slot.bytes().put(offset, header);
        int length = pair.sender.protectRtp(shared, 0, 1000, slot, offset, 12, 100 + receiver);
        assertArrayEquals(payload, shared.toArray(0, 1000));
        assertArrayEquals(header, slot.toArray(offset, 12));
        int plain = pair.receiver.unprotectRtp(slot, offset, length, 12, new ReplayWindow());
        assertArrayEquals(payload, slot.toArray(offset + 12, plain - 12));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void refusesEveryFlippedBit(SrtpCrypto crypto, SrtpProfile profile) {
    try (Pair pair = new Pair(crypto, profile, new SplittableRandom(4))) {
      ReplayWindow window = new ReplayWindow();
      byte[] packet = RtpBytes.rtp(SSRC, 1000, new byte[20]);
      byte[] wire = pair.protect(packet, 12, 1000);
      for (int bit = 0; bit < wire.length * 8; bit++) {
        byte[] forged = wire.clone();
        forged[bit / 8] ^= (byte) (1 << bit % 8);
        assertEquals(
            SrtpReceiver.AUTHENTICATION_FAILED, pair.unprotectLength(forged, 12, window), "" + bit);
        assertEquals(-1, window.highestIndex());
      }
      assertArrayEquals(packet, pair.unprotect(wire, 12, window));
    }
  }

  /// A forged packet with a far sequence number must not push genuine ones out of the window.
  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void doesNotMoveTheWindowForAForgedPacket(SrtpCrypto crypto, SrtpProfile profile) {
    try (Pair pair = new Pair(crypto, profile, new SplittableRandom(5))) {
      ReplayWindow window = new ReplayWindow();
      pair.unprotect(pair.protect(RtpBytes.rtp(SSRC, 10, new byte[50]), 12, 10), 12, window);
      byte[] forged = pair.protect(RtpBytes.rtp(SSRC, 11, new byte[50]), 12, 11);
      forged[2] = 0x70;
      assertEquals(SrtpReceiver.AUTHENTICATION_FAILED, pair.unprotectLength(forged, 12, window));
      byte[] genuine = RtpBytes.rtp(SSRC, 12, new byte[50]);
      assertArrayEquals(genuine, pair.unprotect(pair.protect(genuine, 12, 12), 12, window));
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void refusesAReplay(SrtpCrypto crypto, SrtpProfile profile) {
    try (Pair pair = new Pair(crypto, profile, new SplittableRandom(6))) {
      ReplayWindow window = new ReplayWindow();
      byte[] first = pair.protect(RtpBytes.rtp(SSRC, 500, new byte[50]), 12, 500);
      byte[] second = pair.protect(RtpBytes.rtp(SSRC, 700, new byte[50]), 12, 700);
      pair.unprotect(first, 12, window);
      assertEquals(SrtpReceiver.REPLAYED, pair.unprotectLength(first, 12, window));
      pair.unprotect(second, 12, window);
      assertEquals(SrtpReceiver.REPLAYED, pair.unprotectLength(second, 12, window));
      assertEquals(SrtpReceiver.REPLAYED, pair.unprotectLength(first, 12, window), "too old");
    }
  }

  /// A packet asked for again without RTX is the same packet to the bit.
  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void protectsTheSamePacketTwice(SrtpCrypto crypto, SrtpProfile profile) {
    try (Pair pair = new Pair(crypto, profile, new SplittableRandom(7))) {
      byte[] packet = RtpBytes.rtp(SSRC, 500, new byte[50]);
      assertArrayEquals(pair.protect(packet, 12, 500), pair.protect(packet, 12, 500));
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void refusesWhatIsTooShort(SrtpCrypto crypto, SrtpProfile profile) {
    try (Pair pair = new Pair(crypto, profile, new SplittableRandom(8))) {
      for (int length = 0; length < 12 + profile.tagBytes(); length++) {
        int actual = pair.unprotectLength(new byte[length], 12, new ReplayWindow());
        assertEquals(SrtpReceiver.TOO_SHORT, actual);
      }
      for (int length = 0; length < 8 + profile.rtcpOverheadBytes(); length++) {
        Memory memory = Memory.copyOf(new byte[length]);
        assertEquals(SrtpReceiver.TOO_SHORT, pair.receiver.unprotectRtcp(memory, 0, length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void throwsRatherThanWriteBehindTheMemory(SrtpCrypto crypto, SrtpProfile profile) {
    try (Pair pair = new Pair(crypto, profile, new SplittableRandom(9))) {
      Memory source = Memory.allocate(100);
      Memory target = Memory.allocate(112 + profile.tagBytes() - 1);
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> pair.sender.protectRtp(source, 0, 100, target, 0, 12, 1));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> pair.sender.protectRtp(source, 1, 100, Memory.allocate(200), 0, 12, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void carriesRtcpOfSeveralSenders(SrtpCrypto crypto, SrtpProfile profile) {
    SplittableRandom random = new SplittableRandom(10);
    try (Pair pair = new Pair(crypto, profile, random)) {
      for (int i = 0; i < 500; i++) {
        byte[] packet = RtpBytes.rtcp(i % 100, random);
        byte[] wire = pair.protectRtcp(packet);
        assertFalse(Arrays.equals(packet, 8, 32, wire, 8, 32));
        Memory memory = Memory.copyOf(wire);
        int length = pair.receiver.unprotectRtcp(memory, 0, wire.length);
        assertArrayEquals(packet, memory.toArray(0, length));
        Memory again = Memory.copyOf(wire);
        assertEquals(
            SrtpReceiver.REPLAYED, pair.receiver.unprotectRtcp(again, 0, wire.length), "" + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void refusesForgedAndUnencryptedRtcp(SrtpCrypto crypto, SrtpProfile profile) {
    SplittableRandom random = new SplittableRandom(11);
    try (Pair pair = new Pair(crypto, profile, random)) {
      byte[] wire = pair.protectRtcp(RtpBytes.rtcp(SSRC, random));
      int flagByte = profile.isAead() ? wire.length - 4 : wire.length - 4 - profile.tagBytes();
      for (int bit = 0; bit < wire.length * 8; bit++) {
        byte[] forged = wire.clone();
        forged[bit / 8] ^= (byte) (0x80 >> bit % 8);
        int expected =
            bit == flagByte * 8 ? SrtpReceiver.NOT_ENCRYPTED : SrtpReceiver.AUTHENTICATION_FAILED;
        Memory memory = Memory.copyOf(forged);
        assertEquals(expected, pair.receiver.unprotectRtcp(memory, 0, wire.length), "" + bit);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void stopsWhenTheRtcpIndicesAreUsedUp(SrtpCrypto crypto, SrtpProfile profile) {
    SplittableRandom random = new SplittableRandom(12);
    try (Pair pair = new Pair(crypto, profile, random)) {
      Memory memory = Memory.copyOf(Arrays.copyOf(RtpBytes.rtcp(SSRC, random), 32 + ROOM_BYTES));
      pair.sender.rtcpIndex(0x7FFF_FFFF);
      assertEquals(32 + profile.rtcpOverheadBytes(), pair.sender.protectRtcp(memory, 0, 32));
      assertEquals(SrtpSender.INDEX_EXHAUSTED, pair.sender.protectRtcp(memory, 0, 32));
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void refusesToWorkOnceClosed(SrtpCrypto crypto, SrtpProfile profile) {
    Pair pair = new Pair(crypto, profile, new SplittableRandom(13));
    pair.close();
    pair.close();
    byte[] packet = RtpBytes.rtp(SSRC, 1, new byte[10]);
    assertThrows(IllegalStateException.class, () -> pair.protect(packet, 12, 1));
    assertThrows(
        IllegalStateException.class,
        () -> pair.unprotectLength(new byte[60], 12, new ReplayWindow()));
  }

  /// Both ends of one key.
  private static final class Pair implements AutoCloseable {
    final SrtpSender sender;
    final SrtpReceiver receiver;

    Pair(SrtpCrypto crypto, SrtpProfile profile, SplittableRandom random) {
      try (SrtpMasterKey key = Cryptos.masterKey(profile, random)) {
        sender = crypto.sender(key);
        receiver = crypto.receiver(key);
      }
    }

    byte[] protect(byte[] packet, int headerLength, long index) {
      Memory source = Memory.copyOf(packet);
      Memory target = Memory.allocate(packet.length + ROOM_BYTES);
      int length = sender.protectRtp(source, 0, packet.length, headerLength, target, 0, index);
      return target.toArray(0, length);
    }

    int unprotectLength(byte[] wire, int headerLength, ReplayWindow window) {
      return receiver.unprotectRtp(Memory.copyOf(wire), 0, wire.length, headerLength, window);
    }

    byte[] unprotect(byte[] wire, int headerLength, ReplayWindow window) {
      Memory memory = Memory.copyOf(wire);
      int length = receiver.unprotectRtp(memory, 0, wire.length, headerLength, window);
      assertTrue(length >= 0, () -> "refused with " + length);
      return memory.toArray(0, length);
    }

    byte[] protectRtcp(byte[] packet) {
      Memory memory = Memory.copyOf(Arrays.copyOf(packet, packet.length + ROOM_BYTES));
      return memory.toArray(0, sender.protectRtcp(memory, 0, packet.length));
    }

    @Override
    public void close() {
      sender.close();
      receiver.close();
    }
  }
}
