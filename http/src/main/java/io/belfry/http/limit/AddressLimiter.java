package io.belfry.http.limit;

import io.belfry.http.ApiException;
import java.net.InetAddress;

/// A rate for each client address.
public final class AddressLimiter {
  private final RateLimiter limiter;
  private final String message;

  /// @param message what a client that is over it is told
  public AddressLimiter(RateLimiter limiter, String message) {
    this.limiter = limiter;
    this.message = message;
  }

  /// Counts one.
  ///
  /// @throws ApiException 429 if the address is over its rate
  public void take(InetAddress address, long nowNanos) {
    String key = ClientAddresses.keyOf(address);
    refuse(key == null ? 0 : limiter.take(key, nowNanos));
  }

  /// Counts nothing.
  ///
  /// @throws ApiException 429 if the address is over its rate
  public void check(InetAddress address, long nowNanos) {
    String key = ClientAddresses.keyOf(address);
    refuse(key == null ? 0 : limiter.peek(key, nowNanos));
  }

  private void refuse(long waitNanos) {
    if (waitNanos > 0) {
      throw ApiException.tooManyRequests(message, waitNanos);
    }
  }
}
