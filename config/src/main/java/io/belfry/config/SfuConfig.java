package io.belfry.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/// `belfry.sfu`: media ports, transports and their limits.
///
/// @param loops 0: one for each core; see {@link #loopCount}
/// @param announcedAddresses IP addresses, host names and {@link #OWN}; empty: the latter
/// @param stunServer `host` or `host:port`; empty: none is asked
/// @param coalesce how long a packet may wait for others to its receiver; zero: never
/// @param warmUp whether to forward media to itself for a moment at start
/// @param srtpProfiles the preferred one first
public record SfuConfig(
    int loops,
    UdpConfig udp,
    TcpConfig tcp,
    List<String> announcedAddresses,
    String stunServer,
    IceServersConfig iceServers,
    Implementation io,
    Implementation crypto,
    Duration coalesce,
    boolean warmUp,
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
    int receiversBeforeSpread,
    int maxTracksPerParticipant,
    Duration heartbeatInterval,
    ControlConfig control) {

  /// In place of an announced address: the addresses of this host's own interfaces.
  public static final String OWN = "own";

  private static final int STUN_PORT = 3478;
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
          IpAddresses.isLiteral(address) || IpAddresses.isHostName(address),
          "belfry.sfu.announcedAddresses",
          address,
          "IP addresses, such as 203.0.113.7 or 2001:db8::7, host names, or \"own\"");
    }
    checks.that(
        stunServer.isEmpty() || isServer(stunServer),
        "belfry.sfu.stunServer",
        stunServer,
        "host or host:port, such as stun.example.org:3478");
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
    checks.range("belfry.sfu.receiversBeforeSpread", receiversBeforeSpread, 1, 100_000);
    checks.range("belfry.sfu.maxTracksPerParticipant", maxTracksPerParticipant, 1, 64);
    checks.range("belfry.sfu.heartbeatInterval", heartbeatInterval, SECOND, Duration.ofMinutes(5));
    checks.done();
  }

  private static boolean isServer(String server) {
    String host = host(server);
    int port = port(server);
    return port >= 1
        && port <= 65_535
        && (IpAddresses.isLiteral(host) || IpAddresses.isHostName(host));
  }

  /// The host of {@link #stunServer}: a name or an IP address.
  public String stunHost() {
    return host(stunServer);
  }

  /// The UDP port of {@link #stunServer}, in [1, 65535].
  public int stunPort() {
    return port(stunServer);
  }

  private static String host(String server) {
    if (server.startsWith("[") && server.contains("]")) {
      return server.substring(1, server.indexOf(']'));
    }
    int colon = server.indexOf(':');
    boolean isBareIpv6 = colon >= 0 && server.indexOf(':', colon + 1) >= 0;
    return colon < 0 || isBareIpv6 ? server : server.substring(0, colon);
  }

  /// -1 if what stands there is no number.
  private static int port(String server) {
    String host = host(server);
    int after = server.startsWith("[") ? host.length() + 2 : host.length();
    if (after >= server.length()) {
      return STUN_PORT;
    }
    String digits = server.substring(after + 1);
    return server.charAt(after) == ':' && digits.matches("[0-9]{1,5}")
        ? Integer.parseInt(digits)
        : -1;
  }

  /// How many media loops there are, with "one for each core" resolved.
  public int loopCount() {
    return loopCount(loops);
  }

  private static int loopCount(int loops) {
    return loops == 0 ? Runtime.getRuntime().availableProcessors() : loops;
  }
}
