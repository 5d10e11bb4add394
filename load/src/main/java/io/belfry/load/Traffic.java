package io.belfry.load;

/// What the peers of one media thread have sent and received.
///
/// Counted by the thread; others get copies.
final class Traffic {
  long sentPackets;
  long sentBytes;
  long receivedPackets;
  long receivedBytes;

  /// Packets that should have come to who received at least one of the stream.
  long expectedPackets;

  long lostPackets;

  /// Streams that were announced and of which nothing came.
  int silentStreams;

  int lostConnections;

  /// Packets that our own socket did not take.
  long unsentPackets;

  /// How late a frame was sent, at worst: the generator's own fault.
  long behindNanos;

  DelayCounts delays = new DelayCounts();

  /// Begins with delays anew, when those of the joins are over.
  void forgetTimes() {
    behindNanos = 0;
    delays = new DelayCounts();
  }

  void add(Traffic other) {
    sentPackets += other.sentPackets;
    sentBytes += other.sentBytes;
    receivedPackets += other.receivedPackets;
    receivedBytes += other.receivedBytes;
    expectedPackets += other.expectedPackets;
    lostPackets += other.lostPackets;
    silentStreams += other.silentStreams;
    lostConnections += other.lostConnections;
    unsentPackets += other.unsentPackets;
    behindNanos = Math.max(behindNanos, other.behindNanos);
    delays.addAll(other.delays);
  }
}
