package io.belfry.sfu.cc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtcp.TransportFeedbackReader;
import io.belfry.sfu.rtp.RtpBytes;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportFeedbackBuilderTest {
  private static final long MILLI = 1_000_000L;
  private static final int AT = 8;

  private final TransportFeedbackBuilder builder = new TransportFeedbackBuilder();
  private final Memory target = Memory.allocate(4096);
  private final TransportFeedbackReader reader = new TransportFeedbackReader();
  private int written;

  private boolean write(int maxBytes, long nowNanos) {
    written = builder.write(target, AT, maxBytes, 1, 0xABCD, nowNanos);
    if (written == 0) {
      return false;
    }
    assertTrue(written <= maxBytes);
    assertEquals(0, written % 4);
    var rtcp = new RtcpReader();
    rtcp.wrap(target, AT, written);
    assertTrue(rtcp.next());
    assertEquals(RtcpReader.RTPFB, rtcp.type());
    assertEquals(RtcpReader.TWCC, rtcp.format());
    assertEquals(0xABCD, rtcp.mediaSsrc());
    assertTrue(reader.wrap(target, rtcp.offset(), rtcp.length()));
    assertFalse(rtcp.next());
    assertFalse(rtcp.isMalformed());
    return true;
  }

  /// What the feedback tells, as `sequence@milliseconds` or `sequence-` for a loss.
  private String told() {
    var text = new StringBuilder();
    while (reader.next()) {
      text.append(reader.sequence());
      text.append(reader.isReceived() ? "@" + reader.arrivalMicros() / 1000 : "-");
      text.append(' ');
    }
    return text.toString().strip();
  }

  @Test
  void tellsArrivalsAndLosses() {
    builder.onPacket(10, 1000 * MILLI);
    builder.onPacket(11, 1001 * MILLI);
    builder.onPacket(14, 1100 * MILLI);
    assertTrue(write(1200, 1200 * MILLI));
    assertEquals("10@1000 11@1001 12- 13- 14@1100", told());
    // By hand: base 10, count 5, reference 15 × 64 ms, feedback 0; one two-bit vector; deltas of
    // 40 ms, 1 ms and 99 ms in 250 µs; padded.
    assertEquals(
        "afcd0006"
            + "00000001"
            + "0000abcd"
            + "000a0005"
            + "00000f00"
            + "d420"
            + "a004"
            + "018c"
            + "0002",
        RtpBytes.hex(target, AT, written));
  }

  @Test
  void goesOnWhereTheFeedbackBeforeEnded() {
    builder.onPacket(10, 1000 * MILLI);
    write(1200, 1000 * MILLI);
    builder.onPacket(13, 1100 * MILLI);
    assertTrue(write(1200, 1100 * MILLI));
    assertEquals("11- 12- 13@1100", told());
    assertEquals(1, reader.feedbackCount());
    assertFalse(write(1200, 1200 * MILLI));
  }

  @Test
  void tellsTheBetterNewsOfALateArrival() {
    builder.onPacket(10, 1000 * MILLI);
    builder.onPacket(12, 1002 * MILLI);
    write(1200, 1002 * MILLI);
    builder.onPacket(11, 1090 * MILLI);
    assertTrue(builder.isDue(1102 * MILLI));
    assertTrue(write(1200, 1102 * MILLI));
    assertEquals("11@1090 12@1002", told());
  }

  @Test
  void countsADuplicateOnce() {
    builder.onPacket(10, 1000 * MILLI);
    builder.onPacket(10, 1005 * MILLI);
    write(1200, 1010 * MILLI);
    assertEquals("10@1000", told());
    builder.onPacket(10, 1020 * MILLI);
    assertFalse(write(1200, 1100 * MILLI));
  }

  @Test
  void runsOverTheWrapOfSequences() {
    builder.onPacket(65_535, 1000 * MILLI);
    builder.onPacket(1, 1001 * MILLI);
    write(1200, 1001 * MILLI);
    assertEquals("65535@1000 0- 1@1001", told());
  }

  @Test
  void isDueOftenWhilePacketsComeFast() {
    assertFalse(builder.isDue(0));
    builder.onPacket(1, 0);
    assertTrue(builder.isDue(0));
    write(1200, 0);
    builder.onPacket(2, 10 * MILLI);
    assertFalse(builder.isDue(99 * MILLI));
    assertTrue(builder.isDue(100 * MILLI));
    for (int sequence = 3; sequence < 8; sequence++) {
      builder.onPacket(sequence, 20 * MILLI);
    }
    assertFalse(builder.isDue(49 * MILLI));
    assertTrue(builder.isDue(50 * MILLI));
  }

  @Test
  void leavesTheRestForTheNextWhenThereIsNoRoom() {
    for (int sequence = 0; sequence < 100; sequence++) {
      builder.onPacket(sequence, 1000 * MILLI + sequence * MILLI);
    }
    int told = 0;
    for (int i = 0; i < 20 && write(60, 1100 * MILLI); i++) {
      told += reader.statusCount();
    }
    assertEquals(100, told);
    builder.onPacket(100, 1200 * MILLI);
    assertFalse(write(24, 1200 * MILLI));
    assertFalse(write(0, 1200 * MILLI));
    assertTrue(write(28, 1200 * MILLI));
  }

  @Test
  void startsAnotherFeedbackWhereADeltaCannotReach() {
    builder.onPacket(1, 0);
    builder.onPacket(2, 9_000 * MILLI);
    assertTrue(write(1200, 9_000 * MILLI));
    assertEquals("1@0", told());
    assertTrue(write(1200, 9_000 * MILLI));
    assertEquals("2@9000", told());
  }

  @Test
  void takesALargeJumpForANewBeginning() {
    builder.onPacket(1, 1000 * MILLI);
    builder.onPacket(20_000, 1010 * MILLI);
    write(1200, 1010 * MILLI);
    assertEquals("20000@1010", told());
  }

  /// The reference time wraps every twelve days, and a time line may begin anywhere.
  @ParameterizedTest
  @ValueSource(
      longs = {(1L << 24) * 64 * MILLI - 10 * MILLI, -1, -123_456_789_012L, Long.MIN_VALUE / 2})
  void doesNotMindTheTimeLine(long start) {
    for (int i = 0; i < 4; i++) {
      builder.onPacket(i, start + i * 10L * MILLI);
    }
    assertTrue(write(1200, start + 40 * MILLI));
    assertTrue(reader.next());
    long first = reader.arrivalMicros();
    for (int i = 1; i < 4; i++) {
      assertTrue(reader.next());
      assertEquals(first + i * 10_000L, reader.arrivalMicros());
    }
  }

  @Test
  void allocatesNothing() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    feed(0);
    long before = threads.getCurrentThreadAllocatedBytes();
    int written = feed(20_000);
    assertEquals(0, threads.getCurrentThreadAllocatedBytes() - before);
    assertTrue(written > 20_000);
  }

  private int feed(int first) {
    int written = 0;
    for (int i = first; i < first + 20_000; i++) {
      builder.onPacket(i & 0xFFFF, i * MILLI);
      if (builder.isDue(i * MILLI)) {
        written += builder.write(target, AT, 1200, 1, 2, i * MILLI);
      }
    }
    return written;
  }

  @Test
  void forgetsWhatTheRecordCannotHold() {
    for (int sequence = 0; sequence < 5_000; sequence++) {
      builder.onPacket(sequence, 1000 * MILLI);
    }
    int total = 0;
    assertTrue(write(4000, 1000 * MILLI));
    assertEquals(5_000 - TransportFeedbackBuilder.CAPACITY, firstSequence());
    do {
      total += reader.statusCount();
    } while (write(4000, 1000 * MILLI));
    assertEquals(TransportFeedbackBuilder.CAPACITY, total);
  }

  private int firstSequence() {
    assertTrue(reader.next());
    return reader.sequence();
  }

  /// Goal: what senders learn from all feedbacks together is the truth: each packet's arrival to a
  /// quarter millisecond, and the losses. Method: random loss, reordering, duplicates, pauses and
  /// room for the feedback.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void tellsTheWholeTruth(long seed) {
    var random = new SplittableRandom(seed);
    Map<Integer, Long> truth = new TreeMap<>();
    Map<Integer, Long> learned = new TreeMap<>();
    Map<Integer, Integer> lost = new TreeMap<>();
    long now = random.nextLong(1L << 40);
    int first = random.nextInt(65_536);
    int late = -1;
    for (int i = 0; i < 10_000; i++) {
      now += random.nextInt(100) == 0 ? random.nextLong(300 * MILLI) : random.nextLong(2 * MILLI);
      int sequence = first + i & 0xFFFF;
      int fate = i == 0 ? 9 : random.nextInt(10);
      if (fate == 1) {
        late = sequence;
      } else if (fate > 1) {
        builder.onPacket(sequence, now);
        truth.put(sequence, now / 250_000);
      }
      if (fate == 2 && late >= 0) {
        builder.onPacket(late, now);
        truth.putIfAbsent(late, now / 250_000);
        late = -1;
      } else if (fate == 3) {
        builder.onPacket(sequence, now + MILLI);
      }
      while (builder.isDue(now) && write(100 + random.nextInt(1_000), now)) {
        while (reader.next()) {
          if (reader.isReceived()) {
            learned.put(reader.sequence(), reader.arrivalMicros() / 250);
            lost.remove(reader.sequence());
          } else {
            lost.put(reader.sequence(), i);
          }
        }
        if (random.nextBoolean()) {
          break;
        }
      }
    }
    now += 1000 * MILLI;
    while (write(1200, now)) {
      while (reader.next()) {
        if (reader.isReceived()) {
          learned.put(reader.sequence(), reader.arrivalMicros() / 250);
          lost.remove(reader.sequence());
        } else {
          lost.put(reader.sequence(), -1);
        }
      }
    }
    assertEquals(truth, learned, "seed " + seed);
    for (Integer sequence : lost.keySet()) {
      assertFalse(truth.containsKey(sequence), "seed " + seed);
    }
  }
}
