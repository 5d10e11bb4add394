package io.belfry.config;

import java.nio.file.Path;
import java.util.Optional;

/// `belfry.sfu.control`: where an SFU that runs apart hears its signalling node.
///
/// @param certificateFile empty with an empty privateKeyFile: without TLS
public record ControlConfig(
    String host,
    int port,
    String secret,
    Optional<Path> certificateFile,
    Optional<Path> privateKeyFile) {
  static final int MIN_SECRET_CHARS = 16;

  public ControlConfig {
    Checks checks = new Checks();
    checks.that(!host.isBlank(), "belfry.sfu.control.host", host, "a host name or an IP address");
    checks.range("belfry.sfu.control.port", port, 0, 65_535);
    checks.that(
        secret.isEmpty() || secret.length() >= MIN_SECRET_CHARS,
        "belfry.sfu.control.secret",
        "a shorter one",
        "empty, or at least " + MIN_SECRET_CHARS + " characters");
    checks.that(
        certificateFile.isPresent() == privateKeyFile.isPresent(),
        "belfry.sfu.control.certificateFile",
        certificateFile.map(Path::toString).orElse(""),
        "given together with privateKeyFile, or neither");
    checks.done();
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "ControlConfig[host=%s, port=%d]".formatted(host, port);
  }
}
