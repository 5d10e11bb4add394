package io.belfry.sfu.net;

import java.util.concurrent.atomic.AtomicLong;

/// What happened on the TCP port since the start. Written by its threads, read by any.
public final class TcpCounters {
  final AtomicLong open = new AtomicLong();
  final AtomicLong accepted = new AtomicLong();
  final AtomicLong refused = new AtomicLong();
  final AtomicLong unauthenticated = new AtomicLong();
  final AtomicLong receivedPackets = new AtomicLong();
  final AtomicLong sentPackets = new AtomicLong();
  final AtomicLong droppedReceived = new AtomicLong();
  final AtomicLong droppedSent = new AtomicLong();

  /// Connections that are open.
  public long open() {
    return open.get();
  }

  /// Connections that were taken.
  public long accepted() {
    return accepted.get();
  }

  /// Connections closed at once, because there were as many as may be.
  public long refused() {
    return refused.get();
  }

  /// Connections closed because no valid connectivity check came, or something else came first.
  public long unauthenticated() {
    return unauthenticated.get();
  }

  public long receivedPackets() {
    return receivedPackets.get();
  }

  public long sentPackets() {
    return sentPackets.get();
  }

  /// Packets that a media loop had no room for.
  public long droppedReceived() {
    return droppedReceived.get();
  }

  /// Packets not sent because the client's network does not keep up.
  public long droppedSent() {
    return droppedSent.get();
  }
}
