package io.belfry.sfu.dtls;

import io.belfry.common.time.NanoClock;
import io.belfry.sfu.srtp.SrtpProfile;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/// What all DTLS endpoints of a node share: the certificate, what is allowed, and how many may
/// shake hands at once. Thread-safe.
public final class DtlsContext {
  /// Until a flight is sent again; then twice that, and so on. RFC 6347 §4.2.4.1 suggests a second,
  /// but a call cannot wait that long, and browsers begin at 50 ms.
  private static final Duration RESEND_DELAY = Duration.ofMillis(100);

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
  /// @param maxHandshakes at once; a client beyond it is not answered and tries again by itself
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
    this.handshakes = new Semaphore(maxHandshakes);
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

  boolean tryBeginHandshake() {
    return handshakes.tryAcquire();
  }

  void endHandshake() {
    handshakes.release();
  }
}
