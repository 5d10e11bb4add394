package io.belfry.signalling.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Goal: nobody goes on before its change is written, and many share a write.
final class GroupFlushTest {

  /// Method: threads count up what is to be written, and the flush writes what it finds.
  @Test
  void returnsAfterAFlushThatBeganAfterTheChange() throws Exception {
    AtomicLong made = new AtomicLong();
    AtomicLong written = new AtomicLong();
    AtomicInteger flushes = new AtomicInteger();
    GroupFlush flush =
        new GroupFlush(() -> {
          flushes.incrementAndGet();
          long found = made.get();
          written.set(found);
        });
    int threads = 16;
    int rounds = 500;
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(
            workers.submit(() -> {
              boolean isWritten = true;
              for (int round = 0; round < rounds; round++) {
                long mine = made.incrementAndGet();
                flush.await();
                isWritten &= written.get() >= mine;
              }
              return isWritten;
            }));
      }
      for (Future<Boolean> result : results) {
        assertTrue(result.get());
      }
    }
    assertTrue(flushes.get() <= threads * rounds, flushes::toString);
  }

  @Test
  void aFlushThatFailedCountsForNobody() {
    AtomicInteger calls = new AtomicInteger();
    GroupFlush flush =
        new GroupFlush(() -> {
          if (calls.incrementAndGet() == 1) {
            throw new StoreException("disk full", new IllegalStateException());
          }
        });
    assertThrows(StoreException.class, flush::await);
    flush.await();
    assertEquals(2, calls.get());
  }
}
