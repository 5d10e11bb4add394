package io.belfry.signalling.ring;

import java.util.Locale;

/// What a call begins with.
public enum CallType {
  AUDIO,
  VIDEO;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException if there is no such type
  public static CallType of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
