package io.belfry.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import org.junit.jupiter.api.Test;

class ReceptionStatisticsTest {
  private static final long MILLI = 1_000_000L;

  private final ReceptionStatistics statistics = new ReceptionStatistics(77, 90_000);
  private final Memory memory = Memory.allocate(256);
  private final RtcpReader reader = new RtcpReader();

  private void receive(int... sequences) {
    for (int sequence : sequences) {
      statistics.onPacket(sequence, sequence * 90, sequence * MILLI);
    }
  }

  private boolean report(long nowNanos) {
    var writer = new RtcpWriter();
    writer.wrap(memory, 0, 256);
    writer.receiverReport(1);
    boolean isWritten = statistics.writeReport(writer, nowNanos);
    reader.wrap(memory, 0, writer.length());
    reader.next();
    return isWritten;
  }

  private long extendedHighest() {
    return Integer.toUnsignedLong(memory.bytes().getInt(8 + 8));
  }

  @Test
  void reportsNothingBeforeTheFirstPacket() {
    assertFalse(report(0));
    assertEquals(0, reader.reportCount());
  }

  @Test
  void countsLossesPerIntervalAndInAll() {
    receive(100, 101, 103, 104);
    assertTrue(report(0));
    assertEquals(77, reader.reportSsrc(0));
    assertEquals(256 / 5, reader.reportFractionLost(0));
    assertEquals(1, reader.reportCumulativeLost(0));
    assertEquals(104, extendedHighest());
    receive(105, 106, 107, 108);
    report(0);
    assertEquals(0, reader.reportFractionLost(0));
    assertEquals(1, reader.reportCumulativeLost(0));
  }

  @Test
  void takesLateAndRepeatedPacketsIntoAccount() {
    receive(100, 103);
    report(0);
    assertEquals(2, reader.reportCumulativeLost(0));
    receive(101, 102, 102);
    report(0);
    assertEquals(-1, reader.reportCumulativeLost(0));
    assertEquals(0, reader.reportFractionLost(0));
  }

  @Test
  void countsCycles() {
    receive(65_534, 65_535, 0, 1);
    receive(65_533);
    report(0);
    assertEquals(65_536 + 1, extendedHighest());
    assertEquals(-1, reader.reportCumulativeLost(0));
  }

  @Test
  void countsCyclesOfALongCall() {
    for (int i = 0; i < 200_000; i++) {
      receive(65_000 + i & 0xFFFF);
    }
    report(0);
    assertEquals(65_000 + 199_999, extendedHighest());
    assertEquals(0, reader.reportCumulativeLost(0));
  }

  @Test
  void losesNothingByReorderingOverTheWrap() {
    receive(65_533, 65_535, 0, 65_534, 2, 1, 3);
    report(0);
    assertEquals(65_536 + 3, extendedHighest());
    assertEquals(0, reader.reportCumulativeLost(0));
  }

  @Test
  void aLongOutageIsALoss() {
    receive(10, 3_010);
    assertEquals(2_999, statistics.cumulativeLost());
  }

  /// What could not be written is in the next report.
  @Test
  void keepsTheIntervalWhenThereIsNoRoom() {
    receive(0, 1, 2, 3, 9);
    var writer = new RtcpWriter();
    writer.wrap(memory, 0, 20);
    writer.receiverReport(1);
    assertFalse(statistics.writeReport(writer, 0));
    report(0);
    assertEquals(256 / 2, reader.reportFractionLost(0));
  }

  @Test
  void beginsAnewOnlyWhenTwoPacketsSaySo() {
    receive(100, 101);
    receive(20_000);
    receive(102);
    report(0);
    assertEquals(102, extendedHighest());
    assertEquals(0, reader.reportCumulativeLost(0));
    receive(30_000, 30_001, 30_002);
    report(0);
    assertEquals(30_002, extendedHighest());
    assertEquals(0, reader.reportCumulativeLost(0));
  }

  @Test
  void tellsWhenTheLastSenderReportCame() {
    receive(100);
    report(5_000 * MILLI);
    assertEquals(0, reader.reportLastSenderReport(0));
    assertEquals(0, reader.reportDelay(0));
    statistics.onSenderReport(0x1234_5678_9ABC_DEF0L, 1_000 * MILLI);
    report(1_500 * MILLI);
    assertEquals(0x5678_9ABC, reader.reportLastSenderReport(0));
    assertEquals(32_768, reader.reportDelay(0));
  }

  /// RFC 3550 A.8: J += (|D| - J) / 16. Packets 20 ms apart that arrive 10 ms late and on time by
  /// turns have a D of 900 ticks, to which J converges.
  @Test
  void estimatesJitter() {
    for (int i = 0; i < 400; i++) {
      statistics.onPacket(i, i * 1_800, MILLI * (i * 20 + (i % 2) * 10));
    }
    assertEquals(900, (double) statistics.jitter(), 10.0);
    for (int i = 400; i < 800; i++) {
      statistics.onPacket(i, i * 1_800, MILLI * i * 20);
    }
    assertTrue(statistics.jitter() < 2, statistics.jitter() + " ticks");
  }
}
