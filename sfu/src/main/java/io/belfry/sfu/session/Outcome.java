package io.belfry.sfu.session;

/// What became of a received datagram. Counted, never thrown: a flood of garbage costs nothing and
/// explains itself.
public enum Outcome {
  /// Media that was taken.
  RTP,
  RTCP,
  /// A connectivity check that was answered.
  STUN,
  /// An answer of the STUN server that was asked for our address.
  STUN_ANSWER,
  DTLS,
  /// Neither STUN, DTLS, RTP nor RTCP (RFC 7983 §7).
  UNKNOWN_PROTOCOL,
  /// STUN that is malformed, no request, or for nobody here.
  STUN_INVALID,
  /// STUN without a valid MESSAGE-INTEGRITY.
  STUN_UNAUTHENTICATED,
  /// DTLS, RTP or RTCP from an address that no check has validated.
  UNKNOWN_ADDRESS,
  /// More DTLS than the handshake can take in.
  DTLS_OVERFLOW,
  /// RTP or RTCP before the handshake is done.
  NO_KEYS,
  RTP_MALFORMED,
  RTCP_MALFORMED,
  /// SRTP or SRTCP with a wrong tag.
  AUTHENTICATION_FAILED,
  REPLAYED,
  /// RTP that belongs to no track.
  UNKNOWN_STREAM,
  /// RTP that was here before, is too old or too large.
  DROPPED
}
