package io.belfry.sfu.sdp;

import java.util.List;

/// What the server says about its end of a transport: ICE-lite, one component, BUNDLE and rtcp-mux.
///
/// @param usernameFragment RFC 8839 §5.4: at least 4 characters
/// @param password RFC 8839 §5.4: at least 22 characters
/// @param fingerprint of the node's certificate
/// @param candidates in the order of preference
public record LocalTransport(
    String usernameFragment, String password, Fingerprint fingerprint, List<Candidate> candidates) {
  public LocalTransport {
    candidates = List.copyOf(candidates);
    if (usernameFragment.length() < 4 || password.length() < 22) {
      throw new IllegalArgumentException("ICE credentials are too short (RFC 8839 §5.4)");
    }
  }
}
