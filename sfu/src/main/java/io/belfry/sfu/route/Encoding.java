package io.belfry.sfu.route;

import io.belfry.sfu.repair.KeyFrameRequester;
import io.belfry.sfu.repair.PacketCache;
import io.belfry.sfu.rewrite.SourceClock;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.rtp.SequenceUnwrapper;
import io.belfry.sfu.rtp.codec.CodecKind;
import org.jspecify.annotations.Nullable;

/// One incoming RTP stream of a track: the only one, or one simulcast layer.
public final class Encoding {
  /// An encoding that has been silent for this long is not chosen any more.
  private static final long ACTIVE_NANOS = 1_000_000_000L;

  private final Producer producer;
  private final String rid;
  private final int layer;
  private final int ssrc;
  private final int source;
  private final PacketCache cache;
  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final KeyFrameRequester keyFrames;
  private final SourceClock clock;
  private boolean hasPackets;
  private long lastPacketNanos;
  private boolean isLastKeyFrameStart;
  private long oldestPendingIndex = -1;

  Encoding(
      Producer producer,
      String rid,
      int layer,
      int ssrc,
      int source,
      PacketCache cache,
      long keyFrameIntervalNanos) {
    this.producer = producer;
    this.rid = rid;
    this.layer = layer;
    this.ssrc = ssrc;
    this.source = source;
    this.cache = cache;
    this.keyFrames = new KeyFrameRequester(keyFrameIntervalNanos);
    this.clock = new SourceClock(producer.clockRate());
  }

  /// Takes a packet: keeps it for retransmission and lays it before the room's receivers.
  ///
  /// @param packet plaintext, padding parsed; its bytes are copied
  /// @return the packet's 48-bit index, or -1 when it was here before, is too old or too large
  public long onPacket(RtpPacket packet, long nowNanos) {
    CodecKind codec = producer.codec(packet.payloadType());
    if (codec == null) {
      return -1;
    }
    long index = unwrapper.peek(packet.sequence());
    if (oldestPendingIndex >= 0 && index - oldestPendingIndex >= cache.capacityPackets()) {
      producer.room().flush(nowNanos); // its slot is about to be used again
    }
    int slot = cache.store(index, packet.memory(), packet.offset(), packet.length(), nowNanos);
    if (slot < 0) {
      return -1;
    }
    unwrapper.unwrap(packet.sequence());
    hasPackets = true;
    lastPacketNanos = nowNanos;
    isLastKeyFrameStart =
        codec.isKeyFrameStart(packet.memory(), packet.payloadOffset(), packet.payloadLength());
    if (isLastKeyFrameStart) {
      keyFrames.onKeyFrame();
    }
    producer.room().enqueue(this, slot, index, codec, isLastKeyFrameStart, nowNanos);
    return index;
  }

  /// Takes a packet of padding only, with which senders probe the network: it has a place in the
  /// numbering, which receivers must not see as a loss.
  ///
  /// @return the packet's 48-bit index
  public long onPadding(int sequence) {
    long index = unwrapper.unwrap(sequence);
    producer.skip(this, index);
    producer.room().pipePadding(this, sequence);
    return index;
  }

  /// Whether the packet that was taken last begins a key frame.
  public boolean isLastKeyFrameStart() {
    return isLastKeyFrameStart;
  }

  /// A packet of this encoding waits for the room's flush.
  void onPending(long index) {
    if (oldestPendingIndex < 0 || index < oldestPendingIndex) {
      oldestPendingIndex = index;
    }
  }

  void onFlushed() {
    oldestPendingIndex = -1;
  }

  /// Takes a sender report of the publisher (RFC 3550 §6.4.1).
  public void onSenderReport(long ntp, int rtpTimestamp, long nowNanos) {
    clock.onSenderReport(ntp, rtpTimestamp, nowNanos);
    producer.room().pipeSenderReport(this, ntp, rtpTimestamp);
  }

  /// Asks for a key frame for somebody who cannot decode; the publisher's transport sends it. Audio
  /// can be decoded from any packet on.
  public void requestKeyFrame() {
    if (producer.spec().isVideo()) {
      keyFrames.request();
    }
  }

  boolean isActive(long nowNanos) {
    return hasPackets && nowNanos - lastPacketNanos < ACTIVE_NANOS;
  }

  /// The number by which rewriters, and other loops, know this stream.
  public int source() {
    return source;
  }

  PacketCache cache() {
    return cache;
  }

  SourceClock clock() {
    return clock;
  }

  /// What receivers wait for; polled by the publisher's transport.
  public KeyFrameRequester keyFrames() {
    return keyFrames;
  }

  /// The codec of a payload type, or null if it was not negotiated.
  public @Nullable CodecKind codec(int payloadType) {
    return producer.codec(payloadType);
  }

  public Producer producer() {
    return producer;
  }

  /// The place of the RID among those signalled, the lowest quality first; -1 without a RID.
  public int layer() {
    return layer;
  }

  public String rid() {
    return rid;
  }

  public int ssrc() {
    return ssrc;
  }
}
