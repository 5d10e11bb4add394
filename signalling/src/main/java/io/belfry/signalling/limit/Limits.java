package io.belfry.signalling.limit;

import io.belfry.common.id.SessionId;
import io.belfry.config.LimitsConfig;
import io.belfry.http.ApiException;
import io.belfry.http.limit.AddressLimiter;
import io.belfry.http.limit.RateLimiter;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;

/// Counts messages, call attempts and guests of users, calls and addresses. Thread-safe.
public final class Limits {
  private static final int BURST_SECONDS = 4;

  private final RateLimiter userMessages;
  private final AddressLimiter addressMessages;
  private final RateLimiter userCalls;
  private final AddressLimiter addressCalls;
  private final RateLimiter callGuests;
  private final AddressLimiter addressGuests;
  private final Counter refusals;
  private final Clock clock;

  public Limits(LimitsConfig config, Clock clock, CollectorRegistry registry) {
    userMessages = perSecond(config.messagesPerSecondPerUser());
    addressMessages =
        new AddressLimiter(
            perSecond(config.messagesPerSecondPerAddress()),
            "Too many messages come from this address.");
    userCalls = RateLimiter.perMinute(config.callsPerMinutePerUser());
    addressCalls =
        new AddressLimiter(
            RateLimiter.perMinute(config.callsPerMinutePerAddress()),
            "Too many calls are made from this address.");
    callGuests = RateLimiter.perMinute(config.guestsPerMinutePerCall());
    addressGuests =
        new AddressLimiter(
            RateLimiter.perMinute(config.guestsPerMinutePerAddress()),
            "Too many guests come from this address.");
    refusals =
        Counter.build("belfry_signalling_limited", "What was refused for being too much.")
            .labelNames("limit")
            .register(registry);
    this.clock = clock;
  }

  private static RateLimiter perSecond(int rate) {
    return RateLimiter.perSecond(rate, rate * BURST_SECONDS);
  }

  /// Counts a message or request of a user.
  ///
  /// @throws ApiException 429 if it is one too many
  public void message(String uid) {
    refuse("user_messages", userMessages.take(uid, nowNanos()), "This user asks too often.");
  }

  /// Counts a message from an address.
  ///
  /// @throws ApiException 429 if it is one too many
  public void message(InetAddress from) {
    counted("address_messages", () -> addressMessages.take(from, nowNanos()));
  }

  /// Counts a call that a user is about to begin.
  ///
  /// @throws ApiException 429 if it is one too many
  public void call(String uid) {
    refuse("user_calls", userCalls.take(uid, nowNanos()), "This user makes too many calls.");
  }

  /// Counts a call that is about to begin at an address.
  ///
  /// @throws ApiException 429 if it is one too many
  public void call(InetAddress from) {
    counted("address_calls", () -> addressCalls.take(from, nowNanos()));
  }

  /// Counts a guest who is about to join a call.
  ///
  /// @throws ApiException 429 if it is one too many
  public void guest(SessionId sessionId) {
    refuse(
        "call_guests",
        callGuests.take(sessionId.value(), nowNanos()),
        "Too many guests come to this call.");
  }

  /// Counts a guest who asks at an address.
  ///
  /// @throws ApiException 429 if it is one too many
  public void guest(InetAddress from) {
    counted("address_guests", () -> addressGuests.take(from, nowNanos()));
  }

  private void counted(String limit, Runnable taking) {
    try {
      taking.run();
    } catch (ApiException refusal) {
      refusals.labels(limit).inc();
      throw refusal;
    }
  }

  private void refuse(String limit, long waitNanos, String message) {
    if (waitNanos > 0) {
      refusals.labels(limit).inc();
      throw ApiException.tooManyRequests(message, waitNanos);
    }
  }

  private long nowNanos() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
