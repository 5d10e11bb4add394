package io.belfry.signalling.call;

import io.belfry.common.id.SessionId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Makes session ids: `v1.<region>.<appId>.<10 digits of Unix seconds><40 hexadecimal digits>`.
final class SessionIds {
  private static final int RANDOM_BYTES = 20;

  private final String prefix;
  private final RandomGenerator random;

  SessionIds(String region, String appId, RandomGenerator random) {
    this.prefix = "v1." + region + "." + appId + ".";
    this.random = random;
  }

  SessionId next(Instant now) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return new SessionId(
        prefix + String.format("%010d", now.getEpochSecond()) + HexFormat.of().formatHex(bytes));
  }
}
