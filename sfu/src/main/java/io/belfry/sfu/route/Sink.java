package io.belfry.sfu.route;

import io.belfry.common.bytes.Memory;

/// The transport of one receiver, as far as routing needs it.
public interface Sink {

  /// Whether media can be sent: there is a path and there are keys.
  boolean isReady();

  /// The memory into which packets to this receiver are written.
  Memory memory();

  /// Where in {@link #memory} the next packet's header is to be written.
  int reserve();

  /// The next number of the transport-wide sequence (congestion control), in [0, 65535].
  int nextTransportSequence();

  /// Protects and sends a packet.
  ///
  /// @param at what {@link #reserve} returned; the header stands there
  /// @param packetIndex 48-bit SRTP packet index of the outgoing stream
  void send(
      int at,
      int headerLength,
      Memory payload,
      int payloadOffset,
      int payloadLength,
      long packetIndex);
}
