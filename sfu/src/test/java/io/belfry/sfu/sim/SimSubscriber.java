package io.belfry.sfu.sim;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.rtcp.Ntp;
import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtcp.RtcpWriter;
import io.belfry.sfu.rtp.RtpPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A participant's way down: receives tracks, asks for what is missing, and reports.
final class SimSubscriber extends SimPeer {
  private static final int OWN_SSRC = 1;

  final List<ReceivedTrack> tracks = new ArrayList<>();
  boolean isNacking = true;

  /// When the latest packet of media came.
  long lastMediaNanos;

  /// The longest pause between two packets of media.
  long longestPauseNanos;

  SimSubscriber(SimNode node, long transportId, long seed) {
    this(node, 0, transportId, seed);
  }

  SimSubscriber(SimNode node, int loop, long transportId, long seed) {
    super(node, loop, transportId, false, seed);
    simulation.every(20 * Simulation.MILLI, this::sendNacks);
    simulation.every(Simulation.SECOND, this::sendReports);
  }

  ReceivedTrack subscribe(SimTrack source) {
    long consumerId = transportId * 100 + tracks.size();
    ReceivedTrack track = new ReceivedTrack(source, consumerId, random.nextInt() & ~1);
    tracks.add(track);
    command(new Command.Consume(transportId, track.spec));
    return track;
  }

  void requestKeyFrame(ReceivedTrack track) {
    sendRtcp(writer -> writer.pictureLossIndication(OWN_SSRC, track.ssrc));
  }

  /// A protected NACK of one packet, not sent.
  byte[] nackBytes(ReceivedTrack track, int sequence) {
    return protectRtcp(memory -> {
      RtcpWriter writer = new RtcpWriter();
      writer.wrap(memory, 0, 200);
      writer.nack(OWN_SSRC, track.ssrc, new int[] {sequence}, 1);
      return writer.length();
    });
  }

  private void sendNacks() {
    if (!isNacking) {
      return;
    }
    for (ReceivedTrack track : tracks) {
      int[] missing =
          track.source.isVideo ? track.pollNacks(simulation.elapsedNanos()) : new int[0];
      if (missing.length > 0) {
        sendRtcp(writer -> writer.nack(OWN_SSRC, track.ssrc, missing, missing.length));
      }
    }
  }

  private void sendReports() {
    List<ReceivedTrack> reported = tracks.stream().filter(t -> t.senderReports > 0).toList();
    if (!reported.isEmpty()) {
      sendRtcp(writer -> {
        writer.receiverReport(OWN_SSRC);
        for (ReceivedTrack track : reported) {
          long delay = simulation.elapsedNanos() - track.reportReceivedNanos;
          int highest = (int) track.highestIndex();
          int last = Ntp.middle(track.reportNtp);
          writer.reportBlock(track.ssrc, 0, 0, highest, 0, last, Ntp.units(delay));
        }
      });
    }
  }

  @Override
  void onRtp(RtpPacket received, long index, byte[] payload) {
    long now = simulation.elapsedNanos();
    if (lastMediaNanos > 0) {
      longestPauseNanos = Math.max(longestPauseNanos, now - lastMediaNanos);
    }
    lastMediaNanos = now;
    for (ReceivedTrack track : tracks) {
      if (received.ssrc() == track.ssrc) {
        checkType(
            received.payloadType()
                == (track.source.isVideo ? ReceivedTrack.VP8 : ReceivedTrack.OPUS));
        track.onPacket(index, payload, received.timestamp(), now);
        return;
      }
      if (received.ssrc() == track.rtxSsrc) {
        checkType(received.payloadType() == ReceivedTrack.VP8_RTX);
        int original = Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort());
        track.repaired++;
        track.onPacket(
            track.indexOf(original),
            Arrays.copyOfRange(payload, 2, payload.length),
            received.timestamp(),
            now);
        return;
      }
    }
    throw new IllegalStateException("media of nobody: " + received.ssrc());
  }

  private static void checkType(boolean condition) {
    if (!condition) {
      throw new IllegalStateException("a payload type that was not negotiated");
    }
  }

  @Override
  void onRtcp(RtcpReader received, Memory memory) {
    if (received.type() == RtcpReader.SR) {
      for (ReceivedTrack track : tracks) {
        if (received.senderSsrc() == track.ssrc) {
          track.onSenderReport(received.ntp(), received.rtpTimestamp(), simulation.elapsedNanos());
        }
      }
    } else if (received.type() != RtcpReader.SDES) {
      throw new IllegalStateException("RTCP type " + received.type());
    }
  }
}
