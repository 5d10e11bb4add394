package io.belfry.signalling.webhook;

import io.belfry.config.WebhooksConfig;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait between tries: twice as long each time, up to a limit, and by chance up to a
/// third shorter, so that what failed together is not tried again together.
final class Backoff {
  private static final int MAX_DOUBLINGS = 40;

  private Backoff() {}

  /// @param attempts how many failed, at least 1
  static Duration after(int attempts, WebhooksConfig config, RandomGenerator random) {
    long first = config.firstRetry().toMillis();
    long max = config.maxRetry().toMillis();
    int doublings = Math.min(attempts - 1, MAX_DOUBLINGS);
    long full = first > max >> doublings ? max : first << doublings;
    return Duration.ofMillis(full - (long) (random.nextDouble() * full / 3));
  }
}
