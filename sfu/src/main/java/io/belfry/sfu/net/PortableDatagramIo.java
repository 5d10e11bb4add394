package io.belfry.sfu.net;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.session.Outbox;
import io.belfry.sfu.session.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/// The batch socket on NIO: one system call a packet, and a little garbage with each received one.
/// Runs everywhere.
///
/// Java does not tell which address a datagram came to, nor lets an answer leave from it: bound to
/// all addresses, the system chooses. On a host with several addresses bind to one of them.
final class PortableDatagramIo implements DatagramIo {
  private static final int BATCH = 64;
  private static final int SLOT_BYTES = 2048;

  private final DatagramChannel channel;
  private final Selector selector;
  private final Memory memory = Memory.allocate(BATCH * SLOT_BYTES);
  private final ByteBuffer receiveView = memory.segment().asByteBuffer();
  private final ReceiveBatch batch = new ReceiveBatch(memory, BATCH);
  private long receivedPackets;
  private long receivedBytes;
  private long sentPackets;
  private long sentBytes;
  private long droppedPackets;

  PortableDatagramIo(InetSocketAddress bind, int receiveBufferBytes, int sendBufferBytes)
      throws IOException {
    channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, sendBufferBytes);
      channel.configureBlocking(false);
      channel.bind(bind);
      selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public ReceiveBatch receive() throws IOException {
    batch.clear();
    while (!batch.isFull()) {
      int offset = batch.size() * SLOT_BYTES;
      receiveView.limit(offset + SLOT_BYTES).position(offset);
      if (!(channel.receive(receiveView) instanceof InetSocketAddress from)) {
        break;
      }
      int length = receiveView.position() - offset;
      receivedPackets++;
      receivedBytes += length;
      addFrom(from, offset, length);
    }
    return batch;
  }

  private void addFrom(InetSocketAddress from, int offset, int length) {
    InetAddress inet = from.getAddress();
    ByteBuffer address = ByteBuffer.wrap(inet.getAddress());
    if (address.capacity() == 4) {
      batch.addIpv4(offset, length, address.getInt(0), from.getPort(), PeerAddress.ANY_LOCAL);
    } else {
      batch.add(
          offset,
          length,
          address.getLong(0),
          address.getLong(8),
          from.getPort(),
          PeerAddress.ANY_LOCAL);
    }
  }

  @Override
  public void await(long timeoutNanos) throws IOException {
    if (timeoutNanos == 0) {
      selector.selectNow();
    } else if (timeoutNanos < 0) {
      selector.select();
    } else {
      // select() takes whole milliseconds; rounding up would add up to 1 ms of delay to a held
      // frame
      long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
      if (millis == 0) {
        selector.selectNow();
      } else {
        selector.select(millis);
      }
    }
    selector.selectedKeys().clear();
  }

  @Override
  public void wakeup() {
    selector.wakeup();
  }

  @Override
  public void drain(Outbox outbox) {
    ByteBuffer view = outbox.memory().segment().asByteBuffer();
    for (int run = 0; run < outbox.runs(); run++) {
      PeerAddress to = outbox.receiver(run);
      int end = outbox.offset(run) + outbox.length(run);
      for (int at = outbox.offset(run); at < end; at += outbox.segmentBytes(run)) {
        view.limit(Math.min(end, at + outbox.segmentBytes(run))).position(at);
        send(view, to);
      }
    }
  }

  private void send(ByteBuffer datagram, PeerAddress to) {
    int length = datagram.remaining();
    try {
      if (channel.send(datagram, to.inet()) == length) {
        sentPackets++;
        sentBytes += length;
        return;
      }
    } catch (IOException e) {
      // An unreachable network is a lost packet, as it would be one hop further on.
    }
    droppedPackets++;
  }

  @Override
  public int localPort() {
    return channel.socket().getLocalPort();
  }

  @Override
  public int receiveBufferBytes() throws IOException {
    return channel.getOption(StandardSocketOptions.SO_RCVBUF);
  }

  @Override
  public String name() {
    return "portable";
  }

  @Override
  public Counters counters() {
    return new Counters(
        receivedPackets,
        receivedBytes,
        sentPackets,
        sentBytes,
        sentPackets + droppedPackets,
        droppedPackets);
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
