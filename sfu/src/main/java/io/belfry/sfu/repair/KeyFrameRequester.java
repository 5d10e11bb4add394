package io.belfry.sfu.repair;

/// Merges the wishes of all receivers for a key frame of one encoding into few requests upstream.
///
/// The first wish is sent at once; while no key frame has come, the request is repeated after the
/// longer of the minimum interval and two round-trip times. Wishes that come within the interval
/// after a key frame wait for its end, so that a room filling up does not turn a stream into key
/// frames only.
public final class KeyFrameRequester {
  public static final long DEFAULT_MIN_INTERVAL_NANOS = 500_000_000L;
  public static final long NEVER = Long.MAX_VALUE;

  private final long minIntervalNanos;
  private boolean isWanted;
  private boolean hasSent;
  private long lastSentNanos;

  public KeyFrameRequester(long minIntervalNanos) {
    this.minIntervalNanos = minIntervalNanos;
  }

  /// Somebody cannot decode until the next key frame.
  public void request() {
    isWanted = true;
  }

  /// A key frame began: every wish so far is met.
  public void onKeyFrame() {
    isWanted = false;
  }

  /// Nobody is waiting any more.
  public void cancel() {
    isWanted = false;
  }

  public boolean isWanted() {
    return isWanted;
  }

  /// Whether a PLI is to be sent now; counts it as sent.
  ///
  /// @param rttNanos the measured round-trip time to the publisher, or 0 when unknown
  public boolean poll(long nowNanos, long rttNanos) {
    if (!isWanted || (hasSent && nowNanos - lastSentNanos < intervalNanos(rttNanos))) {
      return false;
    }
    hasSent = true;
    lastSentNanos = nowNanos;
    return true;
  }

  /// When [#poll] is due, or [#NEVER] while nobody waits.
  public long deadlineNanos(long nowNanos, long rttNanos) {
    if (!isWanted) {
      return NEVER;
    }
    if (!hasSent) {
      return nowNanos;
    }
    long wait = lastSentNanos + intervalNanos(rttNanos) - nowNanos;
    return nowNanos + Math.max(0, wait);
  }

  private long intervalNanos(long rttNanos) {
    return Math.max(minIntervalNanos, 2 * rttNanos);
  }
}
