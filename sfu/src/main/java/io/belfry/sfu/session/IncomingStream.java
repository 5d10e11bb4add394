package io.belfry.sfu.session;

import io.belfry.sfu.repair.NackGenerator;
import io.belfry.sfu.route.Encoding;
import io.belfry.sfu.rtcp.ReceptionStatistics;
import io.belfry.sfu.srtp.ReplayWindow;
import org.jspecify.annotations.Nullable;

/// One SSRC that a publisher sends: an encoding, or the retransmissions of one.
final class IncomingStream {
  /// Losses remembered per stream: two seconds of a 4 Mbit/s video in a burst.
  private static final int NACK_CAPACITY = 1024;

  final int ssrc;
  final ReplayWindow window = new ReplayWindow();
  final ReceptionStatistics statistics;
  final Encoding encoding;

  /// Whether this carries retransmissions of the encoding (RFC 4588).
  final boolean isRetransmission;

  /// What is missing; null for streams whose losses are not asked for.
  final @Nullable NackGenerator nacks;

  IncomingStream(
      int ssrc, Encoding encoding, int clockRate, boolean isRetransmission, boolean hasNack) {
    this.ssrc = ssrc;
    this.encoding = encoding;
    this.isRetransmission = isRetransmission;
    this.statistics = new ReceptionStatistics(ssrc, clockRate);
    this.nacks = hasNack && !isRetransmission ? new NackGenerator(NACK_CAPACITY) : null;
  }
}
