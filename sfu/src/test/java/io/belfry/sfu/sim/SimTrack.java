package io.belfry.sfu.sim;

import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.codec.CodecKind;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A track that a {@link SimPublisher} sends: VP8-shaped video of 30 frames a second, or
/// Opus-shaped audio of 50 packets a second.
final class SimTrack {
  static final int VP8 = 96;
  static final int VP8_RTX = 97;
  static final int OPUS = 111;
  static final ExtensionIds EXTENSIONS =
      ExtensionIds.of(Map.of(HeaderExtension.MID, 4, HeaderExtension.TRANSPORT_WIDE_CC, 5));

  private static final int KEPT_PACKETS = 2000;
  private static final int PACKETS_PER_KEY_FRAME = 10;
  private static final int PACKETS_PER_FRAME = 3;
  private static final int VIDEO_BYTES = 1000;
  private static final int AUDIO_BYTES = 80;
  private static final long SECOND = Simulation.SECOND;

  final long producerId;
  final boolean isVideo;
  int ssrc;
  int rtxSsrc;
  final int clockRate;
  final int timestampBase;

  /// 48-bit index of the next packet.
  long nextIndex;

  boolean isKeyFrameDue = true;
  int keyFrames;
  int keyFrameRequests;
  int resent;

  private final SimPublisher publisher;
  private final Map<Integer, byte[]> sent = new HashMap<>();
  private long nextRtxIndex = 700;
  private long nextId;
  private int frame;

  SimTrack(SimPublisher publisher, long producerId, boolean isVideo, long firstIndex) {
    this.publisher = publisher;
    this.producerId = producerId;
    this.isVideo = isVideo;
    this.ssrc = publisher.random.nextInt();
    this.rtxSsrc = publisher.random.nextInt();
    this.clockRate = isVideo ? CodecKind.VP8.clockRate() : CodecKind.OPUS.clockRate();
    this.timestampBase = publisher.random.nextInt();
    this.nextIndex = firstIndex;
  }

  ProducerSpec spec() {
    ProducerSpec.Codec codec =
        isVideo
            ? new ProducerSpec.Codec(CodecKind.VP8, VP8, VP8_RTX, true)
            : new ProducerSpec.Codec(CodecKind.OPUS, OPUS, -1, false);
    return new ProducerSpec(
        producerId,
        isVideo ? "1" : "0",
        isVideo,
        List.of(codec),
        EXTENSIONS,
        List.of(new ProducerSpec.Encoding("", ssrc, isVideo ? rtxSsrc : 0)));
  }

  long frameIntervalNanos() {
    return isVideo ? SECOND / 30 : SECOND / 50;
  }

  /// The RTP timestamp of an instant on the simulation's time line.
  int timestamp(long elapsedNanos) {
    long seconds = elapsedNanos / SECOND;
    return timestampBase + (int) (seconds * clockRate + elapsedNanos % SECOND * clockRate / SECOND);
  }

  void sendFrame(long captureNanos) {
    boolean isKey = !isVideo || isKeyFrameDue;
    isKeyFrameDue = false;
    keyFrames += isKey ? 1 : 0;
    int count = isVideo ? (isKey ? PACKETS_PER_KEY_FRAME : PACKETS_PER_FRAME) : 1;
    for (int i = 0; i < count; i++) {
      int bytes = isVideo ? VIDEO_BYTES - (i == count - 1 ? 300 : 0) : AUDIO_BYTES;
      SimPayload payload =
          new SimPayload(isVideo, nextId++, frame, i == 0, isKey, captureNanos, bytes);
      send(payload.bytes(), i == count - 1, timestamp(captureNanos));
    }
    frame++;
  }

  private void send(byte[] payload, boolean marker, int timestamp) {
    int sequence = (int) nextIndex & 0xFFFF;
    byte[] packet = packet(isVideo ? VP8 : OPUS, marker, sequence, timestamp, ssrc, payload);
    sent.put(sequence, packet);
    sent.remove(sequence - KEPT_PACKETS & 0xFFFF);
    publisher.sendRtp(packet, nextIndex++);
  }

  private byte[] packet(
      int type, boolean marker, int sequence, int timestamp, int ssrc, byte[] payload) {
    byte[] packet = new byte[20 + payload.length];
    ByteBuffer out = ByteBuffer.wrap(packet);
    out.put((byte) 0x90).put((byte) (type | (marker ? 0x80 : 0))).putShort((short) sequence);
    out.putInt(timestamp).putInt(ssrc).putShort((short) 0xBEDE).putShort((short) 1);
    out.put((byte) 0x51).putShort((short) publisher.nextTransportSequence()).put((byte) 0);
    out.put(payload);
    return packet;
  }

  /// Answers a NACK (RFC 4588 §4).
  void resend(int sequence) {
    byte[] packet = sent.get(sequence);
    if (packet != null) {
      resent++;
      ByteBuffer original = ByteBuffer.wrap(packet);
      byte[] payload = new byte[packet.length - 20 + 2];
      ByteBuffer.wrap(payload).putShort((short) sequence).put(packet, 20, packet.length - 20);
      boolean marker = packet[1] < 0;
      int index = (int) nextRtxIndex & 0xFFFF;
      byte[] rtx = packet(VP8_RTX, marker, index, original.getInt(4), rtxSsrc, payload);
      publisher.sendRtp(rtx, nextRtxIndex++);
    }
  }

  long sentPackets() {
    return nextId;
  }
}
