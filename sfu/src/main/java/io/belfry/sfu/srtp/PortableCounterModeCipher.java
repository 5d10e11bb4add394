package io.belfry.sfu.srtp;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// AES counter mode with HMAC-SHA1-80 (RFC 3711 §4.1.1, §4.2.1) by the JDK.
final class PortableCounterModeCipher implements PacketCipher {
  private static final int TAG_BYTES = 10;

  private final InitializationVector salt;
  private final byte[] iv = new byte[InitializationVector.COUNTER_MODE_BYTES];
  private final ByteBuffer ivBytes = ByteBuffer.wrap(iv);
  private final ByteBuffer trailerBytes = ByteBuffer.allocate(Integer.BYTES);
  private final byte[] tag = new byte[20];
  private final Cipher cipher;
  private final Mac mac;
  private byte[] scratch = new byte[2048];

  /// What the cipher makes of `scratch`: the JDK copies an input that is its output too.
  private byte[] result = new byte[2048];

  private @Nullable SecretKey key;

  PortableCounterModeCipher(SessionKeys keys) {
    this.key = new SecretKeySpec(keys.encryptionKey(), "AES");
    this.salt = new InitializationVector(keys.salt());
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(keys.authenticationKey(), "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES and HMAC-SHA1 are required of every JDK", e);
    }
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
    if (key == null) {
      throw new IllegalStateException("closed");
    }
    ensureCapacity(Math.max(length, headerLength));
    target.bytes().get(headerOffset, scratch, 0, headerLength);
    mac.update(scratch, 0, headerLength);
    source.bytes().get(sourceOffset, scratch, 0, length);
    applyKeyStream(ssrc, index, length);
    target.bytes().put(headerOffset + headerLength, result, 0, length);
    finishTag(result, length, trailer);
    target.bytes().put(tagOffset, tag, 0, TAG_BYTES);
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
    if (key == null) {
      throw new IllegalStateException("closed");
    }
    ensureCapacity(Math.max(length, headerLength));
    memory.bytes().get(headerOffset, scratch, 0, headerLength);
    mac.update(scratch, 0, headerLength);
    memory.bytes().get(headerOffset + headerLength, scratch, 0, length);
    finishTag(scratch, length, trailer);
    if (!isTag(memory.bytes(), tagOffset)) {
      return false;
    }
    applyKeyStream(ssrc, index, length);
    memory.bytes().put(headerOffset + headerLength, result, 0, length);
    return true;
  }

  private void applyKeyStream(int ssrc, long index, int length) {
    try {
      salt.writeCounterMode(ivBytes, ssrc, index);
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
      cipher.doFinal(scratch, 0, length, result, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES counter mode failed", e);
    }
  }

  /// Leaves the 20 bytes of HMAC-SHA1 in `tag`, of which the first ten are sent.
  private void finishTag(byte[] ciphertext, int length, int trailer) {
    try {
      mac.update(ciphertext, 0, length);
      mac.update(trailerBytes.putInt(0, trailer).array(), 0, Integer.BYTES);
      mac.doFinal(tag, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA1 failed", e);
    }
  }

  /// Compares in constant time, lest the time tell a forger how much of a tag was right.
  private boolean isTag(ByteBuffer bytes, int offset) {
    int difference = 0;
    for (int i = 0; i < TAG_BYTES; i++) {
      difference |= tag[i] ^ bytes.get(offset + i);
    }
    return difference == 0;
  }

  private void ensureCapacity(int length) {
    if (scratch.length < length) {
      scratch = new byte[length];
      result = new byte[length];
    }
  }

  /// Forgets the keys; the JDK's ciphers give no way to zero their copies.
  @Override
  public void close() {
    key = null;
  }
}
