package io.belfry.sfu.srtp;

import java.util.Arrays;

/// The master key and master salt of one direction (RFC 3711 §3.2.1), as DTLS exports them. Holds
/// its own copies and zeroes them on [#close()]; senders and receivers made from it live on.
public final class SrtpMasterKey implements AutoCloseable {
  private final SrtpProfile profile;
  private final byte[] key;
  private final byte[] salt;

  /// @throws IllegalArgumentException if a length is not the profile's
  public SrtpMasterKey(SrtpProfile profile, byte[] key, byte[] salt) {
    if (key.length != profile.keyBytes() || salt.length != profile.saltBytes()) {
      throw new IllegalArgumentException(
          profile
              + " takes a key of "
              + profile.keyBytes()
              + " and a salt of "
              + profile.saltBytes()
              + " bytes, not "
              + key.length
              + " and "
              + salt.length);
    }
    this.profile = profile;
    this.key = key.clone();
    this.salt = salt.clone();
  }

  public SrtpProfile profile() {
    return profile;
  }

  byte[] key() {
    return key;
  }

  byte[] salt() {
    return salt;
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
    Arrays.fill(salt, (byte) 0);
  }

  /// The profile alone: keys do not belong in logs.
  @Override
  public String toString() {
    return "SrtpMasterKey[" + profile + "]";
  }
}
