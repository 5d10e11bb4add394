package io.belfry.sfu.route;

/// What all rooms of a loop have done since the start. Written by the loop only.
public final class RouteCounters {
  /// Packets sent to receivers, retransmissions not counted.
  public long forwardedPackets;

  /// Packets sent again because a receiver missed them (RFC 4588).
  public long resentPackets;

  /// Packets that a receiver missed and that could not be sent again.
  public long unansweredNacks;
}
