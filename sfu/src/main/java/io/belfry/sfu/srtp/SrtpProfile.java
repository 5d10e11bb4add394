package io.belfry.sfu.srtp;

import java.util.Optional;

/// An SRTP protection profile that DTLS can negotiate (RFC 5764 §4.1.2, RFC 7714 §14.2), in our
/// order of preference: AES-GCM costs one pass and no SHA-1.
public enum SrtpProfile {
  AEAD_AES_128_GCM(7, 16, 12, 0, 16),
  AEAD_AES_256_GCM(8, 32, 12, 0, 16),
  AES128_CM_SHA1_80(1, 16, 14, 20, 10);

  private final int id;
  private final int keyBytes;
  private final int saltBytes;
  private final int authenticationKeyBytes;
  private final int tagBytes;

  SrtpProfile(int id, int keyBytes, int saltBytes, int authenticationKeyBytes, int tagBytes) {
    this.id = id;
    this.keyBytes = keyBytes;
    this.saltBytes = saltBytes;
    this.authenticationKeyBytes = authenticationKeyBytes;
    this.tagBytes = tagBytes;
  }

  /// The profile with this DTLS identifier, if it is one of ours.
  public static Optional<SrtpProfile> ofId(int id) {
    for (SrtpProfile profile : values()) {
      if (profile.id == id) {
        return Optional.of(profile);
      }
    }
    return Optional.empty();
  }

  /// The identifier in the `use_srtp` extension of DTLS.
  public int id() {
    return id;
  }

  /// The length of the master key and of the session encryption keys.
  public int keyBytes() {
    return keyBytes;
  }

  /// The length of the master salt and of the session salts.
  public int saltBytes() {
    return saltBytes;
  }

  /// The length of the session authentication keys; 0 for the AEAD profiles, which have none.
  public int authenticationKeyBytes() {
    return authenticationKeyBytes;
  }

  /// The length of the authentication tag: what a protected RTP packet is longer than its
  /// plaintext.
  public int tagBytes() {
    return tagBytes;
  }

  /// What a protected RTCP packet is longer than its plaintext: the tag and the E bit and index.
  public int rtcpOverheadBytes() {
    return tagBytes + 4;
  }

  public boolean isAead() {
    return authenticationKeyBytes == 0;
  }
}
