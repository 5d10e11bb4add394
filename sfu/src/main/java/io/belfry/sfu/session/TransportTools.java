package io.belfry.sfu.session;

import io.belfry.sfu.dtls.DtlsEndpoint;
import io.belfry.sfu.srtp.SrtpCrypto;

/// What transports are built with.
///
/// @param dtls makes the handshake of a transport, given its id
/// @param crypto makes the SRTP contexts
public record TransportTools(DtlsFactory dtls, SrtpCrypto crypto) {

  /// Makes the DTLS side of a transport. What it sends and finds out comes back as commands.
  @FunctionalInterface
  public interface DtlsFactory {
    DtlsEndpoint create(long transportId);
  }
}
