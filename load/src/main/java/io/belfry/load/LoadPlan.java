package io.belfry.load;

import java.net.URI;
import java.time.Duration;

/// What a load test does.
///
/// @param server where the HTTP port of the server is, such as `http://127.0.0.1:8080`
/// @param session that everybody joins
/// @param publishers who send `media`
/// @param subscribers who receive all of them
/// @param ramp over how long the joins are spread
/// @param duration of the measurement, once everybody has joined
/// @param maxLossPercent of packets, beyond which the test has failed
public record LoadPlan(
    URI server,
    String session,
    int publishers,
    int subscribers,
    SentMedia media,
    Duration ramp,
    Duration duration,
    double maxLossPercent) {
  public static final int MAX_PARTICIPANTS = 5_000;

  private static final Duration MAX_DURATION = Duration.ofDays(1);

  /// @throws IllegalArgumentException in words for the operator
  public LoadPlan {
    String scheme = String.valueOf(server.getScheme());
    require(
        (scheme.equals("http") || scheme.equals("https")) && server.getHost() != null,
        "--server must be a URL such as http://127.0.0.1:8080");
    require(publishers >= 0, "--publishers must not be negative");
    require(subscribers >= 0, "--subscribers must not be negative");
    require(publishers + subscribers > 0, "without publishers and subscribers there is no test");
    require(
        publishers <= MAX_PARTICIPANTS && subscribers <= MAX_PARTICIPANTS - publishers,
        "publishers and subscribers together are at most " + MAX_PARTICIPANTS);
    require(!ramp.isNegative() && ramp.compareTo(MAX_DURATION) <= 0, "--ramp is from 0s to 24h");
    require(
        duration.isPositive() && duration.compareTo(MAX_DURATION) <= 0,
        "--duration must be longer than nothing, and at most 24h");
    require(
        maxLossPercent >= 0 && maxLossPercent <= 100, "--max-loss is from 0 to 100, a percentage");
  }

  static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  int participants() {
    return publishers + subscribers;
  }

  /// How many others a subscriber has room for.
  int seats() {
    return Math.max(1, publishers);
  }

  /// @param access `whip` or `whep`
  URI endpoint(String access) {
    String base = server.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + access + "/" + session);
  }
}
