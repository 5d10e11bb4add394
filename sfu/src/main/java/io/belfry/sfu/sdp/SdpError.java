package io.belfry.sfu.sdp;

/// Why a description was refused.
public enum SdpError {
  /// More bytes, lines or media sections than a limit allows.
  TOO_LARGE,
  /// Not SDP (RFC 8866 §5).
  SYNTAX,
  /// No section that media could flow in.
  NO_MEDIA,
  /// No ICE user name fragment or password (RFC 8839 §5.4).
  NO_ICE,
  /// No fingerprint of the peer's certificate (RFC 8122 §5).
  NO_FINGERPRINT,
  /// Fingerprints, but none that proves a certificate.
  WEAK_FINGERPRINT,
  /// The peer wants the DTLS role that the server has (RFC 8842 §5).
  BAD_SETUP,
  /// RTCP on a port of its own (RFC 9143 §9.3 rules it out for bundled sections).
  NO_RTCP_MUX,
  /// A section that flows the wrong way (RFC 9725 §4.2, and its counterpart for receivers).
  BAD_DIRECTION,
  /// A section without a codec that can be forwarded.
  NO_CODEC,
  /// Sections came, went or changed kind in a way that the other side did not ask for (RFC 3264
  /// §8).
  BAD_SECTIONS
}
