package io.belfry.sfu.dtls;

import io.belfry.sfu.srtp.SrtpMasterKey;
import io.belfry.sfu.srtp.SrtpProfile;
import java.util.Arrays;

/// What a handshake is for: the SRTP master keys of both directions (RFC 5764 §4.2). To be closed,
/// which zeroes them, once senders and receivers have been made.
///
/// @param client the client's: what we receive under
/// @param server ours: what we send under
public record KeyingMaterial(SrtpMasterKey client, SrtpMasterKey server) implements AutoCloseable {
  /// How many bytes to export for a profile.
  static int exportedBytes(SrtpProfile profile) {
    return 2 * (profile.keyBytes() + profile.saltBytes());
  }

  /// Cuts up what the exporter gave: client key, server key, client salt, server salt.
  static KeyingMaterial of(SrtpProfile profile, byte[] exported) {
    int key = profile.keyBytes();
    int salt = profile.saltBytes();
    byte[] clientKey = Arrays.copyOfRange(exported, 0, key);
    byte[] serverKey = Arrays.copyOfRange(exported, key, 2 * key);
    byte[] clientSalt = Arrays.copyOfRange(exported, 2 * key, 2 * key + salt);
    byte[] serverSalt = Arrays.copyOfRange(exported, 2 * key + salt, 2 * (key + salt));
    try {
      return new KeyingMaterial(
          new SrtpMasterKey(profile, clientKey, clientSalt),
          new SrtpMasterKey(profile, serverKey, serverSalt));
    } finally {
      for (byte[] secret : new byte[][] {clientKey, serverKey, clientSalt, serverSalt}) {
        Arrays.fill(secret, (byte) 0);
      }
    }
  }

  public SrtpProfile profile() {
    return client.profile();
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
