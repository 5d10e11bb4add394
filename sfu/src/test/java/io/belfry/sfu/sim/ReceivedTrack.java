package io.belfry.sfu.sim;

import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.HeaderPlan;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/// A track as a {@link SimSubscriber} gets it: what came, what is missing, and whether it is what
/// was sent.
final class ReceivedTrack {
  static final int VP8 = 100;
  static final int VP8_RTX = 101;
  static final int OPUS = 120;
  static final int MAX_TRIES = 60;

  private static final long NACK_DELAY_NANOS = 15 * Simulation.MILLI;
  private static final long NACK_RETRY_NANOS = 60 * Simulation.MILLI;

  private static final ExtensionIds RECEIVER =
      ExtensionIds.of(
          Map.of(
              HeaderExtension.MID, 1,
              HeaderExtension.ABS_SEND_TIME, 2,
              HeaderExtension.TRANSPORT_WIDE_CC, 3));

  /// A missing packet: when it may be asked for next, and how often it was.
  private record Missing(long dueNanos, int tries) {}

  final SimTrack source;
  final ConsumerSpec spec;
  final int ssrc;
  final int rtxSsrc;

  /// Whether something was left out, so that pictures may have other numbers.
  boolean isRenumbered;

  /// Packets that came as retransmissions.
  int repaired;

  /// Packets whose id is not the neighbours', so that the order is broken.
  int disordered;

  /// Of the latest sender report, and since when we have it.
  long reportNtp;

  int reportTimestamp;
  long reportReceivedNanos;
  int senderReports;

  /// By how much, at most, the time of capture that the sender reports imply was off.
  long worstClockErrorNanos;

  private final BitSet received = new BitSet();
  private final TreeMap<Long, Missing> missing = new TreeMap<>();
  private long firstIndex = -1;
  private long highestIndex = -1;
  private long idOffset;

  ReceivedTrack(SimTrack source, long consumerId, int ssrc) {
    this.source = source;
    this.ssrc = ssrc;
    this.rtxSsrc = ssrc + 1;
    HeaderPlan plan = new HeaderPlan(ssrc);
    plan.mapPayloadType(source.isVideo ? SimTrack.VP8 : SimTrack.OPUS, source.isVideo ? VP8 : OPUS);
    plan.extensions(SimTrack.EXTENSIONS, RECEIVER, "m" + consumerId, true);
    HeaderPlan rtxPlan = new HeaderPlan(rtxSsrc);
    rtxPlan.mapPayloadType(SimTrack.VP8, VP8_RTX);
    rtxPlan.extensions(SimTrack.EXTENSIONS, RECEIVER, "m" + consumerId, true);
    this.spec =
        new ConsumerSpec(
            consumerId, source.producerId, plan, source.isVideo ? rtxPlan : null, "cname");
  }

  /// @param timestamp as received
  void onPacket(long index, byte[] bytes, int timestamp, long nowNanos) {
    SimPayload payload = SimPayload.read(source.isVideo, isRenumbered, bytes);
    if (firstIndex < 0) {
      if (source.isVideo && !(payload.isKey() && payload.isStart())) {
        throw new IllegalStateException("begins without a key frame");
      }
      firstIndex = index;
      highestIndex = index;
      idOffset = payload.id() - index;
    }
    disordered += payload.id() - index == idOffset ? 0 : 1;
    checkClock(payload, timestamp);
    if (index < firstIndex) {
      return; // nothing to be expected before the first
    }
    for (long i = highestIndex + 1; i < index; i++) {
      missing.put(i, new Missing(nowNanos + NACK_DELAY_NANOS, 0));
    }
    highestIndex = Math.max(highestIndex, index);
    missing.remove(index);
    received.set((int) (index - firstIndex));
  }

  /// The capture time that the latest sender report implies must be the one in the payload.
  private void checkClock(SimPayload payload, int timestamp) {
    if (senderReports > 0) {
      double seconds = (double) (timestamp - reportTimestamp) / source.clockRate;
      double implied = (double) (reportNtp - SimPublisher.ntp(0)) / (1L << 32) + seconds;
      long error = Math.abs((long) (implied * Simulation.SECOND) - payload.captureNanos());
      worstClockErrorNanos = Math.max(worstClockErrorNanos, error);
    }
  }

  void onSenderReport(long ntp, int timestamp, long nowNanos) {
    senderReports++;
    reportNtp = ntp;
    reportTimestamp = timestamp;
    reportReceivedNanos = nowNanos;
  }

  /// Sequence numbers to ask for now; counts a try for each.
  int[] pollNacks(long nowNanos) {
    int[] due =
        missing.entrySet().stream()
            .filter(e -> e.getValue().dueNanos <= nowNanos && e.getValue().tries < MAX_TRIES)
            .limit(50)
            .mapToInt(e -> (int) (e.getKey() & 0xFFFF))
            .toArray();
    missing.replaceAll((_, m) ->
        m.dueNanos <= nowNanos ? new Missing(nowNanos + NACK_RETRY_NANOS, m.tries + 1) : m);
    return due;
  }

  /// The 48-bit index nearest to those seen.
  long indexOf(int sequence) {
    return highestIndex + (short) (sequence - (int) highestIndex);
  }

  boolean hasPackets() {
    return firstIndex >= 0;
  }

  long firstIndex() {
    return firstIndex;
  }

  long highestIndex() {
    return highestIndex;
  }

  /// How many different packets came.
  int packets() {
    return received.cardinality();
  }

  /// How many are missing between the first and the last.
  int gaps() {
    return hasPackets() ? (int) (highestIndex - firstIndex + 1) - packets() : 0;
  }
}
