package io.belfry.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// `belfry.signalling.media`: the SFU of a signalling node that runs apart.
///
/// @param host empty: none
/// @param trustFile empty: without TLS
public record MediaConfig(
    String host,
    int port,
    String secret,
    Optional<Path> trustFile,
    String sessionUrl,
    Duration lostAfter) {

  public MediaConfig {
    Checks checks = new Checks();
    checks.range("belfry.signalling.media.port", port, 1, 65_535);
    checks.that(
        secret.isEmpty() || secret.length() >= ControlConfig.MIN_SECRET_CHARS,
        "belfry.signalling.media.secret",
        "a shorter one",
        "empty, or at least " + ControlConfig.MIN_SECRET_CHARS + " characters");
    checks.that(
        sessionUrl.isEmpty() || sessionUrl.matches("wss?://.+"),
        "belfry.signalling.media.sessionUrl",
        sessionUrl,
        "empty, or an address that starts with ws:// or wss://");
    checks.range(
        "belfry.signalling.media.lostAfter",
        lostAfter,
        Duration.ofSeconds(1),
        Duration.ofMinutes(10));
    checks.done();
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "MediaConfig[host=%s, port=%d, sessionUrl=%s]".formatted(host, port, sessionUrl);
  }
}
