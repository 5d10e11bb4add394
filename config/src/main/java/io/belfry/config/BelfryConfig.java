package io.belfry.config;

import java.nio.file.Path;

/// Everything that can be set. What each value means is said once, in `reference.conf`.
public record BelfryConfig(
    boolean development,
    Path dataDirectory,
    String appId,
    String region,
    HttpConfig http,
    SignallingConfig signalling,
    SfuConfig sfu,
    LogConfig log) {

  private static final String NAME = "[a-z0-9-]{1,32}";
  private static final String NAME_RULE = "1 to 32 characters of a-z, 0-9 and \"-\"";

  public BelfryConfig {
    Checks checks = new Checks();
    checks.that(
        !dataDirectory.toString().isEmpty(), "belfry.dataDirectory", dataDirectory, "a folder");
    checks.that(appId.matches(NAME), "belfry.appId", appId, NAME_RULE);
    checks.that(region.matches(NAME), "belfry.region", region, NAME_RULE);
    checks.done();
  }
}
