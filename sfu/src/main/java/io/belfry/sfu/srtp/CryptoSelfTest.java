package io.belfry.sfu.srtp;

import io.belfry.common.bytes.Memory;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Holds a candidate against a reference before it carries anybody's media: same bytes out, and a
/// forged packet refused, for every profile, for RTP and RTCP.
final class CryptoSelfTest {
  private static final int SSRC = 0xCAFE_F00D;
  private static final int HEADER_BYTES = 20;
  private static final int[] PAYLOAD_BYTES = {0, 1, 15, 16, 17, 160, 1180};

  private CryptoSelfTest() {}

  /// @throws IllegalStateException if the candidate fails
  static void run(SrtpCrypto candidate, SrtpCrypto reference) {
    SplittableRandom random = new SplittableRandom(1);
    for (SrtpProfile profile : SrtpProfile.values()) {
      for (boolean forRtcp : new boolean[] {false, true}) {
        SessionKeys keys =
            new SessionKeys(
                bytes(random, profile.keyBytes()),
                bytes(random, profile.authenticationKeyBytes()),
                bytes(random, profile.saltBytes()));
        try (PacketCipher seals = candidate.cipher(profile, keys, forRtcp, true);
            PacketCipher opens = candidate.cipher(profile, keys, forRtcp, false);
            PacketCipher expects = reference.cipher(profile, keys, forRtcp, true)) {
          for (int length : PAYLOAD_BYTES) {
            byte[] packet = bytes(random, HEADER_BYTES + length);
            check(profile, seals, opens, expects, packet, random.nextLong(1L << 48));
          }
        }
      }
    }
  }

  private static void check(
      SrtpProfile profile,
      PacketCipher seals,
      PacketCipher opens,
      PacketCipher expects,
      byte[] packet,
      long index) {
    int trailer = (int) (index >>> 16);
    byte[] expected = seal(expects, profile, packet, index, trailer);
    byte[] actual = seal(seals, profile, packet, index, trailer);
    if (!Arrays.equals(expected, actual)) {
      throw new IllegalStateException(profile + ": self-test: wrong ciphertext");
    }
    Memory memory = Memory.copyOf(actual);
    int length = packet.length - HEADER_BYTES;
    if (!opens.open(SSRC, index, trailer, memory, 0, HEADER_BYTES, length, packet.length)
        || !Arrays.equals(packet, memory.toArray(0, packet.length))) {
      throw new IllegalStateException(profile + ": self-test: wrong plaintext");
    }
    actual[actual.length - 1] ^= 1;
    if (opens.open(
        SSRC, index, trailer, Memory.copyOf(actual), 0, HEADER_BYTES, length, packet.length)) {
      throw new IllegalStateException(profile + ": self-test: accepted a forged packet");
    }
  }

  private static byte[] seal(
      PacketCipher cipher, SrtpProfile profile, byte[] packet, long index, int trailer) {
    Memory source = Memory.copyOf(packet);
    Memory target = Memory.allocate(packet.length + profile.tagBytes());
    Memory.copy(source, 0, target, 0, HEADER_BYTES);
    int length = packet.length - HEADER_BYTES;
    cipher.seal(
        SSRC, index, trailer, source, HEADER_BYTES, length, target, 0, HEADER_BYTES, packet.length);
    return target.toArray(0, target.sizeBytes());
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
