package io.belfry.config;

import java.time.Duration;

/// `belfry.sfu.dtls`: limits of the DTLS handshakes.
public record DtlsConfig(Duration handshakeTimeout, int maxHandshakes) {
  public DtlsConfig {
    Checks checks = new Checks();
    checks.range(
        "belfry.sfu.dtls.handshakeTimeout",
        handshakeTimeout,
        Duration.ofSeconds(1),
        Duration.ofMinutes(5));
    checks.range("belfry.sfu.dtls.maxHandshakes", maxHandshakes, 1, 100_000);
    checks.done();
  }
}
