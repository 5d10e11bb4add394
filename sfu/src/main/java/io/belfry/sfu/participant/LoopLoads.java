package io.belfry.sfu.participant;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// The media loops of the node and how many transports each has, so that new ones go where there
/// are few. Thread-safe.
final class LoopLoads {
  private final List<LoopPort> loops;
  private final AtomicIntegerArray transports;

  LoopLoads(List<LoopPort> loops) {
    this.loops = List.copyOf(loops);
    this.transports = new AtomicIntegerArray(loops.size());
  }

  LoopPort loop(int index) {
    return loops.get(index);
  }

  int size() {
    return loops.size();
  }

  void add(int index) {
    transports.incrementAndGet(index);
  }

  void remove(int index) {
    transports.decrementAndGet(index);
  }

  /// The loop with the fewest transports among those that keep up; of several, the first from
  /// `preferred` on. When none keeps up, among all.
  int leastLoaded(int preferred) {
    int best = preferred;
    for (int i = 1; i < loops.size(); i++) {
      int candidate = (preferred + i) % loops.size();
      if (isBetter(candidate, best)) {
        best = candidate;
      }
    }
    return best;
  }

  private boolean isBetter(int candidate, int best) {
    boolean isLate = loops.get(candidate).isOverloaded();
    return isLate == loops.get(best).isOverloaded()
        ? transports.get(candidate) < transports.get(best)
        : !isLate;
  }

  /// Whether no loop can take more.
  boolean isOverloaded() {
    return loops.stream().allMatch(LoopPort::isOverloaded);
  }
}
