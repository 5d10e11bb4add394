package io.belfry.signalling.ring;

import java.util.Locale;

/// Whom a call is for.
public enum ReceiverType {
  USER,
  GROUP;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException if there is no such type
  public static ReceiverType of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
