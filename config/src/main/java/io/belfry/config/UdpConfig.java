package io.belfry.config;

/// `belfry.sfu.udp`: the media sockets.
///
/// @param port of the first loop, the others follow on; 0 takes free ones
public record UdpConfig(String host, int port, int receiveBufferBytes, int sendBufferBytes) {
  private static final int KIB = 1024;
  private static final int GIB = 1024 * 1024 * KIB;

  public UdpConfig {
    Checks checks = new Checks();
    checks.that(
        IpAddresses.isLiteral(host),
        "belfry.sfu.udp.host",
        host,
        "an IP address of this host, \"::\" for all, or 0.0.0.0 for all of IPv4");
    checks.range("belfry.sfu.udp.port", port, 0, 65_535);
    checks.range("belfry.sfu.udp.receiveBufferBytes", receiveBufferBytes, 64 * KIB, GIB);
    checks.range("belfry.sfu.udp.sendBufferBytes", sendBufferBytes, 64 * KIB, GIB);
    checks.done();
  }
}
