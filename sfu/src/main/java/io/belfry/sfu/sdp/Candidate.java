package io.belfry.sfu.sdp;

/// One address of the server where a client can reach it: a host candidate (RFC 8839 §5.1), or a
/// passive TCP one (RFC 6544 §4.5).
///
/// @param transport how it is reached
/// @param address an IPv4 or IPv6 address in text, or a name
/// @param port in [1, 65535]
public record Candidate(Transport transport, String address, int port) {
  /// The transport protocol of a candidate.
  public enum Transport {
    UDP,
    TCP_PASSIVE
  }

  private static final int COMPONENT = 1;
  private static final int UDP_TYPE_PREFERENCE = 126;
  // RFC 6544 §4.2: TCP below UDP of any type; 4 is the direction preference of a passive one.
  private static final int TCP_TYPE_PREFERENCE = 90;
  private static final int TCP_PASSIVE_PREFERENCE = 4 << 13;
  private static final int MAX_LOCAL_PREFERENCE = 65_535;

  public Candidate {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("candidate port out of range: " + port);
    }
    if (address.isBlank() || address.indexOf(' ') >= 0) {
      throw new IllegalArgumentException("candidate address is not one word: " + address);
    }
  }

  public static Candidate udp(String address, int port) {
    return new Candidate(Transport.UDP, address, port);
  }

  public static Candidate tcpPassive(String address, int port) {
    return new Candidate(Transport.TCP_PASSIVE, address, port);
  }

  /// The priority of the candidate at `position` of a list in the order of preference (RFC 8445
  /// §5.1.2.1, RFC 6544 §4.2).
  long priority(int position) {
    return switch (transport) {
      case UDP -> priority(UDP_TYPE_PREFERENCE, MAX_LOCAL_PREFERENCE - position);
      case TCP_PASSIVE ->
          priority(TCP_TYPE_PREFERENCE, TCP_PASSIVE_PREFERENCE | ((1 << 13) - 1 - position));
    };
  }

  private static long priority(int typePreference, int localPreference) {
    return ((long) typePreference << 24) + ((long) localPreference << 8) + (256 - COMPONENT);
  }

  /// The value of the `candidate` attribute, and what goes after `candidate:` in a trickled one.
  String attribute(int position) {
    String protocol =
        switch (transport) {
          case UDP -> "udp";
          case TCP_PASSIVE -> "tcp";
        };
    String suffix =
        switch (transport) {
          case UDP -> "";
          case TCP_PASSIVE -> " tcptype passive";
        };
    return "%d %d %s %d %s %d typ host%s"
        .formatted(position + 1, COMPONENT, protocol, priority(position), address, port, suffix);
  }
}
