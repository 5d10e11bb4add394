package io.belfry.sfu.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PipeRingTest {
  private final PipeRing ring = new PipeRing(4, 64);

  private boolean write(long value) {
    int at = ring.claim();
    if (at == PipeRing.NONE) {
      return false;
    }
    ring.memory().bytes().putLong(at, value);
    ring.commit();
    return true;
  }

  @Test
  void showsNothingBeforeItIsPublished() {
    write(1);
    assertEquals(PipeRing.NONE, ring.poll());
    assertFalse(ring.hasRecords());
    assertTrue(ring.publish());
    assertTrue(ring.hasRecords());
    assertEquals(1, ring.memory().bytes().getLong(ring.poll()));
    assertFalse(ring.publish(), "nothing new");
  }

  @Test
  void takesAsManyAsItHolds() {
    for (int i = 0; i < 4; i++) {
      assertTrue(write(i));
    }
    assertFalse(write(4));
    ring.publish();
    assertEquals(0, ring.memory().bytes().getLong(ring.poll()));
    assertFalse(write(4), "the place is the reader's until it is released");
    ring.release();
    assertTrue(write(4));
    assertFalse(write(5));
  }

  @Test
  void refusesACapacityThatIsNoPowerOfTwo() {
    assertThrows(IllegalArgumentException.class, () -> new PipeRing(6, 64));
  }

  @Test
  void carriesEverythingInOrderFromThreadToThread() throws InterruptedException {
    long count = 200_000;
    AtomicLong wrong = new AtomicLong();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              long expected = 0;
              while (expected < count) {
                int at = ring.poll();
                if (at == PipeRing.NONE) {
                  Thread.onSpinWait();
                  continue;
                }
                if (ring.memory().bytes().getLong(at) != expected++) {
                  wrong.incrementAndGet();
                }
                ring.release();
              }
            });
    for (long i = 0; i < count; ) {
      if (write(i)) {
        i++;
      } else {
        Thread.onSpinWait();
      }
      ring.publish();
    }
    reader.join();
    assertEquals(0, wrong.get());
  }
}
