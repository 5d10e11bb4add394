package io.belfry.sfu.sdp;

/// The DTLS role a peer takes or offers (RFC 8842 §4, RFC 4145 §4).
public enum Setup {
  /// Starts the handshake: the DTLS client.
  ACTIVE,
  /// Waits for it: the DTLS server.
  PASSIVE,
  /// Either, as the answerer likes.
  ACTPASS;

  String attribute() {
    return switch (this) {
      case ACTIVE -> "active";
      case PASSIVE -> "passive";
      case ACTPASS -> "actpass";
    };
  }
}
