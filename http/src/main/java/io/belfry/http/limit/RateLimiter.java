package io.belfry.http.limit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A token bucket for each key: a user, an address. A bucket that is full again is as good as none
/// and is forgotten; should so many keys be busy at once that memory would run out, the further
/// ones share a bucket.
///
/// Thread-safe.
public final class RateLimiter {
  private static final int DEFAULT_MAX_KEYS = 100_000;
  private static final String OVERFLOW = "\u0000overflow";

  private final double nanosPerToken;
  private final int burst;
  private final int maxKeys;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  /// @param fullAtNanos when the bucket is full again; before that it lacks a token for each
  ///   `nanosPerToken`
  private record Bucket(long fullAtNanos) {}

  RateLimiter(double perSecond, int burst, int maxKeys) {
    this.nanosPerToken = perSecond <= 0 ? 0 : 1e9 / perSecond;
    this.burst = Math.max(1, burst);
    this.maxKeys = maxKeys;
  }

  /// @param perSecond 0: everything is allowed
  /// @param burst how many may come at once after a pause, at least 1
  public static RateLimiter perSecond(int perSecond, int burst) {
    return new RateLimiter(perSecond, burst, DEFAULT_MAX_KEYS);
  }

  /// @param perMinute also the burst; 0: everything is allowed
  public static RateLimiter perMinute(int perMinute) {
    return new RateLimiter(perMinute / 60.0, perMinute, DEFAULT_MAX_KEYS);
  }

  /// Takes a token.
  ///
  /// @param nowNanos on a monotonic line
  /// @return 0 if there was one, else how long until there is one, in nanoseconds
  public long take(String key, long nowNanos) {
    return spend(key, nowNanos, true);
  }

  /// How long until there is a token, in nanoseconds; 0 if there is one, which stays.
  public long peek(String key, long nowNanos) {
    return spend(key, nowNanos, false);
  }

  private long spend(String key, long nowNanos, boolean isTaken) {
    if (nanosPerToken == 0) {
      return 0;
    }
    String own = buckets.containsKey(key) || hasRoom(nowNanos) ? key : OVERFLOW;
    long[] wait = {0};
    buckets.compute(
        own,
        (name, known) -> {
          // At most everything is missing: a clock that was set back must not lock anybody out.
          long missing =
              known == null
                  ? 0
                  : Math.clamp(known.fullAtNanos - nowNanos, 0, (long) (burst * nanosPerToken));
          double left = burst - missing / nanosPerToken;
          if (left < 1) {
            wait[0] = (long) Math.ceil((1 - left) * nanosPerToken);
            return known;
          }
          return isTaken ? new Bucket(nowNanos + missing + (long) nanosPerToken) : known;
        });
    return wait[0];
  }

  private boolean hasRoom(long nowNanos) {
    if (buckets.size() >= maxKeys) {
      buckets.values().removeIf(bucket -> bucket.fullAtNanos - nowNanos <= 0);
    }
    return buckets.size() < maxKeys;
  }

  /// How many keys are remembered.
  int size() {
    return buckets.size();
  }
}
