package io.belfry.signalling.timer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A clock and timers that a test turns by hand. Due tasks run on the thread that turns them.
public final class ManualTimers extends Clock implements Timers {
  private static final long WAIT_MILLIS = 10_000;

  private final List<Task> tasks = new ArrayList<>();
  private Instant now;
  private long nextOrder;

  private record Task(Instant due, Duration delay, long order, Runnable work) {}

  public ManualTimers(Instant start) {
    this.now = start;
  }

  @Override
  public synchronized Timer after(Duration delay, Runnable work) {
    Task task = new Task(now.plus(delay), delay, nextOrder++, work);
    tasks.add(task);
    notifyAll();
    return () -> {
      synchronized (this) {
        tasks.remove(task);
      }
    };
  }

  /// Waits until some task was set for this long after now.
  public synchronized void awaitTask(Duration delay) throws InterruptedException {
    long deadline = System.nanoTime() + WAIT_MILLIS * 1_000_000;
    while (tasks.stream()
        .noneMatch(task -> task.delay.equals(delay) && task.due.equals(now.plus(delay)))) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("no task waits for " + delay + ": " + tasks);
      }
      wait(left);
    }
  }

  public void advance(Duration by) {
    Instant end;
    synchronized (this) {
      end = now.plus(by);
    }
    for (Task next = takeDue(end); next != null; next = takeDue(end)) {
      next.work.run();
    }
    synchronized (this) {
      now = end;
    }
  }

  private synchronized @org.jspecify.annotations.Nullable Task takeDue(Instant end) {
    Task next =
        tasks.stream()
            .filter(task -> !task.due.isAfter(end))
            .min(Comparator.comparing(Task::due).thenComparingLong(Task::order))
            .orElse(null);
    if (next != null) {
      tasks.remove(next);
      now = next.due.isAfter(now) ? next.due : now;
    }
    return next;
  }

  /// Drops the tasks of a node that was stopped.
  public synchronized void forget() {
    tasks.clear();
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
