package io.belfry.config;

/// `belfry.signalling.limits`: how much one user, one device and one address may ask for. A limit
/// of 0 is none.
public record LimitsConfig(
    int devicesPerUser,
    int messagesPerSecondPerDevice,
    int messagesPerSecondPerUser,
    int messagesPerSecondPerAddress,
    int callsPerMinutePerUser,
    int callsPerMinutePerAddress,
    int failedLoginsPerMinutePerAddress,
    int guestsPerMinutePerCall,
    int guestsPerMinutePerAddress,
    int maxOutboundBytes) {

  private static final int MANY = 1_000_000;

  public LimitsConfig {
    String prefix = "belfry.signalling.limits.";
    Checks checks = new Checks();
    checks.range(prefix + "devicesPerUser", devicesPerUser, 1, 1000);
    checks.range(prefix + "messagesPerSecondPerDevice", messagesPerSecondPerDevice, 0, MANY);
    checks.range(prefix + "messagesPerSecondPerUser", messagesPerSecondPerUser, 0, MANY);
    checks.range(prefix + "messagesPerSecondPerAddress", messagesPerSecondPerAddress, 0, MANY);
    checks.range(prefix + "callsPerMinutePerUser", callsPerMinutePerUser, 0, MANY);
    checks.range(prefix + "callsPerMinutePerAddress", callsPerMinutePerAddress, 0, MANY);
    checks.range(
        prefix + "failedLoginsPerMinutePerAddress", failedLoginsPerMinutePerAddress, 0, MANY);
    checks.range(prefix + "guestsPerMinutePerCall", guestsPerMinutePerCall, 0, MANY);
    checks.range(prefix + "guestsPerMinutePerAddress", guestsPerMinutePerAddress, 0, MANY);
    checks.range(prefix + "maxOutboundBytes", maxOutboundBytes, 64 * 1024, 64 * 1024 * 1024);
    checks.done();
  }
}
