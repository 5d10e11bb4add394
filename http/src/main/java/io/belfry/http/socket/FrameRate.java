package io.belfry.http.socket;

/// The token bucket of one socket's frames. A few numbers, as there is one for each socket. Not
/// thread-safe.
final class FrameRate {
  private static final int BURST_SECONDS = 4;

  /// A client that reads its refusals slows down; who does not within this many is no client.
  static final int MAX_UNHEARD = 1000;

  private final int perSecond;
  private double tokens;
  private long lastNanos;
  private boolean hasBegun;
  private int unheard;

  /// @param perSecond 0: no limit
  FrameRate(int perSecond) {
    this.perSecond = perSecond;
    this.tokens = (double) perSecond * BURST_SECONDS;
  }

  /// @return 0 if the frame is to be heard, else how long until the next one is, in nanoseconds
  long take(long nowNanos) {
    if (perSecond == 0) {
      return 0;
    }
    double perNano = perSecond / 1e9;
    if (hasBegun) {
      tokens =
          Math.min((double) perSecond * BURST_SECONDS, tokens + (nowNanos - lastNanos) * perNano);
    }
    hasBegun = true;
    lastNanos = nowNanos;
    if (tokens >= 1) {
      tokens--;
      unheard = 0;
      return 0;
    }
    unheard++;
    return (long) Math.ceil((1 - tokens) / perNano);
  }

  /// Whether too many frames in a row, without one that was heard, came over the rate.
  boolean isAbused() {
    return unheard > MAX_UNHEARD;
  }
}
