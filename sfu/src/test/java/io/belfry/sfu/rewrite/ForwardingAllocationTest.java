package io.belfry.sfu.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.belfry.common.bytes.Memory;
import io.belfry.sfu.repair.NackGenerator;
import io.belfry.sfu.repair.PacketCache;
import io.belfry.sfu.repair.Rtx;
import io.belfry.sfu.rtp.AbsSendTime;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.HeaderPlan;
import io.belfry.sfu.rtp.RtpBytes;
import io.belfry.sfu.rtp.RtpHeaderWriter;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.rtp.SequenceUnwrapper;
import io.belfry.sfu.rtp.codec.CodecKind;
import io.belfry.sfu.rtp.codec.Vp8Descriptor;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The whole way of a packet through these packages, measured: received, unwrapped, cached, mapped
/// and written for several receivers, with losses, retransmissions and a change of source.
class ForwardingAllocationTest {
  private static final int RECEIVERS = 4;
  private static final int PACKETS = 20_000;

  private static final ExtensionIds PUBLISHER =
      ExtensionIds.of(
          Map.of(
              HeaderExtension.MID, 4,
              HeaderExtension.ABS_SEND_TIME, 2,
              HeaderExtension.TRANSPORT_WIDE_CC, 3,
              HeaderExtension.VIDEO_ORIENTATION, 13));
  private static final ExtensionIds RECEIVER =
      ExtensionIds.of(
          Map.of(
              HeaderExtension.MID, 1,
              HeaderExtension.ABS_SEND_TIME, 2,
              HeaderExtension.TRANSPORT_WIDE_CC, 3,
              HeaderExtension.VIDEO_ORIENTATION, 5));

  private final Memory received;
  private final int receivedLength;
  private final Memory target = Memory.allocate(2048);
  private final RtpPacket packet = new RtpPacket();
  private final RtpPacket cached = new RtpPacket();
  private final Vp8Descriptor descriptor = new Vp8Descriptor();
  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final PacketCache cache = new PacketCache(256, PacketCache.DEFAULT_SLOT_BYTES);
  private final NackGenerator nacks = new NackGenerator(128);
  private final int[] missing = new int[64];
  private final StreamRewriter[] rewriters = new StreamRewriter[RECEIVERS];
  private final Vp8Rewriter[] pictures = new Vp8Rewriter[RECEIVERS];
  private final HeaderPlan[] plans = new HeaderPlan[RECEIVERS];
  private final HeaderPlan[] rtxPlans = new HeaderPlan[RECEIVERS];
  private int next;
  private long forwarded;
  private long repeated;

  ForwardingAllocationTest() {
    byte[] payload = new byte[1100];
    payload[0] = (byte) 0x90;
    payload[1] = (byte) 0xE0;
    payload[2] = (byte) 0x80;
    byte[] bytes =
        new RtpBytes()
            .oneByte(4, "31")
            .oneByte(2, "000000")
            .oneByte(3, "0000")
            .oneByte(13, "01")
            .payload(payload)
            .build();
    received = Memory.copyOf(bytes);
    receivedLength = bytes.length;
    for (int i = 0; i < RECEIVERS; i++) {
      rewriters[i] = new StreamRewriter(90_000, 100 * i, 0, 256);
      pictures[i] = new Vp8Rewriter();
      plans[i] = plan(1000 + i, 96 + i);
      rtxPlans[i] = plan(2000 + i, 106 + i);
    }
  }

  private static HeaderPlan plan(int ssrc, int payloadType) {
    var plan = new HeaderPlan(ssrc);
    plan.mapPayloadType(96, payloadType);
    plan.extensions(PUBLISHER, RECEIVER, "7", true);
    return plan;
  }

  private void forward(int number, long nowNanos) {
    int source = number / 5_000;
    received.bytes().putShort(2, (short) number);
    received.bytes().putInt(4, number * 375);
    assertTrue(packet.wrap(received, 0, receivedLength));
    assertTrue(packet.parsePadding(receivedLength));
    received.bytes().putShort(packet.payloadOffset() + 2, (short) (0x8000 | (number / 8 & 0x7FFF)));
    long index = unwrapper.unwrap(packet.sequence());
    boolean isKeyFrame =
        CodecKind.VP8.isKeyFrameStart(received, packet.payloadOffset(), packet.payloadLength());
    nacks.onPacket(index, isKeyFrame);
    nacks.poll(nowNanos, 0, missing);
    int slot = cache.store(index, received, 0, receivedLength, nowNanos);
    assertTrue(cached.wrap(cache.memory(), cache.offset(slot), cache.length(slot)));
    assertTrue(cached.parsePadding(cache.length(slot)));
    assertTrue(descriptor.wrap(cache.memory(), cached.payloadOffset(), cached.payloadLength()));
    for (int i = 0; i < RECEIVERS; i++) {
      StreamRewriter rewriter = rewriters[i];
      if (rewriter.source() != source) {
        rewriter.switchTo(source, index, packet.timestamp(), nowNanos);
        pictures[i].switchTo(descriptor.pictureId(), descriptor.tl0PicIdx());
      }
      if (number % (7 + i) == 0) {
        rewriter.drop(source, index);
        continue;
      }
      long out = rewriter.map(source, index, packet.timestamp(), nowNanos);
      int deltas = pictures[i].map(descriptor.pictureId(), descriptor.tl0PicIdx());
      rewriter.payloadDeltas(out, deltas);
      write(plans[i], (int) out, rewriter.timestamp(packet.timestamp()), deltas, nowNanos);
      rewriter.onSent(packet.payloadLength());
      forwarded++;
      if (number % 50 == 0) {
        resend(i, (int) out - 20 & 0xFFFF, nowNanos);
      }
    }
  }

  private void write(HeaderPlan plan, int out, int timestamp, int deltas, long nowNanos) {
    descriptor.addDeltas(
        cache.memory(), Vp8Rewriter.pictureIdDelta(deltas), Vp8Rewriter.tl0Delta(deltas));
    int header =
        RtpHeaderWriter.write(
            cached, plan, out, timestamp, AbsSendTime.of(nowNanos), out, target, 0);
    Memory.copy(cache.memory(), cached.payloadOffset(), target, header, cached.payloadLength());
    int undo = Vp8Rewriter.negate(deltas);
    descriptor.addDeltas(
        cache.memory(), Vp8Rewriter.pictureIdDelta(undo), Vp8Rewriter.tl0Delta(undo));
  }

  private void resend(int receiver, int sequence, long nowNanos) {
    SentHistory history = rewriters[receiver].history();
    long entry = history.find(sequence);
    if (entry == SentHistory.UNKNOWN || !history.claimResend(entry, nowNanos, 1)) {
      return;
    }
    int slot = cache.find(history.sourceIndex(entry));
    if (slot == PacketCache.MISSING) {
      return;
    }
    var view = packet;
    assertTrue(view.wrap(cache.memory(), cache.offset(slot), cache.length(slot)));
    assertTrue(view.parsePadding(cache.length(slot)));
    short overwritten = Rtx.prefix(cache.memory(), view.payloadOffset(), sequence);
    RtpHeaderWriter.write(view, rtxPlans[receiver], 1, 2, 3, 4, target, 0);
    Rtx.restore(cache.memory(), view.payloadOffset(), overwritten);
    assertTrue(view.wrap(received, 0, receivedLength));
    assertTrue(view.parsePadding(receivedLength));
    repeated++;
  }

  private void run(int packets) {
    for (int i = 0; i < packets; i++) {
      next++;
      if (next % 97 != 0) {
        forward(next, next * 4_000_000L);
      }
    }
  }

  @Test
  void forwardsWithoutAllocating() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    run(PACKETS);
    run(PACKETS);
    long forwardedBefore = forwarded;
    long before = threads.getCurrentThreadAllocatedBytes();
    run(PACKETS);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    long packets = forwarded - forwardedBefore;
    assertTrue(packets > 60_000, packets + " packets were forwarded");
    assertTrue(repeated > 100, repeated + " packets were repeated");
    assertEquals(0, allocated / packets, "bytes per packet; " + allocated + " in all");
    assertTrue(allocated < 10_000, allocated + " bytes");
  }
}
