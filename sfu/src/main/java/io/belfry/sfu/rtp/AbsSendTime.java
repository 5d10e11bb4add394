package io.belfry.sfu.rtp;

/// The abs-send-time value: seconds modulo 64 in 6.18 fixed point, 24 bits.
public final class AbsSendTime {
  public static final int MASK = 0xFF_FFFF;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private AbsSendTime() {}

  /// The value for an instant on any nanosecond time line; only differences carry meaning.
  public static int of(long nanos) {
    long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
    long remainder = nanos - seconds * NANOS_PER_SECOND;
    return (int) ((seconds & 63) << 18 | (remainder << 18) / NANOS_PER_SECOND);
  }

  /// Signed difference in nanoseconds, in about [-32 s, 32 s).
  public static long distanceNanos(int from, int to) {
    int ticks = ((to - from) << 8) >> 8;
    return (ticks * NANOS_PER_SECOND) >> 18;
  }
}
