package io.belfry.sfu.rtcp;

import io.belfry.sfu.rtp.Seq16;

/// What a receiver reports about one stream: loss, jitter, and the last sender report (RFC 3550
/// appendix A.1, A.3, A.8).
public final class ReceptionStatistics {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /// A jump further ahead than this, in packets, may be a sender that began anew (RFC 3550 A.1).
  private static final int MAX_DROPOUT = 3000;

  /// A packet further behind than this may be one too.
  private static final int MAX_MISORDER = 1000;

  private static final int NONE = -1;

  private final int ssrc;
  private final int clockRate;
  private boolean hasPackets;

  /// What would follow the last packet that was far off: two in a row are believed (A.1,
  /// `bad_seq`).
  private int resumedSequence = NONE;

  private int highestSequence;
  private int cycles;
  private long baseExtended;
  private long received;
  private long expectedBefore;
  private long receivedBefore;

  /// Jitter times 16, as A.8 keeps it.
  private long jitterTimes16;

  private int lastTransit;
  private int lastSenderReport;
  private long lastSenderReportNanos;
  private boolean hasSenderReport;

  /// @param clockRate RTP ticks per second
  public ReceptionStatistics(int ssrc, int clockRate) {
    this.ssrc = ssrc;
    this.clockRate = clockRate;
  }

  /// Takes the arrival of a packet.
  ///
  /// @param sequence in [0, 65535]
  public void onPacket(int sequence, int timestamp, long nowNanos) {
    int transit = ticks(nowNanos) - timestamp;
    if (!hasPackets) {
      begin(sequence);
    } else {
      int distance = Seq16.distance(highestSequence, sequence);
      if (distance > MAX_DROPOUT || distance < -MAX_MISORDER) {
        if (sequence != resumedSequence) {
          resumedSequence = Seq16.plus(sequence, 1);
          return;
        }
        begin(sequence);
      } else {
        resumedSequence = NONE;
        if (distance > 0) {
          cycles += sequence < highestSequence ? 1 : 0;
          highestSequence = sequence;
        }
        int difference = Math.abs(transit - lastTransit);
        jitterTimes16 += difference - ((jitterTimes16 + 8) >> 4);
      }
    }
    lastTransit = transit;
    received++;
  }

  private void begin(int sequence) {
    hasPackets = true;
    resumedSequence = NONE;
    highestSequence = sequence;
    cycles = 0;
    baseExtended = sequence;
    received = 0;
    expectedBefore = 0;
    receivedBefore = 0;
    jitterTimes16 = 0;
  }

  private int ticks(long nanos) {
    long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
    long rest = nanos - seconds * NANOS_PER_SECOND;
    return (int) (seconds * clockRate + rest * clockRate / NANOS_PER_SECOND);
  }

  /// Takes a sender report of this stream.
  ///
  /// @param ntp 32.32 fixed-point seconds
  public void onSenderReport(long ntp, long nowNanos) {
    hasSenderReport = true;
    lastSenderReport = Ntp.middle(ntp);
    lastSenderReportNanos = nowNanos;
  }

  /// Adds this stream's block to the receiver report just begun, and starts the next interval.
  ///
  /// @return false if nothing was received yet, or there is no room
  public boolean writeReport(RtcpWriter writer, long nowNanos) {
    if (!hasPackets) {
      return false;
    }
    long expected = expected();
    long expectedInterval = expected - expectedBefore;
    long lostInterval = expectedInterval - (received - receivedBefore);
    int fraction =
        expectedInterval <= 0 || lostInterval <= 0
            ? 0
            : (int) Math.min(255, (lostInterval << 8) / expectedInterval);
    int delay = hasSenderReport ? Ntp.units(nowNanos - lastSenderReportNanos) : 0;
    boolean isWritten =
        writer.reportBlock(
            ssrc,
            fraction,
            (int) (expected - received),
            cycles << 16 | highestSequence,
            (int) (jitterTimes16 >> 4),
            lastSenderReport,
            delay);
    if (isWritten) {
      expectedBefore = expected;
      receivedBefore = received;
    }
    return isWritten;
  }

  private long expected() {
    return ((long) cycles << 16 | highestSequence) - baseExtended + 1;
  }

  /// Packets lost since the beginning, net of duplicates; may be negative.
  public long cumulativeLost() {
    return hasPackets ? expected() - received : 0;
  }

  /// Interarrival jitter in timestamp units.
  public long jitter() {
    return jitterTimes16 >> 4;
  }

  public int ssrc() {
    return ssrc;
  }
}
