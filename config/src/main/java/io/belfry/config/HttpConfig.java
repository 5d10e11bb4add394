package io.belfry.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/// `belfry.http`: where HTTP and WebSocket are served, and their limits.
///
/// @param port 0 takes a free one
/// @param tls empty: plain HTTP
/// @param allowedOrigins `scheme://host[:port]` each, or `*`
/// @param trustedProxies addresses, or blocks in CIDR notation, whose `x-forwarded-for` is believed
/// @param maxConnectionsPerAddress WebSockets; 0: no limit
/// @param requestsPerSecondPerAddress 0: no limit
public record HttpConfig(
    String host,
    int port,
    Optional<TlsConfig> tls,
    int maxBodyBytes,
    int maxFrameBytes,
    int maxConnections,
    List<String> allowedOrigins,
    List<String> trustedProxies,
    int maxConnectionsPerAddress,
    int requestsPerSecondPerAddress) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  public HttpConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
    trustedProxies = List.copyOf(trustedProxies);
    Checks checks = new Checks();
    checks.that(!host.isBlank(), "belfry.http.host", host, "a host name or an IP address");
    checks.range("belfry.http.port", port, 0, 65_535);
    checks.range("belfry.http.maxBodyBytes", maxBodyBytes, KIB, 64 * MIB);
    // A join answer or an offer below this would not fit, and no call would ever start.
    checks.range("belfry.http.maxFrameBytes", maxFrameBytes, 16 * KIB, 16 * MIB);
    checks.range("belfry.http.maxConnections", maxConnections, 1, 10_000_000);
    checks.range("belfry.http.maxConnectionsPerAddress", maxConnectionsPerAddress, 0, 10_000_000);
    checks.range(
        "belfry.http.requestsPerSecondPerAddress", requestsPerSecondPerAddress, 0, 1_000_000);
    for (String proxy : trustedProxies) {
      checks.that(
          IpAddresses.isBlock(proxy),
          "belfry.http.trustedProxies",
          proxy,
          "IP addresses or blocks of them, such as 10.0.0.0/8");
    }
    for (String origin : allowedOrigins) {
      checks.that(
          isOrigin(origin),
          "belfry.http.allowedOrigins",
          origin,
          "\"*\", or origins such as https://app.example.org, without a path");
    }
    checks.done();
  }

  private static boolean isOrigin(String text) {
    if (text.equals("*")) {
      return true;
    }
    try {
      URI uri = new URI(text);
      return uri.getScheme() != null
          && uri.getHost() != null
          && (uri.getRawPath() == null || uri.getRawPath().isEmpty())
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
