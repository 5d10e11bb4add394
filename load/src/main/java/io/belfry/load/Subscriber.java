package io.belfry.load;

import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.srtp.ReplayWindow;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The receiving side: counts, and reports once a second (RFC 3550 §6.4.2).
final class Subscriber implements Media {
  private static final long REPORT_NANOS = 1_000_000_000L;
  private static final int OWN_SSRC = 1;

  private final Map<Integer, ReceivedStream> streams = new HashMap<>();
  private final long run;
  private final Traffic traffic;
  private long nextReportNanos;

  /// @param clockRates of the streams that the server announced, by SSRC
  Subscriber(Map<Integer, Integer> clockRates, long run, Traffic traffic) {
    clockRates.forEach((ssrc, rate) -> streams.put(ssrc, new ReceivedStream(ssrc, rate)));
    this.run = run;
    this.traffic = traffic;
  }

  Iterable<ReceivedStream> streams() {
    return streams.values();
  }

  @Override
  public @Nullable ReplayWindow window(int ssrc) {
    ReceivedStream stream = streams.get(ssrc);
    return stream == null ? null : stream.window;
  }

  @Override
  public void onRtp(RtpPacket packet, long nowNanos) {
    ReceivedStream stream = streams.get(packet.ssrc());
    if (stream != null) {
      stream.onPacket(packet, run, traffic, nowNanos);
    }
  }

  @Override
  public void onRtcp(RtcpReader packet, long nowNanos) {
    ReceivedStream stream = streams.get(packet.senderSsrc());
    if (packet.type() == RtcpReader.SR && stream != null) {
      stream.statistics.onSenderReport(packet.ntp(), nowNanos);
    }
  }

  @Override
  public long onTime(Peer peer, long nowNanos) {
    if (nextReportNanos == 0 || nowNanos - nextReportNanos >= 0) {
      nextReportNanos = nowNanos + REPORT_NANOS;
      peer.sendRtcp(writer -> {
        writer.receiverReport(OWN_SSRC);
        for (ReceivedStream stream : streams.values()) {
          stream.statistics.writeReport(writer, nowNanos);
        }
      });
    }
    return nextReportNanos;
  }
}
