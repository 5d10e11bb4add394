package io.belfry.sfu.sdp;

/// What a media section carries (RFC 8866 §5.14).
public enum MediaKind {
  AUDIO,
  VIDEO,
  /// Data channels (RFC 8841).
  APPLICATION,
  OTHER;

  static MediaKind of(String media) {
    return switch (media) {
      case "audio" -> AUDIO;
      case "video" -> VIDEO;
      case "application" -> APPLICATION;
      default -> OTHER;
    };
  }

  /// Whether sections of this kind carry RTP.
  public boolean isRtp() {
    return this == AUDIO || this == VIDEO;
  }

  String media() {
    return switch (this) {
      case AUDIO -> "audio";
      case VIDEO -> "video";
      case APPLICATION -> "application";
      case OTHER -> throw new IllegalStateException("no section of another kind is ever written");
    };
  }
}
