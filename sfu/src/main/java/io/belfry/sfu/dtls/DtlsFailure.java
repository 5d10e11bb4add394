package io.belfry.sfu.dtls;

/// Why an association ended, or never came about; each is a label of one counter.
public enum DtlsFailure {
  /// The handshake took longer than the setting allows.
  TIMEOUT,
  /// The client's certificate is not the one of its description.
  FINGERPRINT_MISMATCH,
  /// The client's description did not come in time.
  FINGERPRINT_MISSING,
  /// The client sent no certificate.
  CERTIFICATE_MISSING,
  /// No SRTP profile in common, or no `use_srtp` at all.
  NO_COMMON_PROFILE,
  /// The client gave up, with an alert.
  ALERT_RECEIVED,
  /// Anything else that a client must not send, such as an offer of versions or cipher suites that
  /// are not ours.
  PROTOCOL_ERROR,
  /// The client closed the association after a complete handshake.
  CLOSED_BY_PEER
}
