package io.belfry.signalling.auth;

import io.belfry.http.ApiException;
import io.belfry.http.limit.AddressLimiter;
import io.belfry.http.limit.RateLimiter;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;

/// Lets each address be wrong about keys and tokens only so often.
public final class LoginGuard {
  private final AddressLimiter failures;
  private final Clock clock;

  /// @param failuresPerMinute 0: no limit
  public LoginGuard(int failuresPerMinute, Clock clock) {
    this.failures =
        new AddressLimiter(
            RateLimiter.perMinute(failuresPerMinute),
            "Too many wrong keys or tokens came from this address.");
    this.clock = clock;
  }

  /// @throws ApiException 429 if the address was wrong too often
  void check(InetAddress address) {
    failures.check(address, nowNanos());
  }

  void failed(InetAddress address) {
    try {
      failures.take(address, nowNanos());
    } catch (ApiException e) {
      // It is told what it did wrong this time, and to wait the next.
    }
  }

  private long nowNanos() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
