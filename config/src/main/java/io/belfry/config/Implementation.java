package io.belfry.config;

/// Which of two implementations of the same thing to use.
public enum Implementation {
  /// The native one where it works, else the portable one.
  AUTO,
  /// The native one; the start fails where it does not work.
  NATIVE,
  /// The one in plain Java.
  PORTABLE
}
