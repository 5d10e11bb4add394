package io.belfry.sfu.route;

/// What all rooms of a loop have done since the start. Written by the loop only.
public final class RouteCounters {
  /// No packet was flushed.
  public static final long NONE = Long.MAX_VALUE;

  /// When the packets that are being taken in arrived at the socket, on the loop's time line.
  public long arrivalNanos;

  /// When the oldest packet flushed in this turn arrived, or {@link #NONE}.
  public long oldestFlushedNanos = NONE;

  /// Packets sent to receivers, retransmissions not counted.
  public long forwardedPackets;

  /// Packets sent again because a receiver missed them (RFC 4588).
  public long resentPackets;

  /// Packets that a receiver missed and that could not be sent again.
  public long unansweredNacks;
}
