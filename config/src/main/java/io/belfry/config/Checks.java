package io.belfry.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Gathers everything that is wrong with the values of one record, so that an operator sees all of
/// it at the first try.
final class Checks {
  private final List<InvalidConfigException.Problem> problems = new ArrayList<>();

  void that(boolean holds, String key, Object value, String allowed) {
    if (!holds) {
      problems.add(
          new InvalidConfigException.Problem(
              key, Optional.of(value.toString()), "must be " + allowed, ""));
    }
  }

  void range(String key, long value, long min, long max) {
    that(value >= min && value <= max, key, value, "a number from " + min + " to " + max);
  }

  void range(String key, Duration value, Duration min, Duration max) {
    that(
        value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
        key,
        show(value),
        "a time from " + show(min) + " to " + show(max));
  }

  void powerOfTwo(String key, int value, int min, int max) {
    that(
        value >= min && value <= max && Integer.bitCount(value) == 1,
        key,
        value,
        "a power of two from " + min + " to " + max);
  }

  /// Ends the checks of a record.
  ///
  /// @throws InvalidConfigException if any did not hold
  void done() {
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }

  /// A time as it would be written in a file: the largest unit that leaves a whole number.
  static String show(Duration value) {
    long millis = value.toMillis();
    if (value.toNanosPart() % 1_000_000 != 0) {
      return value.toNanos() + "ns";
    }
    if (millis == 0) {
      return "0s";
    }
    if (millis % 86_400_000 == 0) {
      return millis / 86_400_000 + "d";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
