package io.belfry.sfu.net;

import static io.belfry.sfu.net.Libc.orThrow;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.session.Outbox;
import io.belfry.sfu.session.PeerAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The batch socket on Linux: `recvmmsg` with UDP receive offload (GRO), `sendmmsg` with UDP
/// segmentation offload (GSO), so that a run of packets for one receiver costs one pass through the
/// network stack. Allocates nothing after construction.
///
/// A socket that is bound to all addresses is told the address that each datagram came to
/// (IP_PKTINFO, IPV6_PKTINFO) and has answers leave from it.
final class NativeDatagramIo implements DatagramIo {
  private static final ValueLayout.OfShort BIG_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt BIG_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong BIG_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// Messages a receive call takes; each may hold several datagrams of one sender.
  private static final int RECEIVE_MESSAGES = 32;

  private static final int RECEIVE_SLOT_BYTES = 65_536;
  private static final int MAX_DATAGRAMS = 1024;
  private static final int SEND_MESSAGES = 128;

  // struct mmsghdr, iovec, sockaddr_in6 and cmsghdr of 64-bit Linux
  private static final int MESSAGE_BYTES = 64;
  private static final int NAME = 0;
  private static final int NAME_LENGTH = 8;
  private static final int IOV = 16;
  private static final int IOV_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int RECEIVED_LENGTH = 56;
  private static final int IOVEC_BYTES = 16;
  private static final int SOCKADDR_BYTES = 28;
  private static final int SOCKADDR_IN_BYTES = 16;
  private static final int SOCKADDR_SLOT_BYTES = 32;

  // struct cmsghdr: size_t length, int level, int type, then the data
  private static final int CONTROL_LEVEL = 8;
  private static final int CONTROL_TYPE = 12;
  private static final int CONTROL_DATA = 16;
  private static final int SEGMENT_CONTROL_BYTES = 24; // CMSG_SPACE of a uint16 and of an int
  private static final int IN_PKTINFO_BYTES = 12;
  private static final int IN6_PKTINFO_BYTES = 20;
  private static final int MAX_PKTINFO_CONTROL_BYTES = 40; // CMSG_SPACE of an in6_pktinfo
  private static final int TIMESTAMP_CONTROL_BYTES = 32; // CMSG_SPACE of a timespec
  private static final int CONTROLS_BYTES =
      MAX_PKTINFO_CONTROL_BYTES + SEGMENT_CONTROL_BYTES + TIMESTAMP_CONTROL_BYTES;

  private final Arena arena = Arena.ofShared();
  private final Libc libc = new Libc(arena);
  private final Libc wakeupLibc = new Libc(arena);
  private final int fd;
  private final int wakeupFd;
  private final boolean ipv6;

  /// Whether datagrams can come to several addresses.
  private final boolean isWildcard;

  /// Bytes of the control message that names a local address, before the one for segmentation.
  private final int pktinfoControlBytes;

  private final LocalAddresses locals = new LocalAddresses();

  private boolean segmentationOffload = true;

  /// Whether the kernel has ever cut a message for us: if so, a refusal is about one path only.
  private boolean hasSegmented;

  private final Memory receiveMemory = Memory.allocate(RECEIVE_MESSAGES * RECEIVE_SLOT_BYTES);
  private final ReceiveBatch batch = new ReceiveBatch(receiveMemory, MAX_DATAGRAMS);
  private final MemorySegment receiveMessages = arena.allocate(RECEIVE_MESSAGES * 64L, 8);
  private final MemorySegment receiveNames =
      arena.allocate((long) RECEIVE_MESSAGES * SOCKADDR_SLOT_BYTES, 8);
  private final MemorySegment receiveControls =
      arena.allocate((long) RECEIVE_MESSAGES * CONTROLS_BYTES, 8);
  private final MemorySegment sendMessages = arena.allocate(SEND_MESSAGES * 64L, 8);
  private final MemorySegment sendIovs = arena.allocate((long) SEND_MESSAGES * IOVEC_BYTES, 8);
  private final MemorySegment sendNames =
      arena.allocate((long) SEND_MESSAGES * SOCKADDR_SLOT_BYTES, 8);
  private final MemorySegment sendControls =
      arena.allocate((long) SEND_MESSAGES * CONTROLS_BYTES, 8);
  private final int[] sendSegments = new int[SEND_MESSAGES];
  private final int[] sendBytes = new int[SEND_MESSAGES];
  private final MemorySegment pollFds = arena.allocate(16, 8);
  private final MemorySegment pollTimeout = arena.allocate(16, 8);
  private final MemorySegment wakeupRead = arena.allocate(8, 8);
  private final MemorySegment wakeupWrite = arena.allocateFrom(JAVA_LONG, 1L);
  private final int localPort;
  private boolean closed;

  // What readControls found.
  private int controlSegmentBytes;
  private int controlLocal;

  /// When a message arrived, on the wall clock, or 0.
  private long controlArrivalNanos;

  private final MemorySegment wallClock = arena.allocate(16, 8);
  private long receivedPackets;
  private long receivedBytes;
  private long sentPackets;
  private long sentBytes;
  private long sendCalls;
  private long droppedPackets;

  NativeDatagramIo(InetSocketAddress bind, int receiveBufferBytes, int sendBufferBytes)
      throws IOException {
    ipv6 = bind.getAddress() instanceof Inet6Address;
    isWildcard = bind.getAddress().isAnyLocalAddress();
    pktinfoControlBytes = ipv6 ? MAX_PKTINFO_CONTROL_BYTES : 32; // CMSG_SPACE of an in_pktinfo
    fd =
        orThrow(
            "socket",
            libc.socket(
                ipv6 ? Libc.AF_INET6 : Libc.AF_INET,
                Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC,
                0));
    try {
      if (ipv6) {
        orThrow("IPV6_V6ONLY", libc.setsockopt(fd, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 0));
      }
      orThrow(
          "SO_RCVBUF", libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, receiveBufferBytes));
      orThrow("SO_SNDBUF", libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUF, sendBufferBytes));
      if (isWildcard) {
        orThrow(
            "PKTINFO",
            ipv6
                ? libc.setsockopt(fd, Libc.IPPROTO_IPV6, Libc.IPV6_RECVPKTINFO, 1)
                : libc.setsockopt(fd, Libc.IPPROTO_IP, Libc.IP_PKTINFO, 1));
      }
      libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_TIMESTAMPNS, 1); // without it, waits count as 0
      libc.setsockopt(fd, Libc.SOL_UDP, Libc.UDP_GRO, 1); // without it, one datagram a message
      localPort = bind(bind);
      wakeupFd = orThrow("eventfd", libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC));
    } catch (IOException e) {
      libc.close(fd);
      arena.close();
      throw e;
    }
    prepareReceive();
    prepareSend();
    pollFds.set(JAVA_INT, 0, fd);
    pollFds.set(JAVA_SHORT, 4, (short) Libc.POLLIN);
    pollFds.set(JAVA_INT, 8, wakeupFd);
    pollFds.set(JAVA_SHORT, 12, (short) Libc.POLLIN);
  }

  private int bind(InetSocketAddress bind) throws IOException {
    MemorySegment name = arena.allocate(SOCKADDR_SLOT_BYTES, 8);
    ByteBuffer raw = ByteBuffer.wrap(bind.getAddress().getAddress());
    if (ipv6) {
      writeSockaddr(name, 0, raw.getLong(0), raw.getLong(8), bind.getPort());
    } else {
      writeSockaddr(name, 0, 0, PeerAddress.mappedIpv4(raw.getInt(0)), bind.getPort());
    }
    int result = libc.bind(fd, name, sockaddrLength());
    if (result < 0) {
      throw new BindException(Errno.words(-result));
    }
    MemorySegment length = arena.allocateFrom(JAVA_INT, SOCKADDR_SLOT_BYTES);
    orThrow("getsockname", libc.getsockname(fd, name, length));
    return Short.toUnsignedInt(name.get(BIG_SHORT, 2));
  }

  private int sockaddrLength() {
    return ipv6 ? SOCKADDR_BYTES : SOCKADDR_IN_BYTES;
  }

  private void prepareReceive() {
    MemorySegment iovs = arena.allocate((long) RECEIVE_MESSAGES * IOVEC_BYTES, 8);
    for (int i = 0; i < RECEIVE_MESSAGES; i++) {
      iovs.set(
          JAVA_LONG,
          (long) i * IOVEC_BYTES,
          receiveMemory.address() + (long) i * RECEIVE_SLOT_BYTES);
      iovs.set(JAVA_LONG, (long) i * IOVEC_BYTES + 8, RECEIVE_SLOT_BYTES);
      long message = (long) i * MESSAGE_BYTES;
      receiveMessages.set(
          JAVA_LONG, message + NAME, receiveNames.address() + (long) i * SOCKADDR_SLOT_BYTES);
      receiveMessages.set(JAVA_LONG, message + IOV, iovs.address() + (long) i * IOVEC_BYTES);
      receiveMessages.set(JAVA_LONG, message + IOV_COUNT, 1);
      receiveMessages.set(
          JAVA_LONG, message + CONTROL, receiveControls.address() + (long) i * CONTROLS_BYTES);
    }
  }

  private void prepareSend() {
    for (int i = 0; i < SEND_MESSAGES; i++) {
      long message = (long) i * MESSAGE_BYTES;
      sendMessages.set(
          JAVA_LONG, message + NAME, sendNames.address() + (long) i * SOCKADDR_SLOT_BYTES);
      sendMessages.set(JAVA_INT, message + NAME_LENGTH, sockaddrLength());
      sendMessages.set(JAVA_LONG, message + IOV, sendIovs.address() + (long) i * IOVEC_BYTES);
      sendMessages.set(JAVA_LONG, message + IOV_COUNT, 1);
      preparePktinfo((long) i * CONTROLS_BYTES);
      long segment = segmentControl(i);
      sendControls.set(JAVA_LONG, segment, CONTROL_DATA + Short.BYTES);
      sendControls.set(JAVA_INT, segment + CONTROL_LEVEL, Libc.SOL_UDP);
      sendControls.set(JAVA_INT, segment + CONTROL_TYPE, Libc.UDP_SEGMENT);
    }
  }

  /// The interface index in it stays 0: the route decides.
  private void preparePktinfo(long at) {
    int data = ipv6 ? IN6_PKTINFO_BYTES : IN_PKTINFO_BYTES;
    sendControls.set(JAVA_LONG, at, CONTROL_DATA + data);
    sendControls.set(JAVA_INT, at + CONTROL_LEVEL, ipv6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP);
    sendControls.set(JAVA_INT, at + CONTROL_TYPE, ipv6 ? Libc.IPV6_PKTINFO : Libc.IP_PKTINFO);
  }

  /// Where the control message for segmentation of a prepared message stands, behind the one for
  /// the local address.
  private long segmentControl(int i) {
    return (long) i * CONTROLS_BYTES + pktinfoControlBytes;
  }

  @Override
  public ReceiveBatch receive() throws IOException {
    batch.clear();
    for (int i = 0; i < RECEIVE_MESSAGES; i++) {
      long message = (long) i * MESSAGE_BYTES;
      receiveMessages.set(JAVA_INT, message + NAME_LENGTH, SOCKADDR_SLOT_BYTES);
      receiveMessages.set(JAVA_LONG, message + CONTROL_LENGTH, CONTROLS_BYTES);
    }
    int received = libc.recvmmsg(fd, receiveMessages, RECEIVE_MESSAGES, Libc.MSG_DONTWAIT);
    if (received < 0) {
      // EAGAIN: nothing there. Anything else is an ICMP error of an earlier send, now cleared.
      return batch;
    }
    for (int i = 0; i < received; i++) {
      addMessage(i);
      if (i == 0 && controlArrivalNanos != 0) {
        batch.waitedNanos(wallClockNanos() - controlArrivalNanos);
      }
    }
    receivedPackets += batch.size();
    return batch;
  }

  /// Adds the datagrams of one received message: one, or several that the kernel joined (GRO).
  private void addMessage(int i) {
    long message = (long) i * MESSAGE_BYTES;
    long name = (long) i * SOCKADDR_SLOT_BYTES;
    int length = receiveMessages.get(JAVA_INT, message + RECEIVED_LENGTH);
    readControls(i, length);
    int segment = controlSegmentBytes;
    int local = controlLocal;
    int port = Short.toUnsignedInt(receiveNames.get(BIG_SHORT, name + 2));
    int begin = i * RECEIVE_SLOT_BYTES;
    receivedBytes += length;
    int at = 0;
    do { // an empty datagram is one too
      int size = Math.min(segment, length - at);
      if (ipv6) {
        batch.add(
            begin + at,
            size,
            receiveNames.get(BIG_LONG, name + 8),
            receiveNames.get(BIG_LONG, name + 16),
            port,
            local);
      } else {
        batch.addIpv4(begin + at, size, receiveNames.get(BIG_INT, name + 4), port, local);
      }
      at += segment;
    } while (at < length && !batch.isFull());
  }

  /// Reads what the kernel says of a received message: how long the datagrams are that it joined,
  /// and which address they came to.
  private void readControls(int i, int length) {
    int segment = length;
    controlLocal = PeerAddress.ANY_LOCAL;
    controlArrivalNanos = 0;
    long at = (long) i * CONTROLS_BYTES;
    long end = at + receiveMessages.get(JAVA_LONG, (long) i * MESSAGE_BYTES + CONTROL_LENGTH);
    while (at + CONTROL_DATA < end) {
      long controlLength = receiveControls.get(JAVA_LONG, at);
      int level = receiveControls.get(JAVA_INT, at + CONTROL_LEVEL);
      int type = receiveControls.get(JAVA_INT, at + CONTROL_TYPE);
      long data = at + CONTROL_DATA;
      if (level == Libc.SOL_UDP && type == Libc.UDP_GRO) {
        segment = receiveControls.get(JAVA_INT, data);
      } else if (level == Libc.SOL_SOCKET && type == Libc.SO_TIMESTAMPNS) {
        controlArrivalNanos = nanos(receiveControls, data);
      } else if (level == Libc.IPPROTO_IPV6 && type == Libc.IPV6_PKTINFO) {
        controlLocal =
            locals.numberOf(
                receiveControls.get(BIG_LONG, data), receiveControls.get(BIG_LONG, data + 8));
      } else if (level == Libc.IPPROTO_IP && type == Libc.IP_PKTINFO) {
        int address = receiveControls.get(BIG_INT, data + 4); // ipi_spec_dst: ours, never a group
        controlLocal = locals.numberOf(0, PeerAddress.mappedIpv4(address));
      }
      at += Math.max(CONTROL_DATA, (controlLength + 7) & ~7);
    }
    controlSegmentBytes = segment > 0 ? segment : Math.max(1, length);
  }

  private long wallClockNanos() {
    libc.clockGettime(Libc.CLOCK_REALTIME, wallClock);
    return nanos(wallClock, 0);
  }

  private static long nanos(MemorySegment timespec, long at) {
    return timespec.get(JAVA_LONG, at) * 1_000_000_000L + timespec.get(JAVA_LONG, at + 8);
  }

  @Override
  public void await(long timeoutNanos) {
    MemorySegment timeout = MemorySegment.NULL;
    if (timeoutNanos >= 0) {
      pollTimeout.set(JAVA_LONG, 0, timeoutNanos / 1_000_000_000L);
      pollTimeout.set(JAVA_LONG, 8, timeoutNanos % 1_000_000_000L);
      timeout = pollTimeout;
    }
    int ready = libc.ppoll(pollFds, 2, timeout);
    if (ready > 0 && pollFds.get(JAVA_SHORT, 14) != 0) {
      libc.read(wakeupFd, wakeupRead, 8);
    }
  }

  @Override
  public synchronized void wakeup() {
    if (!closed) {
      wakeupLibc.write(wakeupFd, wakeupWrite, 8);
    }
  }

  @Override
  public void drain(Outbox outbox) {
    int run = 0;
    while (run < outbox.runs()) {
      int count = Math.min(SEND_MESSAGES, outbox.runs() - run);
      int messages = segmentationOffload ? fillRuns(outbox, run, count) : 0;
      if (messages == 0) {
        for (int i = run; i < run + count; i++) {
          sendUnsegmented(outbox, i);
        }
      } else {
        send(messages);
      }
      run += count;
    }
  }

  private int fillRuns(Outbox outbox, int first, int count) {
    for (int i = 0; i < count; i++) {
      int run = first + i;
      fill(
          i,
          outbox.receiver(run),
          outbox.memory().address() + outbox.offset(run),
          outbox.length(run),
          outbox.segments(run),
          outbox.segmentBytes(run));
    }
    return count;
  }

  /// Describes one message; with more than one segment the kernel cuts it.
  private void fill(
      int i, PeerAddress to, long address, int length, int segments, int segmentBytes) {
    long message = (long) i * MESSAGE_BYTES;
    writeSockaddr(sendNames, i * SOCKADDR_SLOT_BYTES, to.high(), to.low(), to.port());
    sendIovs.set(JAVA_LONG, (long) i * IOVEC_BYTES, address);
    sendIovs.set(JAVA_LONG, (long) i * IOVEC_BYTES + 8, length);
    long controls = (long) i * CONTROLS_BYTES;
    int controlBytes = 0;
    if (to.local() > 0) {
      writeLocal(controls, to.local());
      controlBytes = pktinfoControlBytes;
    } else {
      controls += pktinfoControlBytes;
    }
    if (segments > 1) {
      sendControls.set(JAVA_SHORT, segmentControl(i) + CONTROL_DATA, (short) segmentBytes);
      controlBytes += SEGMENT_CONTROL_BYTES;
    }
    sendMessages.set(JAVA_LONG, message + CONTROL, sendControls.address() + controls);
    sendMessages.set(JAVA_LONG, message + CONTROL_LENGTH, controlBytes);
    sendSegments[i] = segments;
    sendBytes[i] = length;
  }

  private void writeLocal(long control, int local) {
    if (ipv6) {
      sendControls.set(BIG_LONG, control + CONTROL_DATA, locals.high(local));
      sendControls.set(BIG_LONG, control + CONTROL_DATA + 8, locals.low(local));
    } else {
      sendControls.set(BIG_INT, control + CONTROL_DATA + 4, (int) locals.low(local));
    }
  }

  /// Sends the prepared messages. A message that the kernel refuses is dropped and counted, and the
  /// rest goes on: to a receiver it is one more loss.
  private void send(int messages) {
    int done = 0;
    while (done < messages) {
      MemorySegment rest =
          done == 0 ? sendMessages : sendMessages.asSlice((long) done * MESSAGE_BYTES);
      int sent = libc.sendmmsg(fd, rest, messages - done, Libc.MSG_DONTWAIT);
      sendCalls++;
      if (sent == -Libc.EINTR) {
        continue;
      }
      if (sent <= 0) {
        if ((sent == -Libc.EIO || sent == -Libc.EINVAL) && sendSegments[done] > 1) {
          sendOneByOne(done);
        } else {
          droppedPackets += sendSegments[done];
        }
        done++;
        continue;
      }
      for (int i = done; i < done + sent; i++) {
        sentPackets += sendSegments[i];
        sentBytes += sendBytes[i];
        hasSegmented |= sendSegments[i] > 1;
      }
      done += sent;
    }
  }

  /// Sends a prepared message that the kernel would not cut, a datagram at a time: the way to this
  /// receiver may have a smaller MTU. If no message was ever cut, none will be: this device or
  /// kernel cannot.
  private void sendOneByOne(int i) {
    long message = (long) i * MESSAGE_BYTES;
    long iov = (long) i * IOVEC_BYTES;
    int segment = Short.toUnsignedInt(sendControls.get(JAVA_SHORT, segmentControl(i) + 16));
    sendMessages.set(
        JAVA_LONG,
        message + CONTROL_LENGTH,
        sendMessages.get(JAVA_LONG, message + CONTROL_LENGTH) - SEGMENT_CONTROL_BYTES);
    long begin = sendIovs.get(JAVA_LONG, iov);
    boolean hasSent = false;
    for (int at = 0; at < sendBytes[i]; at += segment) {
      int length = Math.min(segment, sendBytes[i] - at);
      sendIovs.set(JAVA_LONG, iov, begin + at);
      sendIovs.set(JAVA_LONG, iov + 8, length);
      int sent = libc.sendmmsg(fd, sendMessages.asSlice(message), 1, Libc.MSG_DONTWAIT);
      sendCalls++;
      if (sent == 1) {
        hasSent = true;
        sentPackets++;
        sentBytes += length;
      } else {
        droppedPackets++;
      }
    }
    if (hasSent && !hasSegmented) {
      segmentationOffload = false;
    }
  }

  private void sendUnsegmented(Outbox outbox, int run) {
    int end = outbox.offset(run) + outbox.length(run);
    int count = 0;
    for (int at = outbox.offset(run); at < end; at += outbox.segmentBytes(run)) {
      int length = Math.min(outbox.segmentBytes(run), end - at);
      fill(count, outbox.receiver(run), outbox.memory().address() + at, length, 1, length);
      if (++count == SEND_MESSAGES) {
        send(count);
        count = 0;
      }
    }
    send(count);
  }

  private void writeSockaddr(MemorySegment target, int offset, long high, long low, int port) {
    if (ipv6) {
      target.set(JAVA_SHORT, offset, (short) Libc.AF_INET6);
      target.set(BIG_SHORT, offset + 2L, (short) port);
      target.set(BIG_LONG, offset + 8L, high);
      target.set(BIG_LONG, offset + 16L, low);
    } else {
      target.set(JAVA_SHORT, offset, (short) Libc.AF_INET);
      target.set(BIG_SHORT, offset + 2L, (short) port);
      target.set(BIG_INT, offset + 4L, (int) low);
    }
  }

  @Override
  public int localPort() {
    return localPort;
  }

  @Override
  public int receiveBufferBytes() {
    // Linux counts its own book-keeping in and gives twice what was asked (socket(7)).
    return libc.getsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF) / 2;
  }

  @Override
  public String name() {
    return "native";
  }

  @Override
  public Counters counters() {
    return new Counters(
        receivedPackets, receivedBytes, sentPackets, sentBytes, sendCalls, droppedPackets);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    libc.close(fd);
    libc.close(wakeupFd);
    arena.close();
  }
}
