package io.belfry.sfu.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Seq16Test {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0, 1, 1",
    "1, 0, -1",
    "65535, 0, 1",
    "0, 65535, -1",
    "65000, 100, 636",
    "0, 32767, 32767",
    "0, 32768, -32768",
    "32768, 0, -32768",
  })
  void measuresTheShorterWay(int from, int to, int distance) {
    assertEquals(distance, Seq16.distance(from, to));
    assertEquals(to, Seq16.plus(from, distance));
  }

  /// Goal: indices follow the true packet count over many wraps. Method: a stream with jumps and
  /// reordering of up to 30,000 packets.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void unwrapsAcrossManyCycles(long seed) {
    var random = new SplittableRandom(seed);
    var unwrapper = new SequenceUnwrapper();
    long truth = random.nextInt(65536);
    long base = unwrapper.unwrap((int) truth) - truth;
    for (int i = 0; i < 100_000; i++) {
      truth += random.nextInt(100) == 0 ? random.nextInt(30_000) : 1;
      assertEquals(base + truth, unwrapper.unwrap((int) truth & 0xFFFF), "seed " + seed);
      long late = truth - random.nextInt(30_000);
      assertEquals(base + late, unwrapper.unwrap((int) late & 0xFFFF), "seed " + seed);
      assertEquals(base + truth, unwrapper.highest(), "seed " + seed);
    }
  }

  @Test
  void keepsIndicesPositiveBeforeTheFirstPacket() {
    var unwrapper = new SequenceUnwrapper();
    long first = unwrapper.unwrap(3);
    long earlier = unwrapper.unwrap(65530);
    assertEquals(first - 9, earlier);
    assertTrue(earlier > 0);
    assertEquals(first, unwrapper.highest());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1000000000, 262144",
    "63999999999, 16777215",
    "64000000000, 0",
    "500000000, 131072",
    "-1000000000, 16515072"
  })
  void countsSecondsInSixEighteen(long nanos, int value) {
    assertEquals(value, AbsSendTime.of(nanos));
  }

  @Test
  void measuresSendTimesAcrossTheWrap() {
    int before = AbsSendTime.of(63_990_000_000L);
    int after = AbsSendTime.of(64_010_000_000L);
    assertEquals(20_000_000, (double) AbsSendTime.distanceNanos(before, after), 4_000);
    assertEquals(-20_000_000, (double) AbsSendTime.distanceNanos(after, before), 4_000);
  }
}
