package io.belfry.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
  /// RFC 3711 appendix A, at its edges; indices as roll-over counter and sequence number.
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1, 0",
    "0, 65535, 0, 1",
    "1, 0, 65535, 0",
    "1, 32767, 65535, 1",
    "1, 32766, 65535, 0",
    "1, 32768, 0, 1",
    "1, 32769, 0, 2",
    "7, 40000, 7231, 8",
    "7, 40000, 7232, 7",
    "4294967295, 10, 20, 4294967295"
  })
  void guessesTheRolloverCounter(long rolloverCounter, int last, int sequence, long expected) {
    ReplayWindow window = new ReplayWindow();
    window.accept(rolloverCounter << 16 | last);
    assertEquals(expected << 16 | sequence, window.estimate(sequence));
  }

  @Test
  void startsAtTheFirstSequenceNumber() {
    ReplayWindow window = new ReplayWindow();
    assertEquals(-1, window.highestIndex());
    assertEquals(31000, window.estimate(31000));
    assertFalse(window.isReplay(31000));
  }

  @Test
  void refusesWhatWouldBeBeforeTheFirstRolloverCounter() {
    ReplayWindow window = new ReplayWindow();
    window.accept(5);
    assertTrue(window.estimate(65530) < 0);
    assertTrue(window.isReplay(window.estimate(65530)));
  }

  @Test
  void refusesWhatIsOlderThanItRemembers() {
    ReplayWindow window = new ReplayWindow();
    window.accept(1000);
    assertFalse(window.isReplay(1000 - ReplayWindow.SIZE_PACKETS + 1));
    assertTrue(window.isReplay(1000 - ReplayWindow.SIZE_PACKETS));
  }

  /// Against a set that forgets nothing: steps of every size, forwards and back.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void remembersWhatASetRemembers(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ReplayWindow window = new ReplayWindow();
    Set<Long> accepted = new HashSet<>();
    long highest = 60_000;
    window.accept(highest);
    accepted.add(highest);
    for (int i = 0; i < 20_000; i++) {
      int step = random.nextInt(20) == 0 ? random.nextInt(-300, 300) : random.nextInt(-140, 5);
      long index = highest + step;
      boolean expected = accepted.contains(index) || highest - index >= ReplayWindow.SIZE_PACKETS;
      assertEquals(expected, window.isReplay(index), () -> "seed " + seed + " index " + index);
      assertEquals(index, window.estimate((int) index & 0xFFFF), () -> "seed " + seed);
      if (!expected) {
        window.accept(index);
        accepted.add(index);
        assertEquals(index, window.lastIndex());
        highest = Math.max(highest, index);
        assertEquals(highest, window.highestIndex());
      }
    }
  }

  @Test
  void isAdoptedByCopyAndReused() {
    ReplayWindow scratch = new ReplayWindow();
    scratch.accept(70_000);
    scratch.accept(69_990);
    ReplayWindow adopted = new ReplayWindow();
    adopted.copyFrom(scratch);
    scratch.reset();
    assertTrue(adopted.isReplay(70_000));
    assertTrue(adopted.isReplay(69_990));
    assertFalse(adopted.isReplay(69_991));
    assertEquals(69_990, adopted.lastIndex());
    assertEquals(-1, scratch.highestIndex());
    assertFalse(scratch.isReplay(70_000));
  }
}
