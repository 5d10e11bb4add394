package io.belfry.config;

import java.time.Duration;

/// `belfry.signalling.webhooks`: how events are delivered to the operator's servers.
///
/// @param retryFor after this long an event that was not taken is given up
/// @param firstRetry the first pause between two tries, which doubles up to `maxRetry`
public record WebhooksConfig(
    int maxEndpoints,
    int maxPending,
    int parallelism,
    Duration timeout,
    Duration firstRetry,
    Duration maxRetry,
    Duration retryFor,
    Duration keep,
    boolean allowPrivateAddresses) {

  private static final Duration SECOND = Duration.ofSeconds(1);

  public WebhooksConfig {
    String prefix = "belfry.signalling.webhooks.";
    Checks checks = new Checks();
    checks.range(prefix + "maxEndpoints", maxEndpoints, 1, 1000);
    checks.range(prefix + "maxPending", maxPending, 1, 10_000_000);
    checks.range(prefix + "parallelism", parallelism, 1, 64);
    checks.range(prefix + "timeout", timeout, SECOND, Duration.ofMinutes(1));
    checks.range(prefix + "firstRetry", firstRetry, SECOND, Duration.ofHours(1));
    checks.range(prefix + "maxRetry", maxRetry, SECOND, Duration.ofDays(1));
    checks.range(prefix + "retryFor", retryFor, Duration.ofMinutes(1), Duration.ofDays(30));
    checks.range(prefix + "keep", keep, Duration.ofHours(1), Duration.ofDays(365));
    checks.that(
        firstRetry.compareTo(maxRetry) <= 0,
        prefix + "firstRetry",
        Checks.show(firstRetry),
        "not above maxRetry (" + Checks.show(maxRetry) + ")");
    checks.done();
  }
}
