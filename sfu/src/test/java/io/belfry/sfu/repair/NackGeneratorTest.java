package io.belfry.sfu.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NackGeneratorTest {
  private static final long MILLI = 1_000_000L;
  private static final long RTT = 50 * MILLI;

  private final NackGenerator generator = new NackGenerator(64);
  private final int[] target = new int[64];

  private void arrive(long... indices) {
    for (long index : indices) {
      generator.onPacket(index, false);
    }
  }

  private List<Integer> due(long nowMillis) {
    int count = generator.poll(nowMillis * MILLI, RTT, target);
    return Arrays.stream(target, 0, count).boxed().toList();
  }

  @Test
  void asksForAGapAtOnce() {
    arrive(65_534, 65_538);
    assertEquals(0, generator.deadlineNanos(0, RTT));
    assertEquals(List.of(65_535, 0, 1), due(0));
    assertEquals(List.of(), due(0));
  }

  @Test
  void asksForNothingWhenAllArrives() {
    arrive(100, 101, 102);
    assertEquals(List.of(), due(0));
    assertEquals(NackGenerator.NEVER, generator.deadlineNanos(0, RTT));
  }

  @Test
  void asksAgainAfterARoundTrip() {
    arrive(100, 102);
    assertEquals(List.of(101), due(0));
    assertEquals(List.of(), due(49));
    assertEquals(50 * MILLI, generator.deadlineNanos(10 * MILLI, RTT));
    assertEquals(List.of(101), due(50));
  }

  @Test
  void takesTheDefaultForAnUnknownRoundTripAndNeverHurries() {
    arrive(100, 102);
    assertEquals(1, generator.poll(0, 0, target));
    assertEquals(0, generator.poll(99 * MILLI, 0, target));
    assertEquals(1, generator.poll(100 * MILLI, 0, target));
    // A round trip of 1 ms on a local network does not mean a request per millisecond.
    assertEquals(0, generator.poll(119 * MILLI, MILLI, target));
    assertEquals(1, generator.poll(120 * MILLI, MILLI, target));
  }

  @Test
  void stopsAskingWhenThePacketComes() {
    arrive(100, 104);
    due(0);
    assertTrue(generator.onPacket(102, false));
    assertFalse(generator.onPacket(102, false));
    assertFalse(generator.onPacket(99, false));
    assertEquals(List.of(101, 103), due(50));
    assertEquals(2, generator.missingCount());
  }

  @Test
  void givesUpAfterTenTriesAndWantsAKeyFrame() {
    arrive(100, 102);
    for (int i = 0; i < NackGenerator.MAX_TRIES; i++) {
      assertEquals(List.of(101), due(i * 50L));
      assertFalse(generator.takeKeyFrameNeed());
    }
    assertEquals(List.of(), due(500));
    assertEquals(0, generator.missingCount());
    assertTrue(generator.takeKeyFrameNeed());
    assertFalse(generator.takeKeyFrameNeed());
  }

  @Test
  void needsNoKeyFrameWhenOneCameAfterTheLoss() {
    arrive(100, 102);
    generator.onPacket(103, true);
    for (int i = 0; i <= NackGenerator.MAX_TRIES; i++) {
      due(i * 50L);
    }
    assertEquals(0, generator.missingCount());
    assertFalse(generator.takeKeyFrameNeed());
  }

  @Test
  void wantsAKeyFrameInsteadOfAListThatOverflows() {
    arrive(100, 200);
    assertEquals(List.of(), due(0));
    assertTrue(generator.takeKeyFrameNeed());
  }

  @Test
  void makesRoomByForgettingWhatIsBeforeAKeyFrame() {
    arrive(100, 141);
    generator.onPacket(142, true);
    arrive(173);
    assertEquals(30, generator.missingCount());
    assertFalse(generator.takeKeyFrameNeed());
    assertEquals(143, due(0).getFirst());
  }

  @Test
  void leavesTheRestDueWhenTheTargetIsFull() {
    arrive(100, 106);
    int[] small = new int[2];
    assertEquals(2, generator.poll(0, RTT, small));
    assertEquals(101, small[0]);
    assertEquals(2, generator.poll(0, RTT, small));
    assertEquals(103, small[0]);
    assertEquals(0, generator.deadlineNanos(0, RTT));
    assertEquals(1, generator.poll(0, RTT, small));
    assertEquals(0, generator.poll(0, RTT, small));
  }

  @Test
  void forgetsEverythingOnClear() {
    arrive(100, 102);
    generator.clear();
    assertEquals(0, generator.missingCount());
    arrive(500);
    assertEquals(0, generator.missingCount());
  }

  /// Goal: every lost packet is repaired. Method: a link loses 20 % of packets and of repetitions,
  /// and delays both; the sender answers each request once.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void repairsTwentyPercentLoss(long seed) {
    var random = new SplittableRandom(seed);
    var link = new PriorityQueue<long[]>((a, b) -> Long.compare(a[0], b[0]));
    var arrived = new TreeSet<Long>();
    var list = new NackGenerator(256);
    for (long millis = 0; millis < 20_000; millis++) {
      if (millis % 4 == 0 && millis < 18_000) {
        long index = 65_536 + millis / 4;
        // The first and the last packets arrive: nothing tells of a loss at the end.
        boolean isEdge = millis == 0 || millis > 17_900;
        if (isEdge || random.nextInt(5) != 0) {
          link.add(new long[] {millis + 25 + random.nextInt(10), index});
        }
      }
      for (long[] head = link.peek(); head != null && head[0] <= millis; head = link.peek()) {
        long index = link.remove()[1];
        arrived.add(index);
        list.onPacket(index, false);
      }
      int count = list.poll(millis * MILLI, 60 * MILLI, target);
      for (int i = 0; i < count; i++) {
        if (random.nextInt(5) != 0) {
          link.add(new long[] {millis + 50 + random.nextInt(20), 65_536 + target[i]});
        }
      }
    }
    assertEquals(4_500, arrived.size(), "seed " + seed);
    assertEquals(0, list.missingCount(), "seed " + seed);
  }
}
