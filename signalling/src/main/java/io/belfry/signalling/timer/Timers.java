package io.belfry.signalling.timer;

import java.time.Duration;

/// Runs tasks after a delay. Nothing here survives a restart: what must, is read from the store and
/// set again.
public interface Timers {

  /// @param task may block; what it throws is logged
  Timer after(Duration delay, Runnable task);

  /// A task that waits.
  interface Timer {
    /// Does nothing if the task has begun.
    void cancel();
  }
}
