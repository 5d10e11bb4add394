package io.belfry.sfu.dtls;

import io.belfry.sfu.srtp.SrtpMasterKey;

/// What a handshake yields: the SRTP master keys of both directions (RFC 5764 §4.2).
///
/// @param client protects what the client sends
/// @param server protects what we send
public record KeyingMaterial(SrtpMasterKey client, SrtpMasterKey server) implements AutoCloseable {

  /// Wipes the keys.
  @Override
  public void close() {
    client.close();
    server.close();
  }
}
