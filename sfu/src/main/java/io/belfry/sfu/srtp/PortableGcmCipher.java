package io.belfry.sfu.srtp;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// AES-GCM (RFC 7714) by the JDK. Allocates about a kilobyte per packet; the native cipher does
/// not.
final class PortableGcmCipher implements PacketCipher {
  private static final int TAG_BYTES = 16;

  private final InitializationVector salt;
  private final boolean authenticatesTrailer;
  private final byte[] iv = new byte[InitializationVector.GCM_BYTES];
  private final ByteBuffer ivBytes = ByteBuffer.wrap(iv);
  private final ByteBuffer trailerBytes = ByteBuffer.allocate(Integer.BYTES);
  private Cipher cipher;
  private byte[] input = new byte[2048];
  private byte[] output = new byte[2048];
  private @Nullable SecretKey key;
  private int lastSsrc;
  private long lastIndex = -1;

  /// @param authenticatesTrailer for RTCP, whose E bit and index are associated data (RFC 7714
  ///   §9.2)
  PortableGcmCipher(SessionKeys keys, boolean authenticatesTrailer) {
    this.key = new SecretKeySpec(keys.encryptionKey(), "AES");
    this.salt = new InitializationVector(keys.salt());
    this.authenticatesTrailer = authenticatesTrailer;
    this.cipher = newCipher();
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
    try {
      // The JDK refuses the IV it used last, which here is a packet that is sent again unchanged.
      if (index == lastIndex && ssrc == lastSsrc) {
        cipher = newCipher();
      }
      lastIndex = index;
      lastSsrc = ssrc;
      begin(Cipher.ENCRYPT_MODE, ssrc, index);
      authenticate(target, headerOffset, headerLength, trailer);
      ensureCapacity(length + TAG_BYTES);
      source.bytes().get(sourceOffset, input, 0, length);
      cipher.doFinal(input, 0, length, output, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM encryption failed", e);
    }
    target.bytes().put(headerOffset + headerLength, output, 0, length);
    target.bytes().put(tagOffset, output, length, TAG_BYTES);
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
    try {
      begin(Cipher.DECRYPT_MODE, ssrc, index);
      authenticate(memory, headerOffset, headerLength, trailer);
      ensureCapacity(length + TAG_BYTES);
      memory.bytes().get(headerOffset + headerLength, input, 0, length);
      memory.bytes().get(tagOffset, input, length, TAG_BYTES);
      cipher.doFinal(input, 0, length + TAG_BYTES, output, 0);
    } catch (AEADBadTagException forged) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM decryption failed", e);
    }
    memory.bytes().put(headerOffset + headerLength, output, 0, length);
    return true;
  }

  private void begin(int mode, int ssrc, long index)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (key == null) {
      throw new IllegalStateException("closed");
    }
    salt.writeGcm(ivBytes, ssrc, index);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, iv));
  }

  private void authenticate(Memory memory, int headerOffset, int headerLength, int trailer) {
    ensureCapacity(headerLength);
    memory.bytes().get(headerOffset, input, 0, headerLength);
    cipher.updateAAD(input, 0, headerLength);
    if (authenticatesTrailer) {
      cipher.updateAAD(trailerBytes.putInt(0, trailer).array());
    }
  }

  private void ensureCapacity(int length) {
    if (input.length < length) {
      input = new byte[length];
      output = new byte[length];
    }
  }

  private static Cipher newCipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/GCM/NoPadding is required of every JDK", e);
    }
  }

  /// Forgets the key; the JDK's ciphers give no way to zero their copy.
  @Override
  public void close() {
    key = null;
    cipher = newCipher();
  }
}
