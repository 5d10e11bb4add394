package io.belfry.sfu.rewrite;

import java.util.Arrays;

/// Maps an input numbering to an output numbering that closes over the inputs held back: after a
/// drop, the next number moves one down. Losses stay gaps, so that receivers still see and repair
/// them. Works on unwrapped numbers.
///
/// Which of the last [#WINDOW] inputs were dropped is kept as bits: a late input gets the number it
/// would have had in its time.
final class GaplessSequence {
  /// How far back a late input can still be placed.
  static final int WINDOW = 2048;

  static final long DROP = -1;

  private final long[] dropped = new long[WINDOW / Long.SIZE];
  private long first;
  private long highest = -1;
  private long offset;
  private boolean isSynced;

  /// The newest input held back: a window beyond it, no bit is set that would have to be cleared.
  private long lastDropped = -WINDOW;

  /// From here on, `input` becomes `output`; earlier inputs have no place any more.
  void sync(long input, long output) {
    Arrays.fill(dropped, 0);
    lastDropped = -WINDOW;
    first = input;
    highest = input - 1;
    offset = output - input;
    isSynced = true;
  }

  boolean isSynced() {
    return isSynced;
  }

  /// The output for `input`, or [#DROP] when it was dropped before, came before the last [#sync],
  /// or is too late to be placed.
  long map(long input) {
    if (!isSynced || input < first) {
      return DROP;
    }
    if (input > highest) {
      advanceTo(input);
      return input + offset;
    }
    if (highest - input >= WINDOW || isDropped(input)) {
      return DROP;
    }
    return input + offset + droppedAfter(input);
  }

  /// Holds `input` back.
  ///
  /// @return false when a later input was mapped already, so that the gap stays visible
  boolean drop(long input) {
    if (!isSynced || input < first) {
      return true;
    }
    if (input > highest) {
      advanceTo(input);
      dropped[word(input)] |= 1L << input;
      lastDropped = input;
      offset--;
      return true;
    }
    return highest - input < WINDOW && isDropped(input);
  }

  /// The newest output given, or one less than the first when there is none yet.
  long highestOutput() {
    return highest + offset;
  }

  private void advanceTo(long input) {
    if (input - highest >= WINDOW) {
      Arrays.fill(dropped, 0);
    } else if (highest - lastDropped <= 2 * WINDOW) {
      for (long i = highest + 1; i <= input; i++) {
        dropped[word(i)] &= ~(1L << i);
      }
    }
    highest = input;
  }

  private boolean isDropped(long input) {
    return (dropped[word(input)] >>> input & 1) != 0;
  }

  private int droppedAfter(long input) {
    int sum = 0;
    for (long i = input + 1; i <= highest; i++) {
      if ((i & Long.SIZE - 1) == 0 && i + Long.SIZE - 1 <= highest) {
        sum += Long.bitCount(dropped[word(i)]);
        i += Long.SIZE - 1;
      } else {
        sum += (int) (dropped[word(i)] >>> i & 1);
      }
    }
    return sum;
  }

  private static int word(long input) {
    return (int) (input >>> 6) & WINDOW / Long.SIZE - 1;
  }
}
