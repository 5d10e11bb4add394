package io.belfry.sfu.route;

/// How long forwarded packets took, from their arrival at the socket until the last receiver's copy
/// was handed to the network. One sample for each turn that forwards: its oldest packet. Belongs to
/// one media loop.
public final class DelayHistogram {
  private static final long[] BOUNDS_NANOS = {
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    50_000_000,
    100_000_000,
    200_000_000,
    500_000_000
  };

  private final long[] counts = new long[BOUNDS_NANOS.length + 1];
  private long sumNanos;

  /// The state at one time.
  ///
  /// @param counts of samples up to each bound, and last of those beyond; not cumulative
  @SuppressWarnings("ArrayRecordComponent") // a snapshot, never compared
  public record Snapshot(long[] counts, long sumNanos) {}

  public void record(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    counts[bucket]++;
    sumNanos += Math.max(0, nanos);
  }

  public Snapshot snapshot() {
    return new Snapshot(counts.clone(), sumNanos);
  }

  /// The upper bounds of all buckets but the last.
  public static double[] boundsSeconds() {
    double[] seconds = new double[BOUNDS_NANOS.length];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = BOUNDS_NANOS[i] / 1e9;
    }
    return seconds;
  }
}
