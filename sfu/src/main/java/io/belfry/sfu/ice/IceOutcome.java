package io.belfry.sfu.ice;

/// What became of a STUN message; each is a label of one counter.
public enum IceOutcome {
  /// Authentic: to be handed to [IceLiteAgent#onVerifiedRequest].
  VERIFIED(false),

  /// Dropped: a response, an indication or a method other than Binding.
  NOT_A_BINDING_REQUEST(false),
  /// Dropped: FINGERPRINT is there and wrong.
  WRONG_FINGERPRINT(false),
  /// Dropped: without USERNAME or MESSAGE-INTEGRITY. RFC 8489 §9.1.3 would have it answered with
  /// 400, but whoever knows no password learns nothing here and gets no packet reflected.
  NO_CREDENTIALS(false),
  /// Dropped: USERNAME is for somebody else.
  WRONG_USERNAME(false),
  /// Dropped: MESSAGE-INTEGRITY is wrong. RFC 8489 §9.1.3 has 401; silence for the same reason.
  WRONG_INTEGRITY(false),

  /// Answered with success; the path to send on is as before.
  CHECKED(true),
  /// Answered with success; [IceLiteAgent#selectedPath()] has changed.
  PATH_SELECTED(true),
  /// Answered with error 400: claims both roles.
  BAD_REQUEST(true),
  /// Answered with error 420: needs an attribute that we do not know (RFC 8489 §6.3.1).
  UNKNOWN_ATTRIBUTE(true),
  /// Answered with error 487: claims the controlled role, which is ours (RFC 8445 §7.3.1.1).
  ROLE_CONFLICT(true);

  private final boolean isAnswered;

  IceOutcome(boolean isAnswered) {
    this.isAnswered = isAnswered;
  }

  /// Whether there is a response to send.
  public boolean isAnswered() {
    return isAnswered;
  }
}
