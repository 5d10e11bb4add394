package io.belfry.load;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtp.RtpPacket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/// One track of a publisher: frames at a steady pace, each in as many packets as it needs.
final class SentTrack {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /// Beyond this, frames are left out rather than sent all at once.
  private static final long MAX_BEHIND_NANOS = SECOND_NANOS;

  private static final int MIN_PAYLOAD_BYTES = PayloadHeader.MAX_BYTES + Stamp.BYTES;

  final OfferedSection section;
  private final int id;
  private final SentMedia media;
  private final AtomicLongArray sentByTrack;
  private final long intervalNanos;
  private final long firstSequence;
  private final double phase;
  private long nextNanos;
  private int frames;
  private long packets;
  private long octets;
  private boolean isKeyFrameWanted = true;

  /// @param id where it counts in `sentByTrack`
  /// @param firstSequence in [0, 32767]
  /// @param phase of the first frame, in [0, 1) of the time between two, so that not everybody
  ///   sends at once
  SentTrack(
      OfferedSection section,
      int id,
      SentMedia media,
      AtomicLongArray sentByTrack,
      int firstSequence,
      double phase) {
    this.section = section;
    this.id = id;
    this.media = media;
    this.sentByTrack = sentByTrack;
    this.intervalNanos = SECOND_NANOS / media.framesPerSecond(section.codec());
    this.firstSequence = firstSequence;
    this.phase = phase;
  }

  /// Starts the clock.
  void begin(long nowNanos) {
    nextNanos = nowNanos + (long) (phase * intervalNanos);
  }

  void wantKeyFrame() {
    isKeyFrameWanted = true;
  }

  long nextNanos() {
    return nextNanos;
  }

  long packets() {
    return packets;
  }

  long octets() {
    return octets;
  }

  /// The RTP timestamp of the frame that is due next.
  int timestamp() {
    return (int)
        ((long) frames * section.codec().clockRate() / media.framesPerSecond(section.codec()));
  }

  /// Sends the frame that is due.
  void sendFrame(Peer peer, long run, Traffic traffic, long nowNanos) {
    traffic.behindNanos = Math.max(traffic.behindNanos, nowNanos - nextNanos);
    int frameBytes = Math.max(MIN_PAYLOAD_BYTES, media.frameBytes(section.codec()));
    int maxBytes = section.codec().isVideo() ? media.maxPayloadBytes() : frameBytes;
    int count = (frameBytes + maxBytes - 1) / maxBytes;
    for (int i = 0; i < count; i++) {
      int payloadBytes = frameBytes * (i + 1) / count - frameBytes * i / count;
      sendPacket(peer, payloadBytes, i == 0, i == count - 1, run, traffic);
    }
    isKeyFrameWanted = false;
    frames++;
    nextNanos += intervalNanos;
    if (nowNanos - nextNanos > MAX_BEHIND_NANOS) {
      nextNanos = nowNanos + intervalNanos;
    }
  }

  private void sendPacket(
      Peer peer, int payloadBytes, boolean isFirst, boolean isLast, long run, Traffic traffic) {
    Memory plain = peer.plain();
    ByteBuffer bytes = plain.bytes();
    long index = firstSequence + packets;
    boolean isMarked = isLast && section.codec().isVideo();
    bytes.put(0, (byte) 0x80);
    bytes.put(1, (byte) ((isMarked ? 0x80 : 0) | section.payloadType()));
    bytes.putShort(2, (short) index);
    bytes.putInt(4, timestamp());
    bytes.putInt(8, section.ssrc());
    int at = RtpPacket.FIXED_HEADER_BYTES;
    int end = at + payloadBytes;
    int filling =
        at
            + PayloadHeader.write(
                section.codec(), bytes, at, isFirst, isLast, isKeyFrameWanted, frames);
    for (int i = filling; i < end; i++) {
      bytes.put(i, (byte) i);
    }
    Stamp.write(plain, end, run, id, packets, System.nanoTime());
    packets++;
    octets += payloadBytes;
    traffic.sentPackets++;
    traffic.sentBytes += end;
    peer.sendRtp(end, RtpPacket.FIXED_HEADER_BYTES, index);
    sentByTrack.lazySet(id, packets);
  }
}
