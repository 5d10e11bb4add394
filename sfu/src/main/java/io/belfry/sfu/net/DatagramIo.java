package io.belfry.sfu.net;

import io.belfry.sfu.session.Outbox;
import java.io.IOException;

/// A UDP socket that works in batches. All methods but {@link #wakeup} belong to the loop's thread.
public interface DatagramIo extends Outbox.Drain, AutoCloseable {

  /// What was received and sent since the start.
  ///
  /// @param sendCalls system calls that sent
  /// @param droppedPackets packets that the kernel did not take
  record Counters(
      long receivedPackets,
      long receivedBytes,
      long sentPackets,
      long sentBytes,
      long sendCalls,
      long droppedPackets) {}

  /// Receives what is there, without waiting.
  ///
  /// @return the datagrams received, valid until the next call; empty when there are none
  ReceiveBatch receive() throws IOException;

  /// Waits until a datagram is there, {@link #wakeup} is called, or the time has passed.
  ///
  /// @param timeoutNanos nanoseconds to wait at most; 0 returns at once, negative waits for ever
  void await(long timeoutNanos) throws IOException;

  /// Ends a present or the next {@link #await}. Called from any thread.
  void wakeup();

  /// The port that the socket is bound to.
  int localPort();

  /// The size of the receive buffer that the kernel gave, in bytes.
  int receiveBufferBytes() throws IOException;

  /// The name of the implementation, for logs and metrics: `native` or `portable`.
  String name();

  Counters counters();

  @Override
  void close() throws IOException;
}
