package io.belfry.sfu.route;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.repair.Rtx;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderPlan;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.rtp.codec.CodecKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoomTest {
  private static final long MILLI = 1_000_000L;
  private static final int PUBLISHED_VP8 = 96;
  private static final int RECEIVED_VP8 = 100;
  private static final int RECEIVED_RTX = 101;
  private static final int RTX_SSRC_OFFSET = 1000;

  private final List<String> log = new ArrayList<>();
  private final RouteLimits limits = new RouteLimits(64, 16, 500 * MILLI, MILLI);
  private final RouteCounters counters = new RouteCounters();
  private final Room room = new Room(1, limits, new SplittableRandom(7), counters);
  private final FakeSink anna = new FakeSink("anna", log);
  private final FakeSink ben = new FakeSink("ben", log);
  private long nowNanos = 5_000 * MILLI;
  private int nextConsumer = 1;

  private static ProducerSpec video(String... rids) {
    return new ProducerSpec(
        1,
        "0",
        true,
        List.of(new ProducerSpec.Codec(CodecKind.VP8, PUBLISHED_VP8, 97, true)),
        ExtensionIds.NONE,
        Arrays.stream(rids).map(rid -> new ProducerSpec.Encoding(rid, 0, 0)).toList());
  }

  private static ProducerSpec audio() {
    return new ProducerSpec(
        2,
        "1",
        false,
        List.of(new ProducerSpec.Codec(CodecKind.OPUS, 111, -1, false)),
        ExtensionIds.NONE,
        List.of());
  }

  private Consumer receive(Producer producer, FakeSink sink, int slot, int ssrc, boolean withRtx) {
    HeaderPlan plan = new HeaderPlan(ssrc);
    plan.mapPayloadType(PUBLISHED_VP8, RECEIVED_VP8);
    plan.mapPayloadType(111, 120);
    HeaderPlan rtx = new HeaderPlan(ssrc + RTX_SSRC_OFFSET);
    rtx.mapPayloadType(PUBLISHED_VP8, RECEIVED_RTX);
    var spec = new ConsumerSpec(nextConsumer++, producer.id(), plan, withRtx ? rtx : null, "cname");
    return room.addConsumer(producer, slot, sink, spec, nowNanos);
  }

  private static Encoding encoding(Producer producer, String rid, int ssrc) {
    Encoding encoding = producer.addEncoding(rid, ssrc);
    assertNotNull(encoding);
    return encoding;
  }

  /// A VP8 packet with a long picture id; the body tells packets apart.
  private long video(
      Encoding encoding, int sequence, int timestamp, int pictureId, boolean key, boolean marker) {
    return video(encoding, sequence, timestamp, pictureId, key, marker, 20);
  }

  private long video(
      Encoding encoding,
      int sequence,
      int timestamp,
      int pictureId,
      boolean key,
      boolean marker,
      int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    payload[0] = (byte) 0x90;
    payload[1] = (byte) 0xC0;
    ByteBuffer.wrap(payload).putShort(2, (short) (0x8000 | pictureId));
    payload[4] = (byte) pictureId;
    payload[5] = (byte) (key ? 0 : 1);
    payload[19] = (byte) sequence;
    return packet(encoding, PUBLISHED_VP8, sequence, timestamp, marker, payload);
  }

  private long packet(
      Encoding encoding, int type, int sequence, int timestamp, boolean marker, byte[] payload) {
    ByteBuffer bytes = ByteBuffer.allocate(12 + payload.length);
    bytes.put((byte) 0x80).put((byte) (type | (marker ? 0x80 : 0))).putShort((short) sequence);
    bytes.putInt(timestamp).putInt(encoding.ssrc()).put(payload);
    RtpPacket packet = new RtpPacket();
    Memory memory = Memory.copyOf(bytes.array());
    assertTrue(packet.wrap(memory, 0, bytes.capacity()));
    assertTrue(packet.parsePadding(bytes.capacity()));
    return encoding.onPacket(packet, nowNanos);
  }

  @Test
  void startsEveryReceiverWithAKeyFrameAndAsksForOne() {
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    receive(producer, anna, room.addSink(anna), 500, true);
    assertTrue(camera.keyFrames().poll(nowNanos, 0));

    video(camera, 1, 0, 5, false, true);
    room.flush(nowNanos);
    assertTrue(anna.sent.isEmpty());

    video(camera, 2, 3000, 6, true, true);
    video(camera, 3, 6000, 7, false, true);
    room.flush(nowNanos);
    assertEquals(2, anna.sent.size());
    assertFalse(camera.keyFrames().isWanted());
  }

  @Test
  void padsTheShorterPacketsOfAnEvenlySplitFrame() {
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    Consumer consumer = receive(producer, anna, room.addSink(anna), 500, true);
    int[] sizes = {30, 30, 31, 31, 40, 42, 41};
    for (int i = 0; i < sizes.length; i++) {
      video(camera, i, 0, 6, i == 0, i == sizes.length - 1, sizes[i]);
    }
    room.flush(nowNanos);

    List<FakeSink.Sent> first = List.copyOf(anna.sent);
    assertArrayEquals(sizes, first.stream().mapToInt(sent -> sent.payload().length).toArray());
    assertArrayEquals(
        new int[] {1, 1, 0, 0, 0, 0, 0},
        first.stream().mapToInt(FakeSink.Sent::paddingBytes).toArray());
    assertEquals(
        IntStream.of(sizes).sum(),
        consumer.rewriter().octetCount()); // RFC 3550 §6.4.1: without padding

    consumer.onNack(first.get(1).sequence(), 0, 0, nowNanos);
    FakeSink.Sent again = anna.sent.getLast();
    assertEquals(0, again.paddingBytes());
    assertEquals(sizes[1] + Rtx.OSN_BYTES, again.payload().length);
  }

  @Test
  void rewritesSsrcPayloadTypeAndSequenceForEachReceiver() {
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    receive(producer, anna, room.addSink(anna), 500, true);
    receive(producer, ben, room.addSink(ben), 600, true);
    for (int i = 0; i < 5; i++) {
      video(camera, 65533 + i & 0xFFFF, i * 3000, i, i == 0, true);
    }
    room.flush(nowNanos);
    for (FakeSink sink : List.of(anna, ben)) {
      assertEquals(5, sink.sent.size());
      for (int i = 0; i < 5; i++) {
        FakeSink.Sent packet = sink.sent.get(i);
        assertEquals(sink == anna ? 500 : 600, packet.ssrc());
        assertEquals(RECEIVED_VP8, packet.payloadType());
        assertEquals(sink.sent.get(0).packetIndex() + i, packet.packetIndex());
        assertEquals((int) packet.packetIndex() & 0xFFFF, packet.sequence());
        assertEquals(sink.sent.get(0).timestamp() + i * 3000, packet.timestamp());
        assertEquals((byte) (65533 + i), packet.payload()[19]);
      }
    }
  }

  /// A number that was used under the receiver's keys must never be used again (RFC 3711 §9.1).
  @Test
  void aStreamThatIsContinuedGoesOnWhereTheLastTrackStopped() {
    Producer before = room.addProducer(video());
    Encoding first = encoding(before, "", 10);
    int slot = room.addSink(anna);
    Consumer old = receive(before, anna, slot, 500, true);
    IntStream.range(0, 5).forEach(i -> video(first, i, i * 3000, i, i == 0, true));
    room.flush(nowNanos);
    int sent = anna.sent.get(4).sequence();
    old.onNack(sent, 0, 0, nowNanos);
    FakeSink.Sent lastResent = anna.sent.get(5);
    room.removeConsumer(old, slot);
    room.removeProducer(before, nowNanos);

    nowNanos += 1000 * MILLI;
    Producer after = room.addProducer(video());
    Encoding second = encoding(after, "", 20);
    var spec =
        new ConsumerSpec(9, after.id(), plan(500), plan(500 + RTX_SSRC_OFFSET), true, "cname");
    Consumer fresh = room.addConsumer(after, slot, anna, spec, old, nowNanos);
    video(second, 40_000, 77, 9, false, true);
    video(second, 40_001, 3077, 10, true, true);
    video(second, 40_002, 6077, 11, false, true);
    room.flush(nowNanos);
    List<FakeSink.Sent> later = anna.sent.subList(6, anna.sent.size());
    assertEquals(2, later.size(), "begins with the key frame");
    long last = anna.sent.get(4).packetIndex();
    assertEquals(last + 1, later.get(0).packetIndex());
    assertEquals(last + 2, later.get(1).packetIndex());
    int step = later.get(0).timestamp() - anna.sent.get(4).timestamp();
    assertEquals(90_000, step, "a second has passed");
    int deltaOfPictures = later.get(0).payload()[4] - anna.sent.get(4).payload()[4];
    assertEquals(1, deltaOfPictures & 0xFF);

    // What the old track sent is not found in the new one; what the new one sent is.
    long unanswered = counters.unansweredNacks;
    fresh.onNack(sent, 0, 0, nowNanos);
    assertEquals(unanswered + 1, counters.unansweredNacks);
    fresh.onNack(later.get(0).sequence(), 0, 0, nowNanos);
    assertEquals(lastResent.packetIndex() + 1, anna.sent.getLast().packetIndex());
  }

  private static HeaderPlan plan(int ssrc) {
    HeaderPlan plan = new HeaderPlan(ssrc);
    plan.mapPayloadType(PUBLISHED_VP8, RECEIVED_VP8);
    return plan;
  }

  @Test
  void sendsReceiverByReceiver() {
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    receive(producer, anna, room.addSink(anna), 500, true);
    receive(producer, ben, room.addSink(ben), 600, true);
    IntStream.range(0, 3).forEach(i -> video(camera, i, 0, 1, i == 0, i == 2));
    room.flush(nowNanos);
    assertEquals(List.of("anna", "anna", "anna", "ben", "ben", "ben"), log);
  }

  @Test
  void anUnfinishedFrameWaitsForItsRestButNotForLong() {
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    receive(producer, anna, room.addSink(anna), 500, true);
    video(camera, 1, 0, 1, true, false);
    room.flushIfDue(nowNanos);
    assertTrue(anna.sent.isEmpty());
    room.flushIfDue(nowNanos + MILLI - 1);
    assertTrue(anna.sent.isEmpty());
    room.flushIfDue(nowNanos + MILLI);
    assertEquals(1, anna.sent.size());

    video(camera, 2, 3000, 2, false, false);
    video(camera, 3, 3000, 2, false, true);
    room.flushIfDue(nowNanos);
    assertEquals(3, anna.sent.size());
  }

  @Test
  void audioNeverWaits() {
    Producer producer = room.addProducer(audio());
    Encoding microphone = encoding(producer, "", 20);
    receive(producer, anna, room.addSink(anna), 700, false);
    packet(microphone, 111, 9, 960, false, new byte[] {1, 2, 3});
    room.flushIfDue(nowNanos);
    assertArrayEquals(new byte[] {1, 2, 3}, anna.sent.get(0).payload());
    assertEquals(120, anna.sent.get(0).payloadType());
  }

  @Test
  void answersANackFromTheSharedPlaintextAndLeavesItUnharmed() {
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    Consumer consumer = receive(producer, anna, room.addSink(anna), 500, true);
    for (int i = 0; i < 3; i++) {
      video(camera, 100 + i, i * 3000, i, i == 0, true);
    }
    room.flush(nowNanos);
    FakeSink.Sent original = anna.sent.get(1);
    consumer.onNack(original.sequence(), 0, 20 * MILLI, nowNanos);
    consumer.onNack(original.sequence(), 0, 20 * MILLI, nowNanos + 5 * MILLI); // within the RTT
    consumer.onNack(original.sequence(), 0, 20 * MILLI, nowNanos + 25 * MILLI);
    assertEquals(5, anna.sent.size());
    for (FakeSink.Sent resent : anna.sent.subList(3, 5)) {
      assertEquals(500 + RTX_SSRC_OFFSET, resent.ssrc());
      assertEquals(RECEIVED_RTX, resent.payloadType());
      assertEquals(original.timestamp(), resent.timestamp());
      assertEquals(original.sequence(), ByteBuffer.wrap(resent.payload()).getShort(0) & 0xFFFF);
      assertArrayEquals(
          original.payload(), Arrays.copyOfRange(resent.payload(), 2, resent.payload().length));
    }
    assertNotEquals(anna.sent.get(3).packetIndex(), anna.sent.get(4).packetIndex());
    assertEquals(2, counters.resentPackets);
  }

  @Test
  void sendsNothingAgainWithoutARetransmissionStream() {
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    Consumer consumer = receive(producer, anna, room.addSink(anna), 500, false);
    video(camera, 1, 0, 1, true, true);
    room.flush(nowNanos);
    consumer.onNack(anna.sent.get(0).sequence(), 0, 0, nowNanos);
    assertEquals(1, anna.sent.size());
    assertEquals(1, counters.unansweredNacks);
  }

  @Test
  void probesOfPaddingLeaveNoGap() {
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    receive(producer, anna, room.addSink(anna), 500, true);
    video(camera, 1, 0, 1, true, true);
    room.flush(nowNanos);
    camera.onPadding(2);
    camera.onPadding(3);
    video(camera, 4, 3000, 2, false, true);
    room.flush(nowNanos);
    assertEquals(anna.sent.get(0).packetIndex() + 1, anna.sent.get(1).packetIndex());
  }

  @Test
  void dropsDuplicates() {
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    receive(producer, anna, room.addSink(anna), 500, true);
    assertTrue(video(camera, 1, 0, 1, true, true) >= 0);
    assertEquals(-1, video(camera, 1, 0, 1, true, true));
    room.flush(nowNanos);
    assertEquals(1, anna.sent.size());
  }

  @Test
  void goesOnSmoothlyWhenABetterEncodingStarts() {
    Producer producer = room.addProducer(video("q", "f"));
    Encoding low = encoding(producer, "q", 10);
    receive(producer, anna, room.addSink(anna), 500, true);
    for (int i = 0; i < 3; i++) {
      video(low, 1000 + i, 50_000 + i * 3000, 200 + i, i == 0, true);
      room.flush(nowNanos);
      nowNanos += 33 * MILLI;
    }
    Encoding high = encoding(producer, "f", 11);
    video(high, 30_000, 9_000_000, 7_000, true, true); // the key frame that nobody awaits yet
    room.flush(nowNanos);
    room.chooseEncodings(nowNanos);
    assertTrue(high.keyFrames().isWanted());
    nowNanos += 33 * MILLI;
    video(low, 1003, 50_000 + 9000, 203, false, true);
    video(high, 30_001, 9_003_000, 7_001, true, true);
    video(low, 1004, 50_000 + 12_000, 204, false, true);
    room.flush(nowNanos);
    nowNanos += 33 * MILLI;
    video(high, 30_002, 9_006_000, 7_002, false, true);
    room.flush(nowNanos);

    List<FakeSink.Sent> sent = anna.sent;
    assertEquals(6, sent.size());
    for (int i = 1; i < sent.size(); i++) {
      assertEquals(sent.get(i - 1).packetIndex() + 1, sent.get(i).packetIndex());
      assertTrue(sent.get(i).timestamp() - sent.get(i - 1).timestamp() > 0);
      assertEquals(pictureId(sent.get(i - 1)) + 1, pictureId(sent.get(i)));
    }
  }

  private static int pictureId(FakeSink.Sent packet) {
    return ByteBuffer.wrap(packet.payload()).getShort(2) & 0x7FFF;
  }

  @Test
  void aBurstLongerThanTheCacheIsForwardedBeforeItsSlotsAreUsedAgain() {
    Producer producer = room.addProducer(audio());
    Encoding microphone = encoding(producer, "", 20);
    receive(producer, anna, room.addSink(anna), 700, false);
    for (int i = 0; i < 50; i++) {
      packet(microphone, 111, i, i * 960, false, new byte[] {(byte) i});
    }
    room.flush(nowNanos);
    for (int i = 0; i < 50; i++) {
      assertEquals(i, anna.sent.get(i).payload()[0]);
    }
  }

  @Test
  void aReceiverThatIsNotConnectedYetStartsWithAKeyFrameLater() {
    anna.isReady = false;
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    int slot = room.addSink(anna);
    receive(producer, anna, slot, 500, true);
    video(camera, 1, 0, 1, true, true);
    room.flush(nowNanos);
    anna.isReady = true;
    room.onSinkReady(slot, nowNanos);
    assertTrue(camera.keyFrames().isWanted());
    video(camera, 2, 3000, 2, false, true);
    room.flush(nowNanos);
    assertTrue(anna.sent.isEmpty());
    video(camera, 3, 6000, 3, true, true);
    room.flush(nowNanos);
    assertEquals(1, anna.sent.size());
  }

  @Test
  void slotsAreUsedAgainAndHoldNobodyElsesReception() {
    Producer producer = room.addProducer(video());
    Encoding camera = encoding(producer, "", 10);
    int slot = room.addSink(anna);
    receive(producer, anna, slot, 500, true);
    room.removeSink(slot);
    assertEquals(slot, room.addSink(ben));
    video(camera, 1, 0, 1, true, true);
    room.flush(nowNanos);
    assertTrue(anna.sent.isEmpty());
    assertTrue(ben.sent.isEmpty());
  }

  @Test
  void firstSequenceNumbersDiffer() {
    var first = new HashSet<Integer>();
    Producer producer = room.addProducer(audio());
    Encoding microphone = encoding(producer, "", 20);
    for (int i = 0; i < 8; i++) {
      FakeSink sink = new FakeSink("s" + i, log);
      receive(producer, sink, room.addSink(sink), 800 + i, false);
      packet(microphone, 111, i, i * 960, false, new byte[] {1});
      room.flush(nowNanos);
      first.add(sink.sent.get(0).sequence());
    }
    assertEquals(8, first.size());
  }
}
