package io.belfry.config;

import java.time.Duration;

/// `belfry.signalling.push`: where push requests for callees without a connected device go.
///
/// @param url empty: no pushes
/// @param secret signs the requests; empty: they are not signed
public record PushConfig(String url, String secret, Duration timeout, int maxTokensPerUser) {

  public PushConfig {
    String prefix = "belfry.signalling.push.";
    Checks checks = new Checks();
    checks.that(
        url.isEmpty() || HttpUrls.isUrl(url), prefix + "url", url, "empty, or an http(s) address");
    checks.range(prefix + "timeout", timeout, Duration.ofMillis(100), Duration.ofSeconds(30));
    checks.range(prefix + "maxTokensPerUser", maxTokensPerUser, 1, 1000);
    checks.done();
  }

  /// The secret is not for logs.
  @Override
  public String toString() {
    return "PushConfig[url=" + url + "]";
  }
}
