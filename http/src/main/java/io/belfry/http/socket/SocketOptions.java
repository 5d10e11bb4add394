package io.belfry.http.socket;

import java.time.Duration;

/// The limits of one socket path.
///
/// @param greetingType the only request that is heard before the greeting: `hello` or `join`
/// @param greetingTimeout how long a socket may stay without greeting
/// @param heartbeatInterval how often the client pings; after 2.5 of these in silence it is dead
/// @param maxQueuedFrames frames that may wait while one is handled, in [1, 4096]; beyond is abuse
/// @param maxOutboundBytes frames that may wait for a slow reader, in bytes; beyond it is cut off
/// @param framesPerSecond how many frames are heard, after a burst of four times as many; 0: all
public record SocketOptions(
    String greetingType,
    Duration greetingTimeout,
    Duration heartbeatInterval,
    int maxQueuedFrames,
    int maxOutboundBytes,
    int framesPerSecond) {
  private static final int DEFAULT_QUEUED_FRAMES = 64;
  private static final int DEFAULT_OUTBOUND_BYTES = 1 << 20;
  private static final int DEFAULT_FRAMES_PER_SECOND = 100;

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

  /// With 64 waiting frames, 1 MiB of outbound buffer and 100 frames per second.
  public SocketOptions(String greetingType, Duration greetingTimeout, Duration heartbeatInterval) {
    this(
        greetingType,
        greetingTimeout,
        heartbeatInterval,
        DEFAULT_QUEUED_FRAMES,
        DEFAULT_OUTBOUND_BYTES,
        DEFAULT_FRAMES_PER_SECOND);
  }

  /// The same, with other limits.
  public SocketOptions withLimits(int maxOutbound, int maxFramesPerSecond) {
    return new SocketOptions(
        greetingType,
        greetingTimeout,
        heartbeatInterval,
        maxQueuedFrames,
        maxOutbound,
        maxFramesPerSecond);
  }

  /// 2.5 heart-beat intervals.
  public Duration silenceTimeout() {
    return heartbeatInterval.multipliedBy(5).dividedBy(2);
  }
}
