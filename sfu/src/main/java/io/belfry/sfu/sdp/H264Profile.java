package io.belfry.sfu.sdp;

import java.util.Optional;
import java.util.regex.Pattern;

/// The H.264 profile that a `profile-level-id` names (RFC 6184 §8.1, table 5). Several ids name the
/// same one; the level takes no part, since receivers say which one they take
/// (`level-asymmetry-allowed`).
enum H264Profile {
  CONSTRAINED_BASELINE("42e0"),
  BASELINE("4200"),
  MAIN("4d00"),
  CONSTRAINED_HIGH("640c"),
  HIGH("6400"),
  HIGH_444("f400");

  private static final Pattern SIX_HEX_DIGITS = Pattern.compile("[0-9a-fA-F]{6}");

  /// Level 3.1, which browsers offer whatever they can do.
  private static final String LEVEL = "1f";

  private final String profile;

  H264Profile(String profile) {
    this.profile = profile;
  }

  /// The id under which the server offers the profile.
  String profileLevelId() {
    return profile + LEVEL;
  }

  /// Nothing when it is no such id, or names a profile that no browser decodes.
  static Optional<H264Profile> of(String profileLevelId) {
    if (!SIX_HEX_DIGITS.matcher(profileLevelId).matches()) {
      return Optional.empty();
    }
    int idc = Integer.parseInt(profileLevelId, 0, 2, 16);
    int constraints = Integer.parseInt(profileLevelId, 2, 4, 16);
    boolean isSet0 = (constraints & 0x80) != 0;
    boolean isSet1 = (constraints & 0x40) != 0;
    return switch (idc) {
      case 0x42 -> Optional.of(isSet1 ? CONSTRAINED_BASELINE : BASELINE);
      case 0x4D -> Optional.of(isSet0 ? CONSTRAINED_BASELINE : MAIN);
      // Extended: what it allows beyond Baseline is ruled out by set 0, beyond that by set 1.
      case 0x58 ->
          isSet0 ? Optional.of(isSet1 ? CONSTRAINED_BASELINE : BASELINE) : Optional.empty();
      case 0x64 -> Optional.of((constraints & 0x0C) == 0x0C ? CONSTRAINED_HIGH : HIGH);
      case 0xF4 -> Optional.of(HIGH_444);
      default -> Optional.empty();
    };
  }
}
