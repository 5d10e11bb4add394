package io.belfry.sfu.dtls;

/// Why a DTLS association ended.
public enum DtlsFailure {
  /// No complete handshake within the time allowed, or no fingerprint to check against.
  TIMEOUT,
  /// The certificate is not the one that was signalled.
  FINGERPRINT_MISMATCH,
  /// The client offers no SRTP profile that is allowed here.
  NO_COMMON_PROFILE,
  /// An alert, sent or received, or bytes that are no handshake.
  PROTOCOL_ERROR,
  /// The other side closed the association.
  CLOSED_BY_PEER
}
