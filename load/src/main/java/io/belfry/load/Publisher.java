package io.belfry.load;

import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.srtp.ReplayWindow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sending side: frames when they are due, key frames when asked for (RFC 4585 §6.3.1, RFC 5104
/// §4.3.1), a sender report once a second.
final class Publisher implements Media {
  private static final long REPORT_NANOS = 1_000_000_000L;
  private static final String CNAME = "load";

  private final List<SentTrack> tracks;
  private final long run;
  private final Traffic traffic;
  private long nextReportNanos;
  private boolean isStopped;

  Publisher(List<SentTrack> tracks, long run, Traffic traffic) {
    this.tracks = List.copyOf(tracks);
    this.run = run;
    this.traffic = traffic;
  }

  /// Sends no more media.
  void stop() {
    isStopped = true;
  }

  @Override
  public @Nullable ReplayWindow window(int ssrc) {
    return null;
  }

  @Override
  public void onRtp(RtpPacket packet, long nowNanos) {
    // Nobody sends to a publisher.
  }

  @Override
  public void onRtcp(RtcpReader packet, long nowNanos) {
    if (packet.type() != RtcpReader.PSFB) {
      return;
    }
    for (SentTrack track : tracks) {
      if (isKeyFrameRequest(packet, track.section.ssrc())) {
        track.wantKeyFrame();
      }
    }
  }

  private static boolean isKeyFrameRequest(RtcpReader packet, int ssrc) {
    if (packet.format() == RtcpReader.PLI) {
      return packet.mediaSsrc() == ssrc;
    }
    boolean isAsked = false;
    for (int i = 0; packet.format() == RtcpReader.FIR && i < packet.firCount(); i++) {
      isAsked |= packet.firSsrc(i) == ssrc;
    }
    return isAsked;
  }

  @Override
  public long onTime(Peer peer, long nowNanos) {
    if (isStopped) {
      return nowNanos + REPORT_NANOS;
    }
    if (nextReportNanos == 0) {
      tracks.forEach(track -> track.begin(nowNanos));
    }
    if (nextReportNanos == 0 || nowNanos - nextReportNanos >= 0) {
      nextReportNanos = nowNanos + REPORT_NANOS;
      peer.sendRtcp(writer -> {
        for (SentTrack track : tracks) {
          int ssrc = track.section.ssrc();
          writer.senderReport(
              ssrc, ntp(nowNanos), track.timestamp(), track.packets(), track.octets());
          writer.sourceDescription(ssrc, CNAME);
        }
      });
    }
    long next = nextReportNanos;
    for (SentTrack track : tracks) {
      while (nowNanos - track.nextNanos() >= 0) {
        track.sendFrame(peer, run, traffic, nowNanos);
      }
      next = track.nextNanos() - next < 0 ? track.nextNanos() : next;
    }
    return next;
  }

  /// 32.32 fixed-point seconds on a time line of our own, which is all that a sender report needs
  /// (RFC 3550 §6.4.1).
  private static long ntp(long nanos) {
    long rest = Math.floorMod(nanos, REPORT_NANOS);
    return Math.floorDiv(nanos, REPORT_NANOS) << 32 | (rest << 32) / REPORT_NANOS;
  }
}
