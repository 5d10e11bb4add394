package io.belfry.link;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a signalling node finds its SFU.
///
/// @param secret what the SFU wants to be shown
/// @param trustFile PEM with the certificate that the SFU's is checked with; empty: no TLS
/// @param sessionUrl where participants join
/// @param lostAfter how long the SFU may be out of reach before its sessions count as ended
public record LinkSettings(
    String host,
    int port,
    String secret,
    Optional<Path> trustFile,
    String sessionUrl,
    Duration lostAfter) {

  /// Without the secret.
  @Override
  public String toString() {
    return "LinkSettings[" + host + ":" + port + "]";
  }
}
