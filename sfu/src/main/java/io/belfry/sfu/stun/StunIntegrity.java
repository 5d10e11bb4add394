package io.belfry.sfu.stun;

import io.belfry.common.bytes.Memory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// MESSAGE-INTEGRITY under one short-term password: HMAC-SHA1 (RFC 8489 §9.1, §14.5). Keeps a keyed
/// HMAC; not thread-safe.
public final class StunIntegrity {
  private final Mac mac;
  private final byte[] computed = new byte[StunMessage.MESSAGE_INTEGRITY_BYTES];
  private final byte[] received = new byte[StunMessage.MESSAGE_INTEGRITY_BYTES];

  /// @param password of ASCII characters, as ICE passwords are (RFC 8839 §5.4), so that
  ///   OpaqueString changes nothing
  public StunIntegrity(String password) {
    this(password.getBytes(StandardCharsets.US_ASCII));
  }

  StunIntegrity(byte[] key) {
    try {
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA1 is required of every JDK", e);
    }
  }

  /// Whether the message has MESSAGE-INTEGRITY and it was made with this password.
  public boolean isValid(StunMessage message) {
    if (!message.hasMessageIntegrity()) {
      return false;
    }
    compute(message.copyForIntegrity(), message.integrityCoverage());
    message.memory().bytes().get(message.messageIntegrityOffset(), received);
    return MessageDigest.isEqual(computed, received);
  }

  /// Writes the HMAC of `length` bytes, whose header already counts MESSAGE-INTEGRITY.
  void sign(Memory memory, int offset, int length, int target) {
    compute(memory.toArray(offset, length), length);
    memory.bytes().put(target, computed);
  }

  private void compute(byte[] bytes, int length) {
    try {
      mac.update(bytes, 0, length);
      mac.doFinal(computed, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA1 failed", e);
    }
  }
}
