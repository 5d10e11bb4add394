package io.belfry.signalling.ring;

import java.util.Locale;

/// The status of a call, or of one action on it, as the calling API names it.
public enum CallStatus {
  INITIATED,
  ONGOING,
  REJECTED,
  BUSY,
  CANCELLED,
  UNANSWERED,
  ENDED;

  /// As it is on the wire and in the store.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException if there is no such status
  public static CallStatus of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
