package io.belfry.http.socket;

import java.time.Duration;

/// The limits of one socket path.
///
/// @param greetingType the only request that is heard before the greeting: `hello` or `join`
/// @param greetingTimeout how long a socket may stay without greeting
/// @param heartbeatInterval how often the client pings; after 2.5 of these in silence it is dead
/// @param maxQueuedFrames frames that may wait while one is handled, in [1, 4096]; beyond is abuse
/// @param maxOutboundBytes frames that may wait for a slow reader, in bytes; beyond it is cut off
public record SocketOptions(
    String greetingType,
    Duration greetingTimeout,
    Duration heartbeatInterval,
    int maxQueuedFrames,
    int maxOutboundBytes) {
  private static final int DEFAULT_QUEUED_FRAMES = 64;
  private static final int DEFAULT_OUTBOUND_BYTES = 1 << 20;

  public SocketOptions {
    if (maxQueuedFrames < 1 || maxQueuedFrames > 4096) {
      throw new IllegalArgumentException("maxQueuedFrames out of range: " + maxQueuedFrames);
    }
    if (maxOutboundBytes < 1024) {
      throw new IllegalArgumentException("maxOutboundBytes out of range: " + maxOutboundBytes);
    }
    if (greetingTimeout.isNegative() || heartbeatInterval.isNegative()) {
      throw new IllegalArgumentException("a time-out is negative");
    }
  }

  /// With 64 waiting frames and 1 MiB of outbound buffer.
  public SocketOptions(String greetingType, Duration greetingTimeout, Duration heartbeatInterval) {
    this(
        greetingType,
        greetingTimeout,
        heartbeatInterval,
        DEFAULT_QUEUED_FRAMES,
        DEFAULT_OUTBOUND_BYTES);
  }

  /// 2.5 heart-beat intervals.
  public Duration silenceTimeout() {
    return heartbeatInterval.multipliedBy(5).dividedBy(2);
  }
}
