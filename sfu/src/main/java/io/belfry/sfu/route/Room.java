package io.belfry.sfu.route;

import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.rtp.AbsSendTime;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.rtp.codec.CodecKind;
import io.belfry.sfu.rtp.codec.Vp8Descriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The tracks and receivers of one session (a Router in mediasoup's words), on one media loop.
public final class Room {
  private static final int AUDIO_ONLY = 3;

  /// Packets that may wait for a flush; a full table is flushed at once.
  private static final int MAX_PENDING = 256;

  private final long id;
  private final RouteLimits limits;
  private final RandomGenerator random;
  private final RouteCounters counters;
  private final List<Producer> producers = new ArrayList<>();

  /// Receivers by slot; a slot is free again when its receiver has left.
  private @Nullable Sink[] sinks = new @Nullable Sink[4];

  private int sinkSlots;

  /// Other loops where the room has receivers.
  private final List<Pipe> pipes = new ArrayList<>();

  /// Made as they are needed: most rooms never hold more than a few.
  private final List<PendingPacket> pending = new ArrayList<>();

  private final Vp8Descriptor descriptor = new Vp8Descriptor();
  private int pendingCount;
  private boolean isFlushDue;
  private long oldestPendingNanos;
  private long oldestArrivalNanos;
  private int shed;

  public Room(long id, RouteLimits limits, RandomGenerator random, RouteCounters counters) {
    this.counters = counters;
    this.id = id;
    this.limits = limits;
    this.random = random;
  }

  public long id() {
    return id;
  }

  /// Begins a track.
  public Producer addProducer(ProducerSpec spec) {
    Producer producer = new Producer(this, spec, limits);
    producers.add(producer);
    return producer;
  }

  /// Takes the result of a new negotiation of a track.
  public void updateProducer(Producer producer, ProducerSpec spec) {
    producer.update(spec);
  }

  /// Ends a track. Its consumers are gone with it.
  public void removeProducer(Producer producer, long nowNanos) {
    flush(nowNanos);
    producers.remove(producer);
  }

  /// Adds a receiver.
  ///
  /// @return its slot, to be given to the other methods
  public int addSink(Sink sink) {
    int slot = 0;
    while (slot < sinkSlots && sinks[slot] != null) {
      slot++;
    }
    if (slot == sinks.length) {
      sinks = Arrays.copyOf(sinks, sinks.length * 2);
    }
    sinks[slot] = sink;
    sinkSlots = Math.max(sinkSlots, slot + 1);
    return slot;
  }

  public void removeSink(int slot) {
    sinks[slot] = null;
    for (int i = 0; i < producers.size(); i++) {
      producers.get(i).put(slot, null);
    }
  }

  /// A receiver's transport came up, for the first time or again.
  public void onSinkReady(int slot, long nowNanos) {
    for (int i = 0; i < producers.size(); i++) {
      Consumer consumer = producers.get(i).consumerAt(slot);
      if (consumer != null) {
        consumer.onSinkReady(nowNanos);
      }
    }
  }

  /// Begins the reception of a track by a receiver.
  public Consumer addConsumer(
      Producer producer, int slot, Sink sink, ConsumerSpec spec, long nowNanos) {
    return addConsumer(producer, slot, sink, spec, null, nowNanos);
  }

  /// As the other one.
  ///
  /// @param before the reception that had the SSRC before, and has ended: a number that was used
  ///   under the receiver's keys must not be used again (RFC 3711 §9.1)
  public Consumer addConsumer(
      Producer producer,
      int slot,
      Sink sink,
      ConsumerSpec spec,
      @Nullable Consumer before,
      long nowNanos) {
    int history =
        producer.spec().isVideo() ? limits.videoCachePackets() : limits.audioCachePackets();
    Consumer consumer = new Consumer(producer, sink, spec, before, history, random, counters);
    producer.put(slot, consumer);
    if (sink.isReady()) {
      consumer.onSinkReady(nowNanos);
    }
    return consumer;
  }

  public void removeConsumer(Consumer consumer, int slot) {
    if (consumer.producer().consumerAt(slot) == consumer) {
      consumer.producer().put(slot, null);
    }
  }

  /// Lets the room's packets go to receivers on another loop too.
  public void addPipe(Pipe pipe) {
    if (!pipes.contains(pipe)) {
      pipes.add(pipe);
    }
  }

  public void removePipe(Pipe pipe) {
    pipes.remove(pipe);
  }

  void pipePadding(Encoding encoding, int sequence) {
    for (int i = 0; i < pipes.size(); i++) {
      pipes.get(i).padding(encoding, sequence);
    }
  }

  void pipeSenderReport(Encoding encoding, long ntp, int rtpTimestamp) {
    for (int i = 0; i < pipes.size(); i++) {
      pipes.get(i).senderReport(encoding, ntp, rtpTimestamp);
    }
  }

  /// Lays a packet before the receivers; it leaves with the next flush.
  void enqueue(
      Encoding encoding,
      int slot,
      long index,
      CodecKind codec,
      boolean isKeyFrameStart,
      long nowNanos) {
    if (codec.isVideo() && shed == AUDIO_ONLY) {
      return;
    }
    if (pendingCount == MAX_PENDING) {
      flush(nowNanos);
    }
    if (pendingCount == pending.size()) {
      pending.add(new PendingPacket());
    }
    PendingPacket waiting = pending.get(pendingCount);
    RtpPacket packet = waiting.packet;
    int length = encoding.cache().length(slot);
    if (!packet.wrap(encoding.cache().memory(), encoding.cache().offset(slot), length)
        || !packet.parsePadding(length)
        || packet.payloadLength() == 0) {
      return;
    }
    if (pendingCount == 0) {
      oldestPendingNanos = nowNanos;
      oldestArrivalNanos = counters.arrivalNanos;
    }
    pendingCount++;
    waiting.encoding = encoding;
    encoding.onPending(index);
    waiting.index = index;
    waiting.isKeyFrameStart = isKeyFrameStart;
    waiting.pictureId = Vp8Descriptor.ABSENT;
    if (codec == CodecKind.VP8
        && descriptor.wrap(packet.memory(), packet.payloadOffset(), packet.payloadLength())) {
      waiting.pictureId = descriptor.pictureId();
      waiting.tl0PicIdx = Math.max(0, descriptor.tl0PicIdx());
    }
    // The marker ends a video frame: nothing more will come that belongs to the same run.
    isFlushDue |= !codec.isVideo() || packet.marker() || limits.coalesceNanos() == 0;
  }

  public boolean hasPending() {
    return pendingCount > 0;
  }

  /// When what waits must leave at the latest, on the loop's time line.
  public long flushDeadlineNanos() {
    return isFlushDue ? oldestPendingNanos : oldestPendingNanos + limits.coalesceNanos();
  }

  /// Flushes if the deadline has come.
  public void flushIfDue(long nowNanos) {
    if (pendingCount > 0 && nowNanos - flushDeadlineNanos() >= 0) {
      flush(nowNanos);
    }
  }

  /// Sends all that waits, receiver by receiver.
  public void flush(long nowNanos) {
    if (pendingCount == 0) {
      return;
    }
    for (int i = 0; i < pipes.size(); i++) {
      pipePending(
          pipes.get(i), oldestArrivalNanos); // first, so that the other loops work at the same time
    }
    padToEqualLength();
    int absSendTime = AbsSendTime.of(nowNanos);
    for (int slot = 0; slot < sinkSlots; slot++) {
      Sink sink = sinks[slot];
      if (sink != null && sink.isReady()) {
        forwardTo(slot, absSendTime, nowNanos);
      }
    }
    for (int i = 0; i < pendingCount; i++) {
      Encoding encoding = pending.get(i).encoding;
      if (encoding != null) {
        encoding.onFlushed();
        pending.get(i).encoding = null;
      }
    }
    counters.oldestFlushedNanos = Math.min(counters.oldestFlushedNanos, oldestArrivalNanos);
    pendingCount = 0;
    isFlushDue = false;
  }

  /// Pads packets that are one byte shorter than the next of their stream, so that a frame leaves
  /// as one run. Packetizers split a frame evenly, and where that leaves a remainder the packets in
  /// front are a byte shorter than those behind: two messages instead of one.
  private void padToEqualLength() {
    Encoding encoding = null;
    int next = 0;
    for (int i = pendingCount - 1; i >= 0; i--) {
      PendingPacket waiting = pending.get(i);
      RtpPacket packet = waiting.packet;
      int length = packet.headerLength() + packet.payloadLength();
      boolean isSameStream = waiting.encoding == encoding;
      encoding = waiting.encoding;
      if (encoding != null
          && isSameStream
          && next - length == 1
          && length < encoding.cache().slotBytes()) {
        // Behind the payload the cache's slot is free, or has padding of the publisher's.
        packet.memory().bytes().put(packet.offset() + length, (byte) 1);
        waiting.paddingBytes = 1;
      } else {
        waiting.paddingBytes = 0;
        next = length;
      }
    }
  }

  private void pipePending(Pipe pipe, long arrivalNanos) {
    for (int i = 0; i < pendingCount; i++) {
      Encoding encoding = pending.get(i).encoding;
      if (encoding != null) {
        pipe.packet(encoding, pending.get(i).packet, arrivalNanos);
      }
    }
  }

  private void forwardTo(int slot, int absSendTime, long nowNanos) {
    for (int i = 0; i < pendingCount; i++) {
      PendingPacket waiting = pending.get(i);
      Encoding encoding = waiting.encoding;
      if (encoding == null) {
        continue;
      }
      Consumer consumer = encoding.producer().consumerAt(slot);
      if (consumer != null) {
        consumer.forward(waiting, encoding, absSendTime, nowNanos);
      }
    }
  }

  /// Leaves out what the loop has no time for: with each level one more simulcast layer, the
  /// highest first, and at the last level all video.
  ///
  /// @param level in [0, 3]
  public void shed(int level, long nowNanos) {
    if (level == shed) {
      return;
    }
    boolean wasAudioOnly = shed == AUDIO_ONLY;
    shed = level;
    if (wasAudioOnly || level == AUDIO_ONLY) {
      for (int slot = 0; slot < sinkSlots; slot++) {
        if (sinks[slot] != null) {
          onSinkReady(slot, nowNanos); // begins anew with a key frame, once there is video again
        }
      }
    }
    for (int i = 0; i < producers.size(); i++) {
      producers.get(i).hideLayers(level);
    }
  }

  /// Lets every reception choose its encoding again; called a few times a second.
  public void chooseEncodings(long nowNanos) {
    for (int i = 0; i < producers.size(); i++) {
      Producer producer = producers.get(i);
      if (producer.encodings().size() > 1) {
        for (int slot = 0; slot < sinkSlots; slot++) {
          Consumer consumer = producer.consumerAt(slot);
          if (consumer != null) {
            consumer.chooseEncoding(nowNanos);
          }
        }
      }
    }
  }
}
