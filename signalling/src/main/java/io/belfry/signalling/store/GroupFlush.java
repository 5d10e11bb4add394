package io.belfry.signalling.store;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets many who have changed something share one write: whoever comes while a flush runs waits for
/// the next one, which one of those who wait then does for all of them.
final class GroupFlush {
  private final Runnable flush;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private long started;
  private long finished;
  private boolean isRunning;

  /// @param flush writes everything that was changed before it began; never called twice at once
  GroupFlush(Runnable flush) {
    this.flush = flush;
  }

  /// Returns when everything that this thread has changed is written.
  ///
  /// @throws RuntimeException of a flush that failed; others who waited for it try it themselves
  void await() {
    lock.lock();
    try {
      // One that runs already may have missed this thread's change.
      long mine = started + 1;
      while (finished < mine) {
        if (isRunning) {
          ended.awaitUninterruptibly();
        } else {
          runForAll();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void runForAll() {
    isRunning = true;
    long number = ++started;
    boolean isDone = false;
    lock.unlock();
    try {
      flush.run();
      isDone = true;
    } finally {
      lock.lock();
      isRunning = false;
      finished = isDone ? number : finished;
      ended.signalAll();
    }
  }
}
