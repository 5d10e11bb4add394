package io.belfry.sfu.sdp;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// Reads numbers of a description: decimal digits and nothing else.
final class SdpNumbers {
  private static final int MAX_DIGITS = 10;

  private SdpNumbers() {}

  static OptionalInt integer(String text, int min, int max) {
    OptionalLong value = number(text, max);
    return value.isPresent() && value.getAsLong() >= min
        ? OptionalInt.of((int) value.getAsLong())
        : OptionalInt.empty();
  }

  /// All 32 bits are used.
  static OptionalInt ssrc(String text) {
    OptionalLong value = number(text, 0xFFFF_FFFFL);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  private static OptionalLong number(String text, long max) {
    if (text.isEmpty()
        || text.length() > MAX_DIGITS
        || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    long value = Long.parseLong(text);
    return value <= max ? OptionalLong.of(value) : OptionalLong.empty();
  }
}
