package io.belfry.sfu.rewrite;

/// Keeps VP8 picture ids and TL0PICIDX running on across source changes and dropped pictures (RFC
/// 7741 §4.2): decoders take a jump for a loss.
///
/// The answer is what to add to both numbers, packed in an int: 0 when the descriptor can stay as
/// it is. `Vp8Descriptor.addDeltas` applies it, and with [#negate] takes it back, which lets one
/// plaintext serve all receivers.
public final class Vp8Rewriter {
  /// Answer of [#map]: the picture was dropped, or is too old.
  public static final int DROP = Integer.MIN_VALUE;

  private static final int PICTURE_ID_BITS = 15;
  private static final int PICTURE_ID_MASK = (1 << PICTURE_ID_BITS) - 1;
  private static final long FIRST_CYCLE = 1L << PICTURE_ID_BITS;

  private final GaplessSequence pictures = new GaplessSequence();
  private long highestInput;
  private long nextOutput = -1;
  private int tl0Offset;
  private int lastTl0;
  private boolean hasTl0;

  /// The source changes; this is the first picture of the new one. The first source ever keeps its
  /// own numbers.
  ///
  /// @param pictureId in [0, 32767]
  /// @param tl0PicIdx in [0, 255]
  public void switchTo(int pictureId, int tl0PicIdx) {
    highestInput = FIRST_CYCLE + pictureId;
    if (nextOutput < 0) {
      nextOutput = highestInput;
    }
    tl0Offset = hasTl0 ? lastTl0 + 1 - tl0PicIdx & 0xFF : 0;
    pictures.sync(highestInput, nextOutput);
  }

  /// What to add to the numbers of a picture of the current source, or [#DROP].
  public int map(int pictureId, int tl0PicIdx) {
    long input = unwrap(pictureId);
    long output = pictures.map(input);
    if (output == GaplessSequence.DROP) {
      return DROP;
    }
    if (output >= nextOutput) {
      nextOutput = output + 1;
      lastTl0 = tl0PicIdx + tl0Offset & 0xFF;
      hasTl0 = true;
    }
    return pack((int) (output - input), tl0Offset);
  }

  /// Holds a whole picture back; called for each of its packets.
  public void drop(int pictureId) {
    pictures.drop(unwrap(pictureId));
  }

  private long unwrap(int pictureId) {
    int unused = Integer.SIZE - PICTURE_ID_BITS;
    int distance = ((pictureId - (int) highestInput) << unused) >> unused;
    long input = highestInput + distance;
    highestInput = Math.max(highestInput, input);
    return input;
  }

  /// @param deltas an answer of [#map] other than [#DROP]
  /// @return what undoes it
  public static int negate(int deltas) {
    return pack(-pictureIdDelta(deltas), -tl0Delta(deltas));
  }

  /// What to add to the picture id, modulo 2^15 (or 2^7 where the short form is used).
  public static int pictureIdDelta(int deltas) {
    return deltas >>> 8 & PICTURE_ID_MASK;
  }

  /// What to add to TL0PICIDX, modulo 2^8.
  public static int tl0Delta(int deltas) {
    return deltas & 0xFF;
  }

  private static int pack(int pictureIdDelta, int tl0Delta) {
    return (pictureIdDelta & PICTURE_ID_MASK) << 8 | (tl0Delta & 0xFF);
  }
}
