package io.belfry.sfu.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GaplessSequenceTest {
  private static final long DROP = GaplessSequence.DROP;

  /// Rows of input and expected output; `x` before the input drops it, `-` expects a drop. Synced
  /// at 100 to 5000.
  @ParameterizedTest
  @CsvSource({
    "in order, 100 101 102, 5000 5001 5002",
    "a loss stays a gap, 100 102, 5000 5002",
    "a late packet takes its place, 100 102 101, 5000 5002 5001",
    "a drop closes the gap, 100 x101 102, 5000 - 5001",
    "a drop at the start, x100 101, - 5000",
    "a late packet from before a drop, 100 x102 103 101, 5000 - 5002 5001",
    "a late packet from after a drop, 100 x101 103 102, 5000 - 5002 5001",
    "a dropped packet comes again, 100 x101 102 101, 5000 - 5001 -",
    "a drop twice counts once, 100 x101 x101 102, 5000 - - 5001",
    "before the start, 99 100, - 5000",
    "all dropped between, 100 x101 x102 x103 104, 5000 - - - 5001",
    "far ahead, 100 5100 101, 5000 10000 -",
    "repetition, 100 101 100 101, 5000 5001 5000 5001",
  })
  void mapsTableRows(String name, String inputs, String outputs) {
    var sequence = new GaplessSequence();
    sequence.sync(100, 5000);
    String[] in = inputs.split(" ", -1);
    String[] out = outputs.split(" ", -1);
    for (int i = 0; i < in.length; i++) {
      String row = name + ", row " + i;
      if (in[i].startsWith("x")) {
        sequence.drop(Long.parseLong(in[i].substring(1)));
      } else {
        long expected = out[i].equals("-") ? DROP : Long.parseLong(out[i]);
        assertEquals(expected, sequence.map(Long.parseLong(in[i])), row);
      }
    }
  }

  @Test
  void saysWhenADropComesTooLateToCloseTheGap() {
    var sequence = new GaplessSequence();
    sequence.sync(100, 0);
    sequence.map(100);
    sequence.map(102);
    assertFalse(sequence.drop(101));
    assertTrue(sequence.drop(103));
    assertTrue(sequence.drop(103));
  }

  @Test
  void mapsNothingBeforeTheFirstSync() {
    assertEquals(DROP, new GaplessSequence().map(5));
    assertTrue(new GaplessSequence().drop(5));
  }

  /// Goal: with any mix of drops, losses and reordering, outputs are unique, in the order of the
  /// inputs, and without gaps but for losses. Method: random against a plain model that knows all.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithAModelThatKnowsEverything(long seed) {
    var random = new SplittableRandom(seed);
    var sequence = new GaplessSequence();
    long base = 60_000;
    sequence.sync(base, 7);
    Map<Long, Long> mapped = new HashMap<>();
    var pending = new TreeSet<Long>();
    int steps = 50_000;
    int[] droppedBefore = new int[steps];
    int dropped = 0;
    long next = base;
    for (int step = 0; step < steps; step++) {
      long input = next;
      if (!pending.isEmpty() && random.nextInt(4) == 0) {
        input = pending.pollFirst();
        if (next - input >= GaplessSequence.WINDOW) {
          continue;
        }
      } else {
        droppedBefore[(int) (next - base)] = dropped;
        next++;
        int fate = random.nextInt(10);
        if (fate == 0) {
          pending.add(input);
          continue;
        }
        if (fate < 4) {
          assertTrue(sequence.drop(input));
          dropped++;
          continue;
        }
      }
      long output = sequence.map(input);
      long expected = 7 + (input - base) - droppedBefore[(int) (input - base)];
      assertEquals(expected, output, "seed " + seed + ", step " + step);
      assertEquals(null, mapped.put(output, input), "seed " + seed + ": output given twice");
    }
  }
}
