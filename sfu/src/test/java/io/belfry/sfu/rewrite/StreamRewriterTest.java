package io.belfry.sfu.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamRewriterTest {
  private static final long MILLI = 1_000_000L;
  private static final int LOW = 0;
  private static final int HIGH = 1;

  private final StreamRewriter rewriter = new StreamRewriter(90_000, 1000, 500_000, 64);

  @Test
  void beginsWithTheGivenNumbers() {
    rewriter.switchTo(LOW, 65_536, 777, 0);
    assertEquals(1000, rewriter.map(LOW, 65_536, 777, 0));
    assertEquals(500_000, rewriter.timestamp(777));
    assertEquals(1001, rewriter.map(LOW, 65_537, 3777, 33 * MILLI));
    assertEquals(503_000, rewriter.timestamp(3777));
  }

  @Test
  void dropsWhatIsNotOfTheCurrentSource() {
    assertEquals(StreamRewriter.DROP, rewriter.map(LOW, 70_000, 0, 0));
    rewriter.switchTo(LOW, 70_000, 0, 0);
    assertEquals(StreamRewriter.DROP, rewriter.map(HIGH, 70_000, 0, 0));
    assertEquals(StreamRewriter.DROP, rewriter.map(LOW, 69_999, 0, 0));
    assertEquals(1000, rewriter.map(LOW, 70_000, 0, 0));
  }

  @Test
  void goesOnWithoutAGapWhenTheSourceChanges() {
    rewriter.switchTo(LOW, 70_000, 10, 0);
    rewriter.map(LOW, 70_000, 10, 0);
    rewriter.map(LOW, 70_001, 10, 0);
    rewriter.switchTo(HIGH, 900_000, 0x8000_0000, 100 * MILLI);
    assertEquals(1002, rewriter.map(HIGH, 900_000, 0x8000_0000, 100 * MILLI));
    assertEquals(509_000, rewriter.timestamp(0x8000_0000));
    assertEquals(StreamRewriter.DROP, rewriter.map(LOW, 70_002, 3010, 100 * MILLI));
  }

  @Test
  void reusesPlacesReservedForPacketsThatWereDropped() {
    rewriter.switchTo(LOW, 70_000, 10, 0);
    rewriter.map(LOW, 70_000, 10, 0);
    rewriter.drop(LOW, 70_001);
    rewriter.switchTo(HIGH, 900_000, 0, 33 * MILLI);
    assertEquals(1001, rewriter.map(HIGH, 900_000, 0, 33 * MILLI));
  }

  /// A packet may wait for its turn while a later one of padding is dropped already.
  @Test
  void keepsTimeAlsoWhenADropOvertakesAPacket() {
    rewriter.switchTo(LOW, 70_000, 0, 0);
    rewriter.drop(LOW, 70_001);
    assertEquals(1000, rewriter.map(LOW, 70_000, 0, 0));
    assertEquals(1001, rewriter.map(LOW, 70_002, 3_000, 33 * MILLI));
    rewriter.drop(LOW, 70_004);
    assertEquals(1002, rewriter.map(LOW, 70_003, 90_000, 1_000 * MILLI));
    rewriter.switchTo(HIGH, 900_000, 7, 2_000 * MILLI);
    assertEquals(500_000 + 180_000, rewriter.timestamp(7));
    assertEquals(1003, rewriter.map(HIGH, 900_000, 7, 2_000 * MILLI));
  }

  @Test
  void leavesNoOverlapWhenPacketsWereLostBeforeTheSwitch() {
    rewriter.switchTo(LOW, 70_000, 10, 0);
    rewriter.map(LOW, 70_000, 10, 0);
    rewriter.map(LOW, 70_005, 10, 0);
    rewriter.switchTo(HIGH, 900_000, 0, 33 * MILLI);
    assertEquals(1006, rewriter.map(HIGH, 900_000, 0, 33 * MILLI));
  }

  @Test
  void alignsTimestampsBySenderReports() {
    var low = new SourceClock(90_000);
    var high = new SourceClock(90_000);
    // The same instant is 1000 in one clock and 77,000 in the other; the reports are 2 s apart.
    long ntp = 0xE000_0000_8000_0000L;
    low.onSenderReport(ntp, 1000, 0);
    high.onSenderReport(ntp + (2L << 32), 77_000 + 180_000, 0);
    rewriter.switchTo(LOW, 70_000, 1000, 0);
    rewriter.map(LOW, 70_000, 1000, 0);
    // A frame captured 100 ms later, which arrives 180 ms later because key frames are large.
    rewriter.switchTo(HIGH, 900_000, 77_000 + 9000, 180 * MILLI, low, high);
    rewriter.map(HIGH, 900_000, 77_000 + 9000, 180 * MILLI);
    assertEquals(500_000 + 9000, rewriter.timestamp(77_000 + 9000));
  }

  @Test
  void doesNotBelieveReportsThatContradictTheClock() {
    var low = new SourceClock(90_000);
    var high = new SourceClock(90_000);
    low.onSenderReport(0, 1000, 0);
    high.onSenderReport(100L << 32, 1000, 0);
    rewriter.switchTo(LOW, 70_000, 1000, 0);
    rewriter.map(LOW, 70_000, 1000, 0);
    rewriter.switchTo(HIGH, 900_000, 1000, 100 * MILLI, low, high);
    assertEquals(509_000, rewriter.timestamp(1000));
  }

  @Test
  void neverLetsTimestampsStandStillAtASwitch() {
    rewriter.switchTo(LOW, 70_000, 1000, 0);
    rewriter.map(LOW, 70_000, 1000, 0);
    rewriter.switchTo(HIGH, 900_000, 5, 0);
    assertEquals(500_900, rewriter.timestamp(5));
  }

  @ParameterizedTest
  @CsvSource({"60, 5_400_000", "3600, 324_000_000"})
  void resumesTheSameSourceAfterAPause(long seconds, String ticks) {
    int elapsed = Integer.parseInt(ticks.replace("_", ""));
    rewriter.switchTo(LOW, 70_000, 1000, 0);
    rewriter.map(LOW, 70_000, 1000, 0);
    long now = seconds * 1000 * MILLI;
    rewriter.switchTo(LOW, 90_000, 1000 + elapsed, now);
    assertEquals(1001, rewriter.map(LOW, 90_000, 1000 + elapsed, now));
    assertEquals(500_000 + elapsed, rewriter.timestamp(1000 + elapsed));
  }

  @Test
  void findsTheSourceOfWhatWasSent() {
    rewriter.switchTo(LOW, 70_000, 0, 0);
    for (int i = 0; i < 10; i++) {
      rewriter.map(LOW, 70_000 + i, 0, 0);
    }
    rewriter.switchTo(HIGH, 900_000, 0, 0);
    long out = rewriter.map(HIGH, 900_000, 0, 0);
    rewriter.payloadDeltas(out, 42);
    SentHistory history = rewriter.history();
    long old = history.find(1004);
    assertEquals(LOW, history.source(old));
    assertEquals(70_004, history.sourceIndex(old));
    assertEquals(500_000, history.timestampOffset(old));
    assertEquals(0, history.payloadDeltas(old));
    long young = history.find(1010);
    assertEquals(HIGH, history.source(young));
    assertEquals(900_000, history.sourceIndex(young));
    assertEquals(42, history.payloadDeltas(young));
    assertEquals(SentHistory.UNKNOWN, history.find(1011));
    assertEquals(SentHistory.UNKNOWN, history.find(999));
  }

  @Test
  void forgetsWhatIsOlderThanTheHistory() {
    rewriter.switchTo(LOW, 70_000, 0, 0);
    for (int i = 0; i < 200; i++) {
      rewriter.map(LOW, 70_000 + i, 0, 0);
    }
    assertEquals(SentHistory.UNKNOWN, rewriter.history().find(1000 + 135));
    assertEquals(70_136, rewriter.history().sourceIndex(rewriter.history().find(1000 + 136)));
  }

  @Test
  void findsAcrossTheWrapOfOutgoingNumbers() {
    var late = new StreamRewriter(90_000, 32_767, 0, 1024);
    late.switchTo(LOW, 70_000, 0, 0);
    long out = 0;
    for (int i = 0; i < 33_000; i++) {
      out = late.map(LOW, 70_000 + i, 0, 0);
    }
    assertEquals(65_766, out);
    assertEquals(70_000 + 65_535 - 32_767, late.history().sourceIndex(late.history().find(65_535)));
    assertEquals(70_000 + 65_536 - 32_767, late.history().sourceIndex(late.history().find(0)));
  }

  @Test
  void repeatsAPacketOncePerRoundTrip() {
    rewriter.switchTo(LOW, 70_000, 0, 0);
    rewriter.map(LOW, 70_000, 0, 0);
    SentHistory history = rewriter.history();
    long entry = history.find(1000);
    assertTrue(history.claimResend(entry, 10 * MILLI, 50 * MILLI));
    assertFalse(history.claimResend(entry, 59 * MILLI, 50 * MILLI));
    assertTrue(history.claimResend(entry, 60 * MILLI, 50 * MILLI));
  }

  @Test
  void runsSourceClocksOnBetweenReports() {
    var clock = new SourceClock(48_000);
    clock.onSenderReport(0xE000_0000_FFFF_0000L, -100, 5_000 * MILLI);
    assertEquals(-100 + 72_000, clock.timestampAt(6_500 * MILLI));
    assertEquals(0xE000_0002_7FFF_0000L, clock.ntpAt(6_500 * MILLI));
  }
}
