package io.belfry.load;

import io.belfry.sfu.rtcp.ReceptionStatistics;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.srtp.ReplayWindow;
import java.util.concurrent.atomic.AtomicLongArray;

/// One stream of a subscriber.
///
/// Of a track of this process it is known what was sent, so that a stream which broke off, or from
/// which a server left packets out and closed the gap, counts as lost. Of other publishers' tracks
/// sequence numbers tell (RFC 3550 appendix A.3).
final class ReceivedStream {
  private static final int NONE = -1;

  final ReplayWindow window = new ReplayWindow();
  final ReceptionStatistics statistics;
  private int track = NONE;
  private long firstIndex;
  private long stamped;
  private long received;

  ReceivedStream(int ssrc, int clockRate) {
    statistics = new ReceptionStatistics(ssrc, clockRate);
  }

  void onPacket(RtpPacket packet, long run, Traffic traffic, long nowNanos) {
    statistics.onPacket(packet.sequence(), packet.timestamp(), nowNanos);
    received++;
    traffic.receivedPackets++;
    traffic.receivedBytes += packet.length();
    int end = packet.payloadOffset() + packet.payloadLength();
    if (packet.payloadLength() < Stamp.BYTES || !Stamp.isOf(run, packet.memory(), end)) {
      return;
    }
    traffic.delays.add(nowNanos - Stamp.sentNanos(packet.memory(), end));
    long index = Stamp.index(packet.memory(), end);
    if (Stamp.track(packet.memory(), end) != track) {
      track = Stamp.track(packet.memory(), end);
      firstIndex = index;
      stamped = 0;
    }
    firstIndex = Math.min(firstIndex, index);
    stamped++;
  }

  /// Adds what should have come and did not.
  ///
  /// @param sentByTrack so far; packets that are on their way count as lost
  void settle(AtomicLongArray sentByTrack, Traffic total) {
    boolean isOurs = track >= 0 && track < sentByTrack.length();
    long lost =
        isOurs
            ? sentByTrack.get(track) - firstIndex - stamped
            : Math.max(0, statistics.cumulativeLost());
    total.lostPackets += lost;
    total.expectedPackets += lost + (isOurs ? stamped : received);
    total.silentStreams += received == 0 ? 1 : 0;
  }

  /// Packets that were lost, by the sequence numbers: also while some are on their way.
  long lostSoFar() {
    return Math.max(0, statistics.cumulativeLost());
  }
}
