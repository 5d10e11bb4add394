package io.belfry.sfu.dtls;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/// What Bouncy Castle reads from and writes to in place of a socket.
final class DatagramQueue implements DatagramTransport {
  /// A ClientHello with a post-quantum key share takes two datagrams, a flight with a certificate
  /// chain a few more.
  private static final int CAPACITY = 32;

  /// The smallest MTU of IPv6 less the IPv6 and UDP headers (RFC 8200 §5): our flights pass
  /// everywhere.
  private static final int SEND_LIMIT_BYTES = 1232;

  private static final int RECEIVE_LIMIT_BYTES = 2048;

  private final ArrayBlockingQueue<byte[]> received = new ArrayBlockingQueue<>(CAPACITY);
  private final Consumer<byte[]> sender;
  private volatile boolean isClosed;

  DatagramQueue(Consumer<byte[]> sender) {
    this.sender = sender;
  }

  /// @return false if the queue is full: the datagram is dropped, and the client sends it again
  boolean offer(byte[] datagram) {
    return !isClosed && received.offer(datagram);
  }

  boolean isEmpty() {
    return received.isEmpty();
  }

  boolean isClosed() {
    return isClosed;
  }

  @Override
  public int getReceiveLimit() {
    return RECEIVE_LIMIT_BYTES;
  }

  @Override
  public int getSendLimit() {
    return SEND_LIMIT_BYTES;
  }

  /// @param waitMillis 0 waits for ever
  @Override
  public int receive(byte[] target, int offset, int length, int waitMillis) {
    byte[] datagram = poll(waitMillis);
    if (datagram == null) {
      return -1;
    }
    int size = Math.min(length, datagram.length);
    System.arraycopy(datagram, 0, target, offset, size);
    return size;
  }

  private byte @Nullable [] poll(int waitMillis) {
    try {
      return waitMillis == 0 ? received.take() : received.poll(waitMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  @Override
  public void send(byte[] source, int offset, int length) {
    byte[] datagram = new byte[length];
    System.arraycopy(source, offset, datagram, 0, length);
    sender.accept(datagram);
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
