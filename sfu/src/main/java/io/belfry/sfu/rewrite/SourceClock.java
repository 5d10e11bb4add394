package io.belfry.sfu.rewrite;

/// The relation of one source's RTP timestamps to its wall clock, from its last sender report (RFC
/// 3550 §6.4.1). Two encodings of one camera have unrelated RTP timestamps, and only this tells
/// which of them mean the same instant.
public final class SourceClock {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final int clockRate;
  private boolean isKnown;
  private long ntp;
  private int rtpTimestamp;
  private long receivedNanos;

  /// @param clockRate RTP ticks per second
  public SourceClock(int clockRate) {
    this.clockRate = clockRate;
  }

  /// @param ntp 64-bit NTP timestamp, 32.32 fixed-point seconds
  public void onSenderReport(long ntp, int rtpTimestamp, long nowNanos) {
    this.ntp = ntp;
    this.rtpTimestamp = rtpTimestamp;
    this.receivedNanos = nowNanos;
    this.isKnown = true;
  }

  /// Whether a sender report has come.
  public boolean isKnown() {
    return isKnown;
  }

  public int clockRate() {
    return clockRate;
  }

  /// The source's wall clock now, as 64-bit NTP, run on from the last report.
  public long ntpAt(long nowNanos) {
    long elapsed = nowNanos - receivedNanos;
    long seconds = Math.floorDiv(elapsed, NANOS_PER_SECOND);
    long fraction = ((elapsed - seconds * NANOS_PER_SECOND) << 32) / NANOS_PER_SECOND;
    return ntp + (seconds << 32) + fraction;
  }

  /// The source's RTP timestamp now, run on from the last report.
  public int timestampAt(long nowNanos) {
    return rtpTimestamp + ticks(nowNanos - receivedNanos, clockRate);
  }

  /// The timestamp in this clock of the instant that `other` calls `otherTimestamp`. Both are known
  /// and have the same rate.
  int convert(int otherTimestamp, SourceClock other) {
    long difference = other.ntp - ntp;
    long seconds = difference >> 32;
    long ticks = seconds * clockRate + (((difference & 0xFFFF_FFFFL) * clockRate) >>> 32);
    return rtpTimestamp + (int) ticks + (otherTimestamp - other.rtpTimestamp);
  }

  /// Nanoseconds in ticks of a clock, rounded down; wraps as RTP timestamps do.
  static int ticks(long nanos, int clockRate) {
    long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
    long rest = nanos - seconds * NANOS_PER_SECOND;
    return (int) (seconds * clockRate + rest * clockRate / NANOS_PER_SECOND);
  }
}
