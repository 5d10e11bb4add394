package io.belfry.load;

/// How many packets took how long, in buckets that are at most 1/32 wide: enough for percentiles of
/// any number of packets in a fixed space.
final class DelayCounts {
  private static final int SUB_BITS = 5;
  private static final int SUB_BUCKETS = 1 << SUB_BITS;
  private static final int BUCKETS = (Long.SIZE - SUB_BITS) * SUB_BUCKETS;

  private final long[] counts = new long[BUCKETS];
  private long total;
  private long longestNanos;

  void add(long nanos) {
    long positive = Math.max(0, nanos);
    counts[bucket(positive)]++;
    total++;
    longestNanos = Math.max(longestNanos, positive);
  }

  void addAll(DelayCounts other) {
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
    longestNanos = Math.max(longestNanos, other.longestNanos);
  }

  /// The delay that `percent` of all stayed within, rounded up to its bucket's end; 0 without any.
  long percentileNanos(double percent) {
    long rank = (long) Math.ceil(total * percent / 100);
    long seen = 0;
    for (int i = 0; i < BUCKETS && total > 0; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.min(end(i), longestNanos);
      }
    }
    return longestNanos;
  }

  long total() {
    return total;
  }

  long longestNanos() {
    return longestNanos;
  }

  private static int bucket(long nanos) {
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - SUB_BITS - 1);
    return shift * SUB_BUCKETS + (int) (nanos >>> shift);
  }

  /// The longest delay of a bucket.
  private static long end(int bucket) {
    int shift = Math.max(0, bucket / SUB_BUCKETS - 1);
    return ((bucket - (long) shift * SUB_BUCKETS + 1) << shift) - 1;
  }
}
