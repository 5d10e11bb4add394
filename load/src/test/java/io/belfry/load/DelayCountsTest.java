package io.belfry.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelayCountsTest {
  @Test
  void withoutDelaysAllPercentilesAreZero() {
    assertEquals(0, new DelayCounts().percentileNanos(99));
  }

  @Test
  void percentilesAreRanksOfWhatWasAdded() {
    DelayCounts counts = new DelayCounts();
    for (int i = 1; i <= 1000; i++) {
      counts.add(i);
    }
    assertEquals(1000, counts.longestNanos());
    assertEquals(1000, counts.percentileNanos(100));
    assertTrue(Math.abs(counts.percentileNanos(50) - 500) <= 500 / 32, "p50");
    assertTrue(Math.abs(counts.percentileNanos(99) - 990) <= 990 / 32, "p99");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 63, 64, 65, 127, 128, 1_000_000, 123_456_789_012L, Long.MAX_VALUE})
  void aDelayIsFoundWithinAThirtySecond(long nanos) {
    DelayCounts counts = new DelayCounts();
    counts.add(nanos);
    counts.add(Long.MAX_VALUE);
    long found = counts.percentileNanos(50);
    assertTrue(found >= nanos && found - nanos <= nanos / 32, () -> nanos + " became " + found);
  }

  @Test
  void clocksThatGoBackwardsAreNoDelay() {
    DelayCounts counts = new DelayCounts();
    counts.add(-5);
    assertEquals(0, counts.percentileNanos(100));
  }
}
