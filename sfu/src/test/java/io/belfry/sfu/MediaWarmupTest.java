package io.belfry.sfu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.dtls.DtlsCertificate;
import io.belfry.sfu.dtls.DtlsContext;
import io.belfry.sfu.net.DatagramIoFactory;
import io.belfry.sfu.route.RouteLimits;
import io.belfry.sfu.session.SessionSettings;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpProfile;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MediaWarmupTest {
  private static final int FRAMES = 300;

  /// A third of the frames are video, of six packets each, for eight receivers.
  private static final int PACKETS = (FRAMES / 3 * 6 + FRAMES / 3 * 2) * 8;

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "PORTABLE"})
  void itsPacketsAreForwardedToAllItsReceivers(DatagramIoFactory.Choice io) {
    SecureRandom random = new SecureRandom();
    DtlsContext dtls =
        new DtlsContext(
            DtlsCertificate.generate(random, Instant.EPOCH),
            List.of(SrtpProfile.values()),
            Duration.ofMinutes(1),
            1,
            random);
    SessionSettings settings =
        new SessionSettings(4, 30_000_000_000L, new RouteLimits(512, 64, 500_000_000L, 1_000_000L));

    long forwarded =
        MediaWarmup.run(
            io, SrtpCrypto.choose(SrtpCrypto.Choice.AUTO), dtls, settings, FRAMES, FRAMES);

    // The first frames may come before the receivers are there; nothing comes twice.
    assertTrue(forwarded > PACKETS / 2 && forwarded <= PACKETS, () -> forwarded + " packets");
  }
}
