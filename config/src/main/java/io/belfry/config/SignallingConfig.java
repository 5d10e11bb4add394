package io.belfry.config;

import java.time.Duration;
import java.util.Optional;

/// `belfry.signalling`: ringing, presence, tokens and their limits.
///
/// @param identityProvider empty: only our own auth tokens count
public record SignallingConfig(
    Duration ringTimeout,
    Duration ringTimeoutMin,
    Duration ringTimeoutMax,
    Duration disconnectGrace,
    Duration joinTimeout,
    Duration heartbeatInterval,
    Duration greetingTimeout,
    Duration authTokenLifetime,
    Duration callTokenLifetime,
    int maxParticipants,
    int maxEventsKept,
    boolean serverAnswersBusy,
    boolean usersManageGroups,
    boolean guestsAllowed,
    Duration guestLinkLifetime,
    DatabaseConfig database,
    LimitsConfig limits,
    WebhooksConfig webhooks,
    PushConfig push,
    Optional<IdentityProviderConfig> identityProvider,
    MediaConfig media) {

  private static final Duration SECOND = Duration.ofSeconds(1);

  public SignallingConfig {
    Checks checks = new Checks();
    checks.range(
        "belfry.signalling.ringTimeoutMin", ringTimeoutMin, SECOND, Duration.ofMinutes(10));
    checks.range("belfry.signalling.ringTimeoutMax", ringTimeoutMax, SECOND, Duration.ofHours(1));
    if (ringTimeoutMin.compareTo(ringTimeoutMax) > 0) {
      checks.that(
          false,
          "belfry.signalling.ringTimeoutMin",
          Checks.show(ringTimeoutMin),
          "not above ringTimeoutMax (" + Checks.show(ringTimeoutMax) + ")");
    } else {
      checks.range("belfry.signalling.ringTimeout", ringTimeout, ringTimeoutMin, ringTimeoutMax);
    }
    checks.range(
        "belfry.signalling.disconnectGrace", disconnectGrace, Duration.ZERO, Duration.ofMinutes(5));
    checks.range("belfry.signalling.joinTimeout", joinTimeout, SECOND, Duration.ofHours(1));
    checks.range(
        "belfry.signalling.heartbeatInterval", heartbeatInterval, SECOND, Duration.ofMinutes(5));
    checks.range(
        "belfry.signalling.greetingTimeout", greetingTimeout, SECOND, Duration.ofMinutes(5));
    checks.range(
        "belfry.signalling.authTokenLifetime",
        authTokenLifetime,
        Duration.ofMinutes(1),
        Duration.ofDays(3650));
    checks.range(
        "belfry.signalling.callTokenLifetime",
        callTokenLifetime,
        Duration.ofSeconds(10),
        Duration.ofDays(7));
    checks.range(
        "belfry.signalling.guestLinkLifetime",
        guestLinkLifetime,
        Duration.ofMinutes(1),
        Duration.ofDays(7));
    checks.range("belfry.signalling.maxParticipants", maxParticipants, 2, 10_000);
    checks.range("belfry.signalling.maxEventsKept", maxEventsKept, 1, 100_000);
    checks.done();
  }
}
