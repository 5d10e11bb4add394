package io.belfry.sfu.route;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtp.RtpPacket;
import java.util.ArrayList;
import java.util.List;

/// A receiver without a network: keeps what it is sent, unprotected, and writes its name into a log
/// that all receivers of a test share.
final class FakeSink implements Sink {
  /// What arrived, read back with our own parser.
  @SuppressWarnings("ArrayRecordComponent") // looked at field by field
  record Sent(
      int ssrc,
      int payloadType,
      int sequence,
      int timestamp,
      boolean marker,
      long packetIndex,
      int paddingBytes,
      byte[] payload) {}

  final List<Sent> sent = new ArrayList<>();
  boolean isReady = true;
  private final String name;
  private final List<String> log;
  private final Memory memory = Memory.allocate(4096);
  private final RtpPacket view = new RtpPacket();
  private int transportSequence;

  FakeSink(String name, List<String> log) {
    this.name = name;
    this.log = log;
  }

  @Override
  public boolean isReady() {
    return isReady;
  }

  @Override
  public Memory memory() {
    return memory;
  }

  @Override
  public int reserve() {
    return 0;
  }

  @Override
  public int nextTransportSequence() {
    return transportSequence++;
  }

  @Override
  public void send(
      int at,
      int headerLength,
      Memory payload,
      int payloadOffset,
      int payloadLength,
      long packetIndex) {
    Memory.copy(payload, payloadOffset, memory, at + headerLength, payloadLength);
    int length = headerLength + payloadLength;
    if (!view.wrap(memory, at, length) || !view.parsePadding(length)) {
      throw new AssertionError("a malformed packet was sent");
    }
    log.add(name);
    sent.add(
        new Sent(
            view.ssrc(),
            view.payloadType(),
            view.sequence(),
            view.timestamp(),
            view.marker(),
            packetIndex,
            view.paddingLength(),
            memory.toArray(view.payloadOffset(), view.payloadLength())));
  }
}
