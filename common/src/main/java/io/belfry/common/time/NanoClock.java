package io.belfry.common.time;

/// A monotonic clock in nanoseconds with an arbitrary origin. Values may wrap: compare them by
/// difference only (`a - b >= 0`).
@FunctionalInterface
public interface NanoClock {
  long nanoTime();

  /// The JVM's own.
  NanoClock SYSTEM = System::nanoTime;
}
