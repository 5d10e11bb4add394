package io.belfry.sfu.dtls;

import io.belfry.sfu.srtp.SrtpProfile;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// What all DTLS endpoints of a node share: the certificate, what is allowed, and how many may
/// shake hands at once. Thread-safe.
public final class DtlsContext {
  private final DtlsCertificate certificate;
  private final List<SrtpProfile> profiles;
  private final Duration handshakeTimeout;
  private final Semaphore handshakes;
  private final SecureRandom random;
  private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

  /// @param profiles allowed, the preferred one first; at least one
  /// @param handshakeTimeout for a whole handshake
  /// @param maxHandshakes at once; a client beyond it is not answered and tries again by itself
  public DtlsContext(
      DtlsCertificate certificate,
      List<SrtpProfile> profiles,
      Duration handshakeTimeout,
      int maxHandshakes,
      SecureRandom random) {
    if (profiles.isEmpty() || maxHandshakes < 1) {
      throw new IllegalArgumentException("no profiles, or no handshakes allowed");
    }
    this.certificate = certificate;
    this.profiles = List.copyOf(profiles);
    this.handshakeTimeout = handshakeTimeout;
    this.handshakes = new Semaphore(maxHandshakes);
    this.random = random;
  }

  public DtlsCertificate certificate() {
    return certificate;
  }

  List<SrtpProfile> profiles() {
    return profiles;
  }

  Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  /// Permits of handshakes under way.
  Semaphore handshakes() {
    return handshakes;
  }

  SecureRandom random() {
    return random;
  }

  Executor threads() {
    return threads;
  }
}
