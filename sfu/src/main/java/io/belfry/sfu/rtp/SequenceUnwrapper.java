package io.belfry.sfu.rtp;

/// Extends 16-bit sequence numbers to 48-bit packet indices (RFC 3711 §3.3.1: `2^16 · ROC + SEQ`),
/// so that later comparisons are plain subtractions.
///
/// Indices begin one cycle above zero: a packet that was reordered to before the first one still
/// gets a positive index.
public final class SequenceUnwrapper {
  private static final long FIRST_CYCLE = 1L << 16;
  private long highest = -1;

  /// The index of `sequence`, the one nearest to the highest index seen; remembers it when it is
  /// the newest.
  ///
  /// @param sequence in [0, 65535]
  public long unwrap(int sequence) {
    long index = peek(sequence);
    if (index > highest) {
      highest = index;
    }
    return index;
  }

  /// As [#unwrap], remembering nothing; for numbers that are not known to be genuine.
  public long peek(int sequence) {
    return highest < 0 ? FIRST_CYCLE + sequence : nearest(highest, sequence);
  }

  /// The newest index seen, or -1 before the first packet.
  public long highest() {
    return highest;
  }

  public void reset() {
    highest = -1;
  }

  /// The index with the low 16 bits of `sequence` that is nearest to `reference`; never negative
  /// when `reference` is at least 2^15.
  public static long nearest(long reference, int sequence) {
    return reference + Seq16.distance((int) reference & Seq16.MASK, sequence);
  }
}
