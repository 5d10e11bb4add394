package io.belfry.sfu.sim;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtcp.TransportFeedbackReader;
import io.belfry.sfu.rtp.RtpPacket;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// A participant's way up: sends tracks, answers what the node asks for, and learns from what it
/// reports.
final class SimPublisher extends SimPeer {
  /// The publisher's wall clock, which nobody else shares: 1 January 2027.
  private static final long NTP_BASE = 4_007_750_400L << 32;

  final List<SimTrack> tracks = new ArrayList<>();

  /// Transport-wide sequence numbers reported as received, and as lost.
  final BitSet reportedReceived = new BitSet();

  final BitSet reportedLost = new BitSet();

  /// What the latest receiver reports say.
  int reports;

  long reportedCumulativeLost;

  /// Requests of key frames for what has none.
  int senselessRequests;

  boolean isSending = true;

  private final TransportFeedbackReader feedback = new TransportFeedbackReader();
  private int transportSequence;

  SimPublisher(SimNode node, long transportId, long seed) {
    super(node, 0, transportId, true, seed);
    simulation.every(Simulation.SECOND, this::sendReports);
  }

  /// The 64-bit NTP time of an instant on the simulation's time line.
  static long ntp(long elapsedNanos) {
    long seconds = elapsedNanos / Simulation.SECOND;
    long rest = elapsedNanos % Simulation.SECOND;
    return NTP_BASE + (seconds << 32) + (rest << 32) / Simulation.SECOND;
  }

  SimTrack publish(long producerId, boolean isVideo) {
    return publish(producerId, isVideo, 100);
  }

  /// @param firstIndex of the track's packets; below 2^15, as senders choose it
  SimTrack publish(long producerId, boolean isVideo, long firstIndex) {
    SimTrack track = new SimTrack(this, producerId, isVideo, firstIndex);
    tracks.add(track);
    node.command(new Command.Produce(transportId, track.spec()));
    simulation.every(
        track.frameIntervalNanos(),
        () -> {
          if (isSending && tracks.contains(track)) {
            track.sendFrame(simulation.elapsedNanos());
          }
        });
    return track;
  }

  int nextTransportSequence() {
    return transportSequence++ & 0xFFFF;
  }

  int transportSequences() {
    return transportSequence;
  }

  private void sendReports() {
    if (!isSending) {
      return;
    }
    long now = simulation.elapsedNanos();
    for (SimTrack track : tracks) {
      if (track.sentPackets() > 0) {
        sendRtcp(writer -> {
          writer.senderReport(track.ssrc, ntp(now), track.timestamp(now), 1, 1);
          writer.sourceDescription(track.ssrc, "publisher");
        });
      }
    }
  }

  @Override
  void onRtp(RtpPacket received, long index, byte[] payload) {
    throw new IllegalStateException("media on the way up");
  }

  @Override
  void onRtcp(RtcpReader received, Memory memory) {
    switch (received.type()) {
      case RtcpReader.RR -> onReport(received);
      case RtcpReader.RTPFB -> {
        if (received.format() == RtcpReader.NACK) {
          onNack(received);
        } else if (feedback.wrap(memory, received.offset(), received.length())) {
          onFeedback();
        } else {
          throw new IllegalStateException("malformed feedback");
        }
      }
      case RtcpReader.PSFB -> onKeyFrameRequest(received.mediaSsrc());
      default -> throw new IllegalStateException("RTCP type " + received.type());
    }
  }

  private void onReport(RtcpReader received) {
    reports++;
    for (int i = 0; i < received.reportCount(); i++) {
      reportedCumulativeLost = received.reportCumulativeLost(i);
    }
  }

  private void onNack(RtcpReader received) {
    SimTrack track = track(received.mediaSsrc());
    for (int i = 0; i < received.nackCount(); i++) {
      track.resend(received.nackPid(i));
      for (int bit = 0; bit < 16; bit++) {
        if ((received.nackBlp(i) >>> bit & 1) != 0) {
          track.resend(received.nackPid(i) + bit + 1 & 0xFFFF);
        }
      }
    }
  }

  private void onFeedback() {
    while (feedback.next()) {
      if (feedback.isReceived()) {
        reportedReceived.set(feedback.sequence());
        reportedLost.clear(feedback.sequence());
      } else {
        reportedLost.set(feedback.sequence());
      }
    }
  }

  private void onKeyFrameRequest(int ssrc) {
    SimTrack track = track(ssrc);
    senselessRequests += track.isVideo ? 0 : 1;
    track.keyFrameRequests++;
    track.isKeyFrameDue = true;
  }

  private SimTrack track(int ssrc) {
    return tracks.stream()
        .filter(track -> track.ssrc == ssrc)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("feedback about nothing: " + ssrc));
  }
}
