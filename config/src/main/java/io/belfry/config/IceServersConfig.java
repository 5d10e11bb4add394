package io.belfry.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// `belfry.sfu.iceServers`: STUN and TURN servers that clients are told to use.
///
/// @param secret that the TURN servers share; empty without any
/// @param lifetime of TURN credentials
public record IceServersConfig(List<String> urls, String secret, Duration lifetime) {
  /// RFC 7064 §3.1 and RFC 7065 §3.1, the host not looked at.
  private static final Pattern URL =
      Pattern.compile("stuns?:[^\\s<>\"?/]+|turns?:[^\\s<>\"?/]+(\\?transport=(udp|tcp))?");

  public IceServersConfig {
    urls = List.copyOf(urls);
    Checks checks = new Checks();
    for (String url : urls) {
      checks.that(
          URL.matcher(url).matches(),
          "belfry.sfu.iceServers.urls",
          url,
          "URLs such as stun:stun.example.org or turns:turn.example.org:443?transport=tcp");
    }
    checks.that(
        !secret.isEmpty() || urls.stream().noneMatch(url -> url.startsWith("turn")),
        "belfry.sfu.iceServers.urls",
        urls,
        "STUN servers only, unless belfry.sfu.iceServers.secret is set");
    checks.range(
        "belfry.sfu.iceServers.lifetime", lifetime, Duration.ofMinutes(1), Duration.ofDays(30));
    checks.done();
  }

  /// The secret is not for logs.
  @Override
  public String toString() {
    return "IceServersConfig" + urls;
  }
}
