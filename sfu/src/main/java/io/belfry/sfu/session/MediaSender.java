package io.belfry.sfu.session;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.route.Consumer;
import io.belfry.sfu.route.Producer;
import io.belfry.sfu.route.Room;
import io.belfry.sfu.route.Sink;
import io.belfry.sfu.rtcp.Ntp;
import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtcp.RtcpWriter;
import io.belfry.sfu.rtp.AbsSendTime;
import io.belfry.sfu.srtp.SrtpSender;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/// The media that a subscribe transport sends: one stream for each reception, protected straight
/// into the outbox; and the reports and requests that come back for them.
final class MediaSender implements Sink {
  /// An RTCP datagram of ours stays below the smallest MTU, SRTP overhead included.
  private static final int MAX_RTCP_BYTES = 1180;

  /// A sender report and the canonical name behind it.
  private static final int MAX_REPORT_BYTES = 28 + 8 + 4 + 40;

  /// Ten seconds: beyond it a round-trip time is a mistake of somebody's clock.
  private static final long MAX_RTT_UNITS = 10 << 16;

  private final Room room;
  private final Outbox outbox;
  private final int slot;
  private final List<Consumer> consumers = new ArrayList<>();
  private final Int2ObjectHashMap<Consumer> bySsrc = new Int2ObjectHashMap<>();

  /// Receptions that have ended, by SSRCs that go on without them.
  private final Int2ObjectHashMap<Consumer> ended = new Int2ObjectHashMap<>();

  private @Nullable SrtpSender srtp;
  private @Nullable PeerAddress to;
  private final RtcpReader rtcp = new RtcpReader();
  private final RtcpWriter writer = new RtcpWriter();
  private boolean hasReported;
  private int transportSequence;
  private long rttNanos;

  MediaSender(Room room, Outbox outbox) {
    this.room = room;
    this.outbox = outbox;
    this.slot = room.addSink(this);
  }

  /// Where to send and under which keys; either may be missing yet.
  void connect(@Nullable PeerAddress to, @Nullable SrtpSender srtp, long nowNanos) {
    boolean wasReady = isReady();
    this.to = to;
    this.srtp = srtp;
    if (!wasReady && isReady()) {
      room.onSinkReady(slot, nowNanos);
    }
  }

  void consume(Producer producer, ConsumerSpec spec, long nowNanos) {
    Consumer before = ended.remove(spec.plan().ssrc());
    Consumer consumer = room.addConsumer(producer, slot, this, spec, before, nowNanos);
    consumers.add(consumer);
    bySsrc.put(consumer.ssrc(), consumer);
  }

  /// @return whether it was one of this transport's
  boolean closeConsumer(long consumerId) {
    for (int i = 0; i < consumers.size(); i++) {
      if (consumers.get(i).id() == consumerId) {
        remove(consumers.remove(i));
        return true;
      }
    }
    return false;
  }

  /// The track has ended: its reception, if there is one, ends too.
  void onProducerClosed(Producer producer) {
    for (int i = consumers.size() - 1; i >= 0; i--) {
      if (consumers.get(i).producer() == producer) {
        remove(consumers.remove(i));
      }
    }
  }

  private void remove(Consumer consumer) {
    bySsrc.remove(consumer.ssrc());
    room.removeConsumer(consumer, slot);
    if (consumer.isContinued()) {
      ended.put(consumer.ssrc(), consumer);
    }
  }

  void close() {
    room.removeSink(slot);
    consumers.clear();
    bySsrc.clear();
    ended.clear();
    to = null;
    srtp = null;
  }

  List<Consumer> consumers() {
    return consumers;
  }

  @Override
  public boolean isReady() {
    return to != null && srtp != null;
  }

  @Override
  public Memory memory() {
    return outbox.memory();
  }

  @Override
  public int reserve() {
    return outbox.reserve();
  }

  @Override
  public int nextTransportSequence() {
    return transportSequence++ & 0xFFFF;
  }

  @Override
  public void send(
      int at,
      int headerLength,
      Memory payload,
      int payloadOffset,
      int payloadLength,
      long packetIndex) {
    SrtpSender keys = srtp;
    PeerAddress receiver = to;
    if (keys == null || receiver == null) {
      return;
    }
    int length =
        keys.protectRtp(
            payload, payloadOffset, payloadLength, outbox.memory(), at, headerLength, packetIndex);
    outbox.add(receiver, length);
  }

  /// Takes a decrypted compound RTCP packet of the receiver.
  ///
  /// @return whether it was well-formed
  boolean onRtcp(Memory memory, int offset, int length, long nowNanos) {
    rtcp.wrap(memory, offset, length);
    while (rtcp.next()) {
      switch (rtcp.type()) {
        case RtcpReader.SR, RtcpReader.RR -> onReports(nowNanos);
        case RtcpReader.RTPFB -> {
          if (rtcp.format() == RtcpReader.NACK) {
            onNack(nowNanos);
          }
        }
        case RtcpReader.PSFB -> onPayloadFeedback();
        default -> {
          // SDES and BYE of a receiver say nothing that is needed; XR is not used.
        }
      }
    }
    return !rtcp.isMalformed();
  }

  /// Measures the round-trip time (RFC 3550 §6.4.1, LSR and DLSR).
  private void onReports(long nowNanos) {
    for (int i = 0; i < rtcp.reportCount(); i++) {
      Consumer consumer = bySsrc.get(rtcp.reportSsrc(i));
      int lastReport = rtcp.reportLastSenderReport(i);
      if (consumer != null && lastReport != 0 && consumer.hasSenderReport()) {
        int now = Ntp.middle(consumer.reportNtp(nowNanos));
        long units = (now - lastReport - (int) rtcp.reportDelay(i)) & 0xFFFF_FFFFL;
        if (units < MAX_RTT_UNITS) {
          rttNanos = Ntp.nanos(units);
        }
      }
    }
  }

  private void onNack(long nowNanos) {
    Consumer consumer = bySsrc.get(rtcp.mediaSsrc());
    if (consumer == null || !isReady()) {
      return;
    }
    int absSendTime = AbsSendTime.of(nowNanos);
    for (int i = 0; i < rtcp.nackCount(); i++) {
      int pid = rtcp.nackPid(i);
      consumer.onNack(pid, absSendTime, rttNanos, nowNanos);
      for (int blp = rtcp.nackBlp(i), next = pid + 1; blp != 0; blp >>>= 1, next++) {
        if ((blp & 1) != 0) {
          consumer.onNack(next & 0xFFFF, absSendTime, rttNanos, nowNanos);
        }
      }
    }
  }

  private void onPayloadFeedback() {
    if (rtcp.format() == RtcpReader.PLI) {
      requestKeyFrame(rtcp.mediaSsrc());
    } else if (rtcp.format() == RtcpReader.FIR) {
      for (int i = 0; i < rtcp.firCount(); i++) {
        requestKeyFrame(rtcp.firSsrc(i));
      }
    }
  }

  private void requestKeyFrame(int ssrc) {
    Consumer consumer = bySsrc.get(ssrc);
    if (consumer != null) {
      consumer.requestKeyFrame();
    }
  }

  /// Sends the reports of all streams, several in one datagram. To be called once a second.
  void onTick(PeerAddress receiver, SrtpSender keys, long nowNanos) {
    int next = 0;
    while (next < consumers.size()) {
      int at = outbox.reserve();
      writer.wrap(outbox.memory(), at, MAX_RTCP_BYTES);
      int before = next;
      while (next < consumers.size() && writeReport(consumers.get(next), nowNanos)) {
        next++;
      }
      if (writer.isEmpty()) {
        next = Math.max(next, before + 1);
        continue;
      }
      int length = keys.protectRtcp(outbox.memory(), at, writer.length());
      if (length > 0) {
        outbox.add(receiver, length);
        hasReported = true;
      }
    }
  }

  /// Whether the receiver has had a report.
  boolean hasReported() {
    return hasReported;
  }

  /// @return false if there is no room left for it
  private boolean writeReport(Consumer consumer, long nowNanos) {
    if (!consumer.hasSenderReport()) {
      return true;
    }
    if (writer.remaining() < MAX_REPORT_BYTES) {
      return false;
    }
    writer.senderReport(
        consumer.ssrc(),
        consumer.reportNtp(nowNanos),
        consumer.reportTimestamp(nowNanos),
        consumer.rewriter().packetCount(),
        consumer.rewriter().octetCount());
    writer.sourceDescription(consumer.ssrc(), consumer.cname());
    return true;
  }
}
