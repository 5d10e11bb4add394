package io.belfry.sfu.route;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.repair.PacketCache;
import io.belfry.sfu.repair.Rtx;
import io.belfry.sfu.rewrite.SentHistory;
import io.belfry.sfu.rewrite.SourceClock;
import io.belfry.sfu.rewrite.StreamRewriter;
import io.belfry.sfu.rewrite.Vp8Rewriter;
import io.belfry.sfu.rtp.HeaderPlan;
import io.belfry.sfu.rtp.RtpHeaderWriter;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.rtp.codec.Vp8Descriptor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One receiver's reception of a track: which encoding it gets, and how that becomes its stream.
public final class Consumer {
  private final long id;
  private final Producer producer;
  private final Sink sink;
  private final String cname;
  private final HeaderPlan plan;
  private final @Nullable HeaderPlan rtxPlan;
  private final RouteCounters counters;
  private final StreamRewriter rewriter;
  private final Vp8Rewriter pictures;
  private final boolean isContinued;
  private final Vp8Descriptor descriptor = new Vp8Descriptor();
  private final RtpPacket cached = new RtpPacket();
  private @Nullable Encoding current;
  private @Nullable Encoding target;
  private boolean isWaiting = true;
  private long rtxIndex;

  Consumer(
      Producer producer,
      Sink sink,
      ConsumerSpec spec,
      @Nullable Consumer before,
      int historyPackets,
      RandomGenerator random,
      RouteCounters counters) {
    this.id = spec.consumerId();
    this.producer = producer;
    this.sink = sink;
    this.cname = spec.cname();
    this.plan = spec.plan();
    this.rtxPlan = spec.rtxPlan();
    this.counters = counters;
    this.isContinued = spec.isContinued();
    if (before == null) {
      this.rewriter =
          new StreamRewriter(
              producer.clockRate(), random.nextInt(0x8000), random.nextInt(), historyPackets);
      this.pictures = new Vp8Rewriter();
      this.rtxIndex = random.nextInt(0x8000);
    } else {
      this.rewriter = before.rewriter;
      this.pictures = before.pictures;
      this.rtxIndex = before.rtxIndex;
      rewriter.endSource();
    }
  }

  /// Chooses the encoding to receive; a change takes effect with its next key frame.
  void chooseEncoding(long nowNanos) {
    Encoding best = producer.best(nowNanos);
    if (best != target) {
      target = best;
      if (best != null && best != current) {
        best.requestKeyFrame();
      }
    }
  }

  void onEncodingAdded() {
    if (target == null || !producer.encodings().contains(target)) {
      target = producer.encodings().getLast();
      target.requestKeyFrame();
    }
  }

  void skip(Encoding encoding, long index) {
    rewriter.drop(encoding.source(), index);
  }

  /// The receiver cannot decode before the next key frame: it just joined, or says so.
  public void requestKeyFrame() {
    Encoding wanted = target != null ? target : current;
    if (wanted != null && producer.spec().isVideo()) {
      wanted.requestKeyFrame();
    }
  }

  /// The receiver's transport came up: begin anew with a key frame.
  void onSinkReady(long nowNanos) {
    isWaiting = true;
    chooseEncoding(nowNanos);
    requestKeyFrame();
  }

  /// Sends a waiting packet to the receiver, if it is of the encoding it gets.
  void forward(PendingPacket pending, Encoding encoding, int absSendTime, long nowNanos) {
    RtpPacket packet = pending.packet;
    if (plan.payloadType(packet.payloadType()) < 0) {
      return;
    }
    if ((isWaiting || encoding != current) && !begin(pending, encoding, nowNanos)) {
      return;
    }
    long index = rewriter.map(encoding.source(), pending.index, packet.timestamp(), nowNanos);
    if (index == StreamRewriter.DROP) {
      return;
    }
    int deltas = 0;
    if (pending.pictureId != Vp8Descriptor.ABSENT) {
      deltas = pictures.map(pending.pictureId, pending.tl0PicIdx);
      if (deltas == Vp8Rewriter.DROP) {
        deltas = 0;
      }
      rewriter.payloadDeltas(index, deltas);
    }
    rewriter.onSent(packet.payloadLength());
    counters.forwardedPackets++;
    int timestamp = rewriter.timestamp(packet.timestamp());
    int transportSequence = plan.hasTransportSequence() ? sink.nextTransportSequence() : 0;
    int at = sink.reserve();
    int header =
        RtpHeaderWriter.write(
            packet,
            plan,
            (int) index,
            timestamp,
            absSendTime,
            transportSequence,
            sink.memory(),
            at);
    int length = packet.payloadLength() + pending.paddingBytes;
    if (pending.paddingBytes > 0) {
      RtpHeaderWriter.padding(sink.memory(), at);
    }
    if (deltas == 0) {
      sink.send(at, header, packet.memory(), packet.payloadOffset(), length, index);
    } else {
      sendWithDeltas(packet, deltas, at, header, packet.payloadOffset(), length, index);
    }
  }

  /// Takes up an encoding at a packet where decoding can begin.
  private boolean begin(PendingPacket pending, Encoding encoding, long nowNanos) {
    if (encoding != target || !pending.isKeyFrameStart) {
      return false;
    }
    Encoding before = current;
    int timestamp = pending.packet.timestamp();
    if (before == null) {
      rewriter.switchTo(encoding.source(), pending.index, timestamp, nowNanos);
    } else {
      rewriter.switchTo(
          encoding.source(), pending.index, timestamp, nowNanos, before.clock(), encoding.clock());
    }
    if (pending.pictureId != Vp8Descriptor.ABSENT) {
      pictures.switchTo(pending.pictureId, pending.tl0PicIdx);
    }
    current = encoding;
    isWaiting = false;
    return true;
  }

  /// Applies the picture number deltas to the shared plaintext, sends, and takes them back.
  private void sendWithDeltas(
      RtpPacket packet, int deltas, int at, int header, int from, int length, long index) {
    Memory memory = packet.memory();
    boolean isVp8 = descriptor.wrap(memory, packet.payloadOffset(), packet.payloadLength());
    if (isVp8) {
      descriptor.addDeltas(
          memory, Vp8Rewriter.pictureIdDelta(deltas), Vp8Rewriter.tl0Delta(deltas));
    }
    sink.send(at, header, memory, from, length, index);
    if (isVp8) {
      int back = Vp8Rewriter.negate(deltas);
      descriptor.addDeltas(memory, Vp8Rewriter.pictureIdDelta(back), Vp8Rewriter.tl0Delta(back));
    }
  }

  /// Sends a packet again that the receiver misses (RFC 4585 §6.2.1, RFC 4588).
  ///
  /// Without a retransmission stream nothing is sent: the same packet again with a fresh send time
  /// would be a second message under one nonce (RFC 7714 §8.3).
  ///
  /// @param sequence outgoing, in [0, 65535]
  /// @param rttNanos to the receiver; a packet is not repeated twice within it
  public void onNack(int sequence, int absSendTime, long rttNanos, long nowNanos) {
    SentHistory history = rewriter.history();
    long sent = history.find(sequence);
    HeaderPlan rtx = rtxPlan;
    if (rtx == null || sent == SentHistory.UNKNOWN) {
      counters.unansweredNacks++;
      return;
    }
    Encoding encoding = producer.encodingOf(history.source(sent));
    int slot =
        encoding == null ? PacketCache.MISSING : encoding.cache().find(history.sourceIndex(sent));
    if (encoding == null || slot == PacketCache.MISSING) {
      counters.unansweredNacks++;
      return;
    }
    if (!history.claimResend(sent, nowNanos, rttNanos) || !readCached(encoding.cache(), slot)) {
      return;
    }
    if (rtx.payloadType(cached.payloadType()) < 0) {
      counters.unansweredNacks++;
      return;
    }
    counters.resentPackets++;
    resend(rtx, sequence, absSendTime, sent);
  }

  private boolean readCached(PacketCache cache, int slot) {
    return cached.wrap(cache.memory(), cache.offset(slot), cache.length(slot))
        && cached.parsePadding(cache.length(slot));
  }

  private void resend(HeaderPlan rtx, int sequence, int absSendTime, long sent) {
    SentHistory history = rewriter.history();
    int timestamp = cached.timestamp() + history.timestampOffset(sent);
    int transportSequence = rtx.hasTransportSequence() ? sink.nextTransportSequence() : 0;
    long index = rtxIndex++;
    int at = sink.reserve();
    int header =
        RtpHeaderWriter.write(
            cached, rtx, (int) index, timestamp, absSendTime, transportSequence, sink.memory(), at);
    Memory memory = cached.memory();
    short overwritten = Rtx.prefix(memory, cached.payloadOffset(), sequence);
    int from = cached.payloadOffset() - Rtx.OSN_BYTES;
    int length = cached.payloadLength() + Rtx.OSN_BYTES;
    sendWithDeltas(cached, history.payloadDeltas(sent), at, header, from, length, index);
    Rtx.restore(memory, cached.payloadOffset(), overwritten);
  }

  /// Whether a sender report can be made: something was sent, and the publisher has told its clock.
  public boolean hasSenderReport() {
    return current != null && current.clock().isKnown() && rewriter.packetCount() > 0;
  }

  /// The publisher's wall clock now, as 64-bit NTP. Kept as it is, so that tracks of one publisher
  /// stay in step at the receiver (RFC 3550 §6.4.1).
  public long reportNtp(long nowNanos) {
    return clock().ntpAt(nowNanos);
  }

  /// The outgoing stream's RTP timestamp at {@link #reportNtp}.
  public int reportTimestamp(long nowNanos) {
    return clock().timestampAt(nowNanos) + rewriter.timestampOffset();
  }

  private SourceClock clock() {
    Encoding encoding = current;
    if (encoding == null) {
      throw new IllegalStateException("no sender report before the first packet");
    }
    return encoding.clock();
  }

  public StreamRewriter rewriter() {
    return rewriter;
  }

  public int ssrc() {
    return plan.ssrc();
  }

  /// Whether its SSRC outlives it.
  public boolean isContinued() {
    return isContinued;
  }

  public String cname() {
    return cname;
  }

  public long id() {
    return id;
  }

  public Producer producer() {
    return producer;
  }
}
