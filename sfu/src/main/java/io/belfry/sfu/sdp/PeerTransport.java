package io.belfry.sfu.sdp;

import java.util.List;

/// What a client says about its end of the transport.
///
/// @param usernameFragment RFC 8839 §5.4
/// @param password RFC 8839 §5.4
/// @param fingerprints of its certificate
/// @param setup the role it offers or takes
public record PeerTransport(
    String usernameFragment, String password, List<Fingerprint> fingerprints, Setup setup) {
  public PeerTransport {
    fingerprints = List.copyOf(fingerprints);
  }
}
