package io.belfry.signalling.call;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// One lock for each call that is being worked on. It keeps what is told about a call in the order
/// of its changes; that no change is lost is the store's doing.
final class CallLocks {
  private final ConcurrentHashMap<String, Held> locks = new ConcurrentHashMap<>();

  private static final class Held {
    final ReentrantLock lock = new ReentrantLock();
    int users;
  }

  <T> T holding(String sessionId, Supplier<T> work) {
    Held held =
        locks.compute(
            sessionId,
            (id, known) -> {
              Held one = known == null ? new Held() : known;
              one.users++;
              return one;
            });
    held.lock.lock();
    try {
      return work.get();
    } finally {
      held.lock.unlock();
      locks.compute(sessionId, (id, one) -> one == null || --one.users == 0 ? null : one);
    }
  }
}
