package io.belfry.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/// `belfry.sfu`: media ports, transports and their limits.
///
/// @param loops 0: one for each core; see {@link #loopCount}
/// @param announcedAddresses empty: the addresses of the host's own interfaces
/// @param coalesce how long a packet may wait for others to its receiver; zero: never
/// @param srtpProfiles the preferred one first
public record SfuConfig(
    int loops,
    UdpConfig udp,
    List<String> announcedAddresses,
    Implementation io,
    Implementation crypto,
    Duration coalesce,
    DtlsConfig dtls,
    List<SrtpProfileName> srtpProfiles,
    Duration consentTimeout,
    Duration resumeGrace,
    Duration silentGrace,
    int videoCachePackets,
    int audioCachePackets,
    int maxSessions,
    int maxParticipantsPerSession,
    Duration emptySessionTimeout,
    int maxTracksPerParticipant,
    Duration heartbeatInterval) {

  private static final Duration SECOND = Duration.ofSeconds(1);

  public SfuConfig {
    announcedAddresses = List.copyOf(announcedAddresses);
    srtpProfiles = List.copyOf(srtpProfiles);
    Checks checks = new Checks();
    checks.range("belfry.sfu.loops", loops, 0, 1024);
    if (udp.port() != 0) {
      int lastPort = udp.port() + loopCount(loops) - 1;
      checks.that(
          lastPort <= 65_535,
          "belfry.sfu.udp.port",
          udp.port(),
          "low enough for %d loops with a port each; the last would be %d"
              .formatted(loopCount(loops), lastPort));
    }
    for (String address : announcedAddresses) {
      checks.that(
          IpAddresses.isLiteral(address),
          "belfry.sfu.announcedAddresses",
          address,
          "IP addresses, such as 203.0.113.7 or 2001:db8::7");
    }
    checks.range("belfry.sfu.coalesce", coalesce, Duration.ZERO, Duration.ofMillis(20));
    checks.that(
        !srtpProfiles.isEmpty() && new HashSet<>(srtpProfiles).size() == srtpProfiles.size(),
        "belfry.sfu.srtpProfiles",
        srtpProfiles,
        "at least one profile, none twice");
    checks.range("belfry.sfu.consentTimeout", consentTimeout, SECOND, Duration.ofMinutes(10));
    checks.range("belfry.sfu.resumeGrace", resumeGrace, Duration.ZERO, Duration.ofMinutes(10));
    checks.range("belfry.sfu.silentGrace", silentGrace, Duration.ZERO, Duration.ofMinutes(10));
    checks.powerOfTwo("belfry.sfu.videoCachePackets", videoCachePackets, 16, 16_384);
    checks.powerOfTwo("belfry.sfu.audioCachePackets", audioCachePackets, 16, 16_384);
    checks.range("belfry.sfu.maxSessions", maxSessions, 1, 1_000_000);
    checks.range("belfry.sfu.maxParticipantsPerSession", maxParticipantsPerSession, 2, 10_000);
    checks.range("belfry.sfu.emptySessionTimeout", emptySessionTimeout, SECOND, Duration.ofDays(1));
    checks.range("belfry.sfu.maxTracksPerParticipant", maxTracksPerParticipant, 1, 64);
    checks.range("belfry.sfu.heartbeatInterval", heartbeatInterval, SECOND, Duration.ofMinutes(5));
    checks.done();
  }

  /// How many media loops there are, with "one for each core" resolved.
  public int loopCount() {
    return loopCount(loops);
  }

  private static int loopCount(int loops) {
    return loops == 0 ? Runtime.getRuntime().availableProcessors() : loops;
  }
}
