package io.belfry.sfu.srtp;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Writes the initialization vectors of one session salt, without allocating.
final class InitializationVector {
  static final int GCM_BYTES = 12;
  static final int COUNTER_MODE_BYTES = 16;

  private final long saltHigh;
  private final long saltLow;

  /// @param salt 12 bytes for AES-GCM, 14 for counter mode
  InitializationVector(byte[] salt) {
    ByteBuffer padded = ByteBuffer.wrap(Arrays.copyOf(salt, COUNTER_MODE_BYTES));
    saltHigh = padded.getLong(0);
    saltLow = padded.getLong(8);
  }

  /// RFC 7714 §8.1 and §9.1: two zero bytes, the SSRC and 48 bits of index, XOR the salt. The SRTCP
  /// index has 31 bits, which leaves the two further zero bytes of §9.1.
  void writeGcm(ByteBuffer target, int ssrc, long index) {
    target.putLong(0, saltHigh ^ ((ssrc & 0xFFFF_FFFFL) << 16 | index >>> 32));
    target.putInt(8, (int) (saltLow >>> 32) ^ (int) index);
  }

  /// RFC 3711 §4.1.1: `(salt * 2^16) XOR (SSRC * 2^64) XOR (index * 2^16)`.
  void writeCounterMode(ByteBuffer target, int ssrc, long index) {
    target.putLong(0, saltHigh ^ (ssrc & 0xFFFF_FFFFL));
    target.putLong(8, saltLow ^ index << 16);
  }
}
