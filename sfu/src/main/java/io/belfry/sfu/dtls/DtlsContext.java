package io.belfry.sfu.dtls;

import io.belfry.common.time.NanoClock;
import io.belfry.sfu.srtp.SrtpProfile;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/// What all DTLS endpoints of a node share: the certificate, what is allowed, and how many may
/// shake hands at once. Thread-safe.
public final class DtlsContext {
  /// Until a flight is sent again; then twice that, and so on. RFC 6347 §4.2.4.1 suggests a second,
  /// but a call cannot wait that long, and browsers begin at 50 ms.
  private static final Duration RESEND_DELAY = Duration.ofMillis(100);

  /// How many may wait for each that shakes hands.
  private static final int MAX_WAITING_FACTOR = 50;

  private final DtlsCertificate certificate;
  private final List<SrtpProfile> profiles;
  private final Duration handshakeTimeout;
  private final Duration resendDelay;
  private final int maxHandshakes;
  private final Semaphore handshakes;
  private final SecureRandom random;
  private final BcTlsCrypto crypto;
  private final NanoClock clock;

  /// @param profiles allowed, the preferred one first; at least one
  /// @param handshakeTimeout from a client's first datagram to keys
  /// @param maxHandshakes at once; clients beyond it wait for their turn
  public DtlsContext(
      DtlsCertificate certificate,
      List<SrtpProfile> profiles,
      Duration handshakeTimeout,
      int maxHandshakes,
      SecureRandom random) {
    this(
        certificate,
        profiles,
        handshakeTimeout,
        maxHandshakes,
        random,
        RESEND_DELAY,
        NanoClock.SYSTEM);
  }

  DtlsContext(
      DtlsCertificate certificate,
      List<SrtpProfile> profiles,
      Duration handshakeTimeout,
      int maxHandshakes,
      SecureRandom random,
      Duration resendDelay,
      NanoClock clock) {
    if (profiles.isEmpty() || maxHandshakes < 1) {
      throw new IllegalArgumentException("no profiles, or no handshakes allowed");
    }
    this.certificate = certificate;
    this.profiles = List.copyOf(profiles);
    this.handshakeTimeout = handshakeTimeout;
    this.resendDelay = resendDelay;
    this.maxHandshakes = maxHandshakes;
    this.handshakes = new Semaphore(maxHandshakes, true);
    this.random = random;
    this.crypto = new DatagramCrypto(random);
    this.clock = clock;
  }

  public DtlsCertificate certificate() {
    return certificate;
  }

  /// How many handshakes are under way; for a metric.
  public int handshakesInProgress() {
    return maxHandshakes - handshakes.availablePermits();
  }

  List<SrtpProfile> profiles() {
    return profiles;
  }

  Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  Duration resendDelay() {
    return resendDelay;
  }

  SecureRandom random() {
    return random;
  }

  BcTlsCrypto crypto() {
    return crypto;
  }

  NanoClock clock() {
    return clock;
  }

  /// Waits for a turn, no longer than a handshake may take. Those who wait are served in order:
  /// left to send again by themselves, clients wait longer and longer while there is room.
  ///
  /// @return false if none came
  boolean awaitHandshake() {
    try {
      return handshakes.tryAcquire(handshakeTimeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Whether so many wait for their turn that no more should.
  boolean isCrowded() {
    return handshakes.getQueueLength() >= MAX_WAITING_FACTOR * maxHandshakes;
  }

  void endHandshake() {
    handshakes.release();
  }
}
