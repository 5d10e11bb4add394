package io.belfry.sfu.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The session keys of one direction, either for RTP or for RTCP (RFC 3711 §4.3.1, §4.3.2). Zeroed
/// on [#close()].
final class SessionKeys implements AutoCloseable {
  private static final int LABEL_RTP_ENCRYPTION = 0;
  private static final int LABEL_RTP_AUTHENTICATION = 1;
  private static final int LABEL_RTP_SALT = 2;
  private static final int LABEL_RTCP_ENCRYPTION = 3;
  private static final int LABEL_RTCP_AUTHENTICATION = 4;
  private static final int LABEL_RTCP_SALT = 5;

  /// The label is the top byte of the 56-bit key_id that ends the 112-bit block (RFC 3711 §4.3.1).
  private static final int LABEL_OFFSET = 7;

  private final byte[] encryptionKey;
  private final byte[] authenticationKey;
  private final byte[] salt;

  /// Takes the arrays over.
  SessionKeys(byte[] encryptionKey, byte[] authenticationKey, byte[] salt) {
    this.encryptionKey = encryptionKey;
    this.authenticationKey = authenticationKey;
    this.salt = salt;
  }

  static SessionKeys forRtp(SrtpMasterKey master) {
    return derive(master, LABEL_RTP_ENCRYPTION, LABEL_RTP_AUTHENTICATION, LABEL_RTP_SALT);
  }

  static SessionKeys forRtcp(SrtpMasterKey master) {
    return derive(master, LABEL_RTCP_ENCRYPTION, LABEL_RTCP_AUTHENTICATION, LABEL_RTCP_SALT);
  }

  private static SessionKeys derive(
      SrtpMasterKey master, int encryption, int authentication, int salt) {
    SrtpProfile profile = master.profile();
    return new SessionKeys(
        derive(master.key(), master.salt(), encryption, profile.keyBytes()),
        derive(master.key(), master.salt(), authentication, profile.authenticationKeyBytes()),
        derive(master.key(), master.salt(), salt, profile.saltBytes()));
  }

  /// One key of `length` bytes: the AES counter-mode key stream under the master key (RFC 3711
  /// §4.3.3; with a 256-bit key, RFC 6188 §2), with a key derivation rate of zero.
  static byte[] derive(byte[] masterKey, byte[] masterSalt, int label, int length) {
    // A GCM salt of 12 bytes is followed by zeroes here: RFC 7714 §11 multiplies it by 2^16.
    byte[] iv = Arrays.copyOf(masterSalt, 16);
    iv[LABEL_OFFSET] ^= (byte) label;
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(new byte[length]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CTR/NoPadding is required of every JDK", e);
    }
  }

  byte[] encryptionKey() {
    return encryptionKey;
  }

  /// Empty for the AEAD profiles.
  byte[] authenticationKey() {
    return authenticationKey;
  }

  byte[] salt() {
    return salt;
  }

  @Override
  public void close() {
    Arrays.fill(encryptionKey, (byte) 0);
    Arrays.fill(authenticationKey, (byte) 0);
    Arrays.fill(salt, (byte) 0);
  }
}
