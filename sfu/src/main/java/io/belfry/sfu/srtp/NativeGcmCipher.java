package io.belfry.sfu.srtp;

import io.belfry.common.bytes.Memory;
import java.lang.ref.Reference;

/// AES-GCM (RFC 7714) by libcrypto: the key schedule is made once, a packet changes only the IV.
final class NativeGcmCipher implements PacketCipher {
  private static final int TAG_BYTES = 16;

  // The scratch block that native code reads and writes.
  private static final int IV_OFFSET = 0;
  private static final int TRAILER_OFFSET = 16;
  private static final int LENGTH_OFFSET = 24;
  private static final int FINAL_OFFSET = 32;
  private static final int SCRATCH_BYTES = 64;

  private final InitializationVector salt;
  private final boolean authenticatesTrailer;
  private final Memory scratch = Memory.allocate(SCRATCH_BYTES);
  private final long scratchAddress = scratch.address();
  private long context;

  /// @param authenticatesTrailer for RTCP, whose E bit and index are associated data (RFC 7714
  ///   §9.2)
  /// @param encrypt whether this cipher only seals, or only opens
  NativeGcmCipher(SessionKeys keys, boolean authenticatesTrailer, boolean encrypt) {
    this.salt = new InitializationVector(keys.salt());
    this.authenticatesTrailer = authenticatesTrailer;
    byte[] key = keys.encryptionKey();
    this.context = LibCrypto.newCipherContext(LibCrypto.aesGcm(key.length), key, encrypt);
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
          start(ssrc, index, trailer, header, headerLength)
              && update(header + headerLength, source.address() + sourceOffset, length)
              && LibCrypto.cipherFinal(
                  context, scratchAddress + FINAL_OFFSET, scratchAddress + LENGTH_OFFSET)
              && LibCrypto.cipherControl(
                  context,
                  LibCrypto.EVP_CTRL_AEAD_GET_TAG,
                  TAG_BYTES,
                  target.address() + tagOffset);
    } finally {
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(target);
    }
    if (!sealed) {
      // Never carry on: what stands in the target might be plaintext.
      throw new IllegalStateException("libcrypto refused to encrypt");
    }
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
      return start(ssrc, index, trailer, header, headerLength)
          && update(payload, payload, length)
          && LibCrypto.cipherControl(
              context, LibCrypto.EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, memory.address() + tagOffset)
          && LibCrypto.cipherFinal(
              context, scratchAddress + FINAL_OFFSET, scratchAddress + LENGTH_OFFSET);
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  private boolean start(int ssrc, long index, int trailer, long header, int headerLength) {
    if (context == LibCrypto.NULL) {
      throw new IllegalStateException("closed");
    }
    salt.writeGcm(scratch.bytes(), ssrc, index);
    if (!LibCrypto.cipherStart(context, scratchAddress + IV_OFFSET)
        || !update(LibCrypto.NULL, header, headerLength)) {
      return false;
    }
    if (!authenticatesTrailer) {
      return true;
    }
    scratch.bytes().putInt(TRAILER_OFFSET, trailer);
    return update(LibCrypto.NULL, scratchAddress + TRAILER_OFFSET, Integer.BYTES);
  }

  private boolean update(long output, long input, int length) {
    return length == 0
        || LibCrypto.cipherUpdate(context, output, scratchAddress + LENGTH_OFFSET, input, length);
  }

  /// Frees the context, which zeroes the key.
  @Override
  public void close() {
    if (context != LibCrypto.NULL) {
      LibCrypto.freeCipherContext(context);
      context = LibCrypto.NULL;
    }
  }
}
