package io.belfry.sfu.dtls;

import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.DatagramTransport;

/// The transport as Bouncy Castle sees it: a bounded queue that the media loop fills and the
/// handshake's thread drains.
final class DatagramQueue implements DatagramTransport {
  /// What fits any path (RFC 8831 §5 starts there too), so that no flight of ours is fragmented.
  static final int SEND_LIMIT_BYTES = 1200;

  /// An Ethernet frame's worth.
  static final int RECEIVE_LIMIT_BYTES = 1500;

  /// A browser's longest flight has about ten datagrams.
  static final int CAPACITY = 32;

  private static final byte[] WAKE_UP = new byte[0];

  private final ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final Consumer<byte[]> sender;
  private volatile boolean isClosing;
  private volatile boolean isClosed;
  private volatile boolean isWoken;

  // Only for the handshake's thread.
  private final byte[] outgoing = new byte[SEND_LIMIT_BYTES];
  private int outgoingLength;
  private boolean isWakeable;
  private Runnable farewell = () -> {};

  DatagramQueue(Consumer<byte[]> sender) {
    this.sender = sender;
  }

  /// Returns false if the queue is full.
  boolean offer(byte[] datagram) {
    return queue.offer(datagram);
  }

  boolean isFull() {
    return queue.remainingCapacity() == 0;
  }

  /// Makes [#receive] throw once, as soon as it may be woken.
  void wakeUp() {
    isWoken = true;
    // If the queue is full, the thread is not asleep and will see the flag.
    boolean _ = queue.offer(WAKE_UP);
  }

  /// Makes [#receive] say farewell, and throw from then on.
  void beginClosing() {
    isClosing = true;
    wakeUp();
  }

  boolean isClosing() {
    return isClosing;
  }

  /// Whether the association has ended, from either side.
  boolean isClosed() {
    return isClosed;
  }

  /// Sets what is done on the handshake's thread when we close.
  void onFarewell(Runnable action) {
    farewell = action;
  }

  /// Lets wake-ups interrupt [#receive]: not during the handshake, which an exception would end.
  void makeWakeable() {
    isWakeable = true;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis)
      throws InterruptedIOException {
    flush();
    throwIfDisturbed();
    byte[] datagram;
    try {
      // Zero is "for ever" to Bouncy Castle.
      datagram = waitMillis == 0 ? queue.take() : queue.poll(waitMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    throwIfDisturbed();
    if (datagram == null || datagram.length == 0 || datagram.length > length) {
      return -1;
    }
    System.arraycopy(datagram, 0, buffer, offset, datagram.length);
    return datagram.length;
  }

  private void throwIfDisturbed() throws InterruptedIOException {
    if (isClosing && !isClosed) {
      farewell.run();
      close();
    }
    if (isClosed) {
      throw new InterruptedIOException("closed");
    }
    if (isWakeable && isWoken) {
      isWoken = false;
      throw new InterruptedIOException("woken");
    }
  }

  /// Holds the record back until [#receive] or [#flush], so that a flight leaves in one datagram or
  /// two (RFC 6347 §4.1.1): Bouncy Castle sends each record alone, and of five datagrams a bad
  /// network loses one almost every time.
  @Override
  public void send(byte[] buffer, int offset, int length) {
    if (outgoingLength + length > SEND_LIMIT_BYTES) {
      flush();
    }
    System.arraycopy(buffer, offset, outgoing, outgoingLength, length);
    outgoingLength += length;
  }

  /// Sends what has been held back.
  void flush() {
    if (outgoingLength > 0) {
      sender.accept(Arrays.copyOf(outgoing, outgoingLength));
      outgoingLength = 0;
    }
  }

  @Override
  public int getReceiveLimit() {
    return RECEIVE_LIMIT_BYTES;
  }

  @Override
  public int getSendLimit() {
    return SEND_LIMIT_BYTES;
  }

  @Override
  public void close() {
    flush();
    isClosed = true;
  }
}
