package io.belfry.sfu.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/// Time by hand, and what is due when.
final class Simulation {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000_000_000L;

  /// `System.nanoTime` may begin anywhere; below zero shows who takes zero for the beginning.
  private static final long START_NANOS = -100_000 * SECOND;

  /// What takes part and has deadlines of its own.
  interface Node {
    /// The time of {@link #nowNanos} at which it must be called, at the latest; Long.MAX_VALUE for
    /// never.
    long deadlineNanos();

    void onTurn(long nowNanos);
  }

  private record Due(long elapsedNanos, long order, Runnable action) {}

  private final PriorityQueue<Due> due =
      new PriorityQueue<>(
          Comparator.comparingLong(Due::elapsedNanos).thenComparingLong(Due::order));
  private final Node node;
  private long scheduled;
  private long elapsedNanos;

  Simulation(Node node) {
    this.node = node;
  }

  /// On the node's time line.
  long nowNanos() {
    return START_NANOS + elapsedNanos;
  }

  /// Since the beginning; what peers reckon with.
  long elapsedNanos() {
    return elapsedNanos;
  }

  void after(long delayNanos, Runnable action) {
    due.add(new Due(elapsedNanos + Math.max(0, delayNanos), scheduled++, action));
  }

  /// Runs an action again and again, for as long as the simulation runs.
  void every(long intervalNanos, Runnable action) {
    after(
        intervalNanos,
        () -> {
          action.run();
          every(intervalNanos, action);
        });
  }

  /// Lets time pass. A turn of the node follows on everything that happens.
  void run(long spanNanos) {
    long end = elapsedNanos + spanNanos;
    while (true) {
      Due head = due.peek();
      long next = head == null ? end : Math.min(end, head.elapsedNanos);
      long deadline = node.deadlineNanos();
      if (deadline != Long.MAX_VALUE) {
        next = Math.min(next, Math.max(elapsedNanos, deadline - START_NANOS));
      }
      elapsedNanos = next;
      while (!due.isEmpty() && due.peek().elapsedNanos <= elapsedNanos) {
        due.poll().action.run();
      }
      node.onTurn(nowNanos());
      if (elapsedNanos >= end) {
        return;
      }
    }
  }
}
