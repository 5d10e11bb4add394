package io.belfry.sfu.srtp;

/// Where the node's SRTP cryptography comes from, chosen once at start; makes the senders and
/// receivers. Stateless and thread-safe.
public final class SrtpCrypto {
  /// The setting.
  public enum Choice {
    /// Native if it loads and passes its self-test, else portable.
    AUTO,
    /// libcrypto, or no start.
    NATIVE,
    /// The JDK's ciphers.
    PORTABLE
  }

  private final boolean isNative;
  private final String description;

  private SrtpCrypto(boolean isNative, String description) {
    this.isNative = isNative;
    this.description = description;
  }

  /// Loads and tests what the setting asks for.
  ///
  /// @throws IllegalStateException if the setting is [Choice#NATIVE] and that does not work here
  public static SrtpCrypto choose(Choice choice) {
    if (choice == Choice.PORTABLE) {
      return portable("portable (JDK)");
    }
    String obstacle;
    try {
      SrtpCrypto candidate = new SrtpCrypto(true, "native (" + LibCrypto.version() + ")");
      CryptoSelfTest.run(candidate, portable("reference"));
      return candidate;
    } catch (LinkageError | RuntimeException e) {
      // LinkageError: no library, or native access denied while the class was initialized.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      obstacle = String.valueOf(cause.getMessage());
    }
    if (choice == Choice.NATIVE) {
      throw new IllegalStateException("native SRTP cryptography is not available: " + obstacle);
    }
    return portable("portable (JDK; native is not available: " + obstacle + ")");
  }

  private static SrtpCrypto portable(String description) {
    return new SrtpCrypto(false, description);
  }

  /// Whether libcrypto does the work; for a metric.
  public boolean isNative() {
    return isNative;
  }

  /// What does the work, and if it is not libcrypto, why; for the log.
  public String description() {
    return description;
  }

  /// The sending side under this key. Keeps nothing of the key object, which may be closed.
  public SrtpSender sender(SrtpMasterKey key) {
    try (SessionKeys rtp = SessionKeys.forRtp(key);
        SessionKeys rtcp = SessionKeys.forRtcp(key)) {
      return new SrtpSender(
          key.profile(),
          cipher(key.profile(), rtp, false, true),
          cipher(key.profile(), rtcp, true, true));
    }
  }

  /// The receiving side under this key. Keeps nothing of the key object, which may be closed.
  public SrtpReceiver receiver(SrtpMasterKey key) {
    try (SessionKeys rtp = SessionKeys.forRtp(key);
        SessionKeys rtcp = SessionKeys.forRtcp(key)) {
      return new SrtpReceiver(
          key.profile(),
          cipher(key.profile(), rtp, false, false),
          cipher(key.profile(), rtcp, true, false));
    }
  }

  /// @param forRtcp else for RTP
  /// @param encrypt whether to seal, else to open
  PacketCipher cipher(SrtpProfile profile, SessionKeys keys, boolean forRtcp, boolean encrypt) {
    return switch (profile) {
      case AEAD_AES_128_GCM, AEAD_AES_256_GCM ->
          isNative
              ? new NativeGcmCipher(keys, forRtcp, encrypt)
              : new PortableGcmCipher(keys, forRtcp);
      case AES128_CM_SHA1_80 ->
          isNative ? new NativeCounterModeCipher(keys) : new PortableCounterModeCipher(keys);
    };
  }

  @Override
  public String toString() {
    return description;
  }
}
