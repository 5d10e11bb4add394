package io.belfry.sfu.srtp;

import io.belfry.common.bytes.Memory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/// AES counter mode with HMAC-SHA1-80 (RFC 3711 §4.1.1, §4.2.1) by libcrypto.
final class NativeCounterModeCipher implements PacketCipher {
  private static final int MAC_BYTES = 20;

  // The scratch block that native code reads and writes.
  private static final int IV_OFFSET = 0;
  private static final int TRAILER_OFFSET = 16;
  private static final int LENGTH_OFFSET = 24;
  private static final int MAC_OFFSET = 32;
  private static final int SCRATCH_BYTES = 64;

  private final InitializationVector salt;
  private final Memory scratch = Memory.allocate(SCRATCH_BYTES);
  private final long scratchAddress = scratch.address();
  private long cipher;
  private long mac;

  NativeCounterModeCipher(SessionKeys keys) {
    this.salt = new InitializationVector(keys.salt());
    this.cipher = LibCrypto.newCipherContext(LibCrypto.aes128Ctr(), keys.encryptionKey(), true);
    this.mac = LibCrypto.newHmacSha1Context(keys.authenticationKey());
  }

  @Override
  public void seal(
      int ssrc,
      long index,
      int trailer,
      Memory source,
      int sourceOffset,
      int length,
      Memory target,
      int headerOffset,
      int headerLength,
      int tagOffset) {
    long header = target.address() + headerOffset;
    boolean sealed;
    try {
      sealed =
          applyKeyStream(
                  ssrc, index, source.address() + sourceOffset, header + headerLength, length)
              && computeMac(header, headerLength + length, trailer);
    } finally {
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(target);
    }
    if (!sealed) {
      // Never carry on: what stands in the target might be plaintext.
      throw new IllegalStateException("libcrypto refused to encrypt");
    }
    target.bytes().putLong(tagOffset, scratch.bytes().getLong(MAC_OFFSET));
    target.bytes().putShort(tagOffset + 8, scratch.bytes().getShort(MAC_OFFSET + 8));
  }

  @Override
  public boolean open(
      int ssrc,
      long index,
      int trailer,
      Memory memory,
      int headerOffset,
      int headerLength,
      int length,
      int tagOffset) {
    long header = memory.address() + headerOffset;
    long payload = header + headerLength;
    try {
      return computeMac(header, headerLength + length, trailer)
          && isMac(memory.bytes(), tagOffset)
          && applyKeyStream(ssrc, index, payload, payload, length);
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  private boolean applyKeyStream(int ssrc, long index, long input, long output, int length) {
    if (cipher == LibCrypto.NULL) {
      throw new IllegalStateException("closed");
    }
    salt.writeCounterMode(scratch.bytes(), ssrc, index);
    return LibCrypto.cipherStart(cipher, scratchAddress + IV_OFFSET)
        && (length == 0
            || LibCrypto.cipherUpdate(
                cipher, output, scratchAddress + LENGTH_OFFSET, input, length));
  }

  /// Leaves the 20 bytes of HMAC-SHA1 in the scratch block, of which the first ten are sent.
  private boolean computeMac(long input, int length, int trailer) {
    if (mac == LibCrypto.NULL) {
      throw new IllegalStateException("closed");
    }
    scratch.bytes().putInt(TRAILER_OFFSET, trailer);
    return LibCrypto.macStart(mac)
        && LibCrypto.macUpdate(mac, input, length)
        && LibCrypto.macUpdate(mac, scratchAddress + TRAILER_OFFSET, Integer.BYTES)
        && LibCrypto.macFinal(
            mac, scratchAddress + MAC_OFFSET, scratchAddress + LENGTH_OFFSET, MAC_BYTES);
  }

  /// Compares without a branch per byte, lest the time tell a forger how much of a tag was right.
  private boolean isMac(ByteBuffer bytes, int tagOffset) {
    long difference =
        (bytes.getLong(tagOffset) ^ scratch.bytes().getLong(MAC_OFFSET))
            | (bytes.getShort(tagOffset + 8) ^ scratch.bytes().getShort(MAC_OFFSET + 8));
    return difference == 0;
  }

  /// Frees the contexts, which zeroes the keys.
  @Override
  public void close() {
    if (cipher != LibCrypto.NULL) {
      LibCrypto.freeCipherContext(cipher);
      LibCrypto.freeMacContext(mac);
      cipher = LibCrypto.NULL;
      mac = LibCrypto.NULL;
    }
  }
}
