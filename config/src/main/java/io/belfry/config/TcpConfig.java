package io.belfry.config;

/// `belfry.sfu.tcp`: media over TCP, for clients that cannot use UDP.
///
/// @param port the same for all media loops; 0 takes a free one, {@link #SAME_AS_UDP} the number of
///   `belfry.sfu.udp.port`
public record TcpConfig(
    boolean enabled, int port, int maxConnections, int maxConnectionsPerAddress) {
  public static final int SAME_AS_UDP = -1;

  public TcpConfig {
    Checks checks = new Checks();
    checks.range("belfry.sfu.tcp.port", port, SAME_AS_UDP, 65_535);
    checks.range("belfry.sfu.tcp.maxConnections", maxConnections, 1, 1_000_000);
    checks.range("belfry.sfu.tcp.maxConnectionsPerAddress", maxConnectionsPerAddress, 1, 1_000_000);
    checks.done();
  }

  /// The port to listen on, given `belfry.sfu.udp.port`; 0 for a free one.
  public int port(int udpPort) {
    return port == SAME_AS_UDP ? udpPort : port;
  }
}
