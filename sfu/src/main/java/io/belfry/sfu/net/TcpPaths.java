package io.belfry.sfu.net;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.demux.PacketKind;
import io.belfry.sfu.session.Outbox;
import io.belfry.sfu.session.PeerAddress;
import io.belfry.sfu.session.PeerSessions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/// The TCP connections of one media loop: a bounded queue of what they received, and the way back.
/// {@link #offer} and {@link #onClosed} are for the connections' thread, the rest for the loop's.
final class TcpPaths implements Outbox.Streams {
  static final int MAX_FRAMES_PER_TURN = 256;
  private static final int QUEUE_CAPACITY = 4096;

  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Frame(TcpConnection connection, byte[] datagram) {}

  private final Runnable wakeup;
  private final TcpCounters counters;
  private final ArrayBlockingQueue<Frame> received = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
  private final ConcurrentLinkedQueue<TcpConnection> closed = new ConcurrentLinkedQueue<>();
  private final Memory scratch = Memory.allocate(Rfc4571Decoder.MAX_FRAME_BYTES);
  private final Int2ObjectHashMap<TcpConnection> open = new Int2ObjectHashMap<>();
  private final List<TcpConnection> toFlush = new ArrayList<>();

  /// @param wakeup ends the loop's wait
  TcpPaths(Runnable wakeup, TcpCounters counters) {
    this.wakeup = wakeup;
    this.counters = counters;
  }

  void offer(TcpConnection connection, byte[] datagram) {
    if (received.offer(new Frame(connection, datagram))) {
      counters.receivedPackets.incrementAndGet();
      wakeup.run();
    } else {
      counters.droppedReceived.incrementAndGet();
    }
  }

  /// Each connection closes once, so this queue is bounded by their number.
  void onClosed(TcpConnection connection) {
    closed.add(connection);
    wakeup.run();
  }

  boolean isEmpty() {
    return received.isEmpty() && closed.isEmpty();
  }

  /// Takes in what came, a bounded part of it.
  ///
  /// @return whether there may be more
  boolean take(PeerSessions sessions, long nowNanos) {
    for (TcpConnection gone = closed.poll(); gone != null; gone = closed.poll()) {
      open.remove(gone.id());
      gone.discard();
      PeerAddress path = gone.path();
      sessions.onPathClosed(path.high(), path.low(), path.port(), path.local(), nowNanos);
    }
    for (int i = 0; i < MAX_FRAMES_PER_TURN; i++) {
      Frame frame = received.poll();
      if (frame == null) {
        return false;
      }
      if (frame.connection.isFor(this)) {
        onFrame(frame.connection, frame.datagram, sessions, nowNanos);
      }
    }
    return true;
  }

  private void onFrame(
      TcpConnection connection, byte[] datagram, PeerSessions sessions, long nowNanos) {
    PeerAddress path = connection.path();
    boolean isNew = !connection.isBound();
    if (isNew) {
      open.put(connection.id(), connection); // so that the check can be answered
    } else if (!open.containsKey(connection.id())) {
      return; // closed meanwhile
    }
    scratch.bytes().put(0, datagram);
    sessions.onDatagram(
        scratch, 0, datagram.length, path.high(), path.low(), path.port(), path.local(), nowNanos);
    boolean isPath = sessions.hasPath(path.high(), path.low(), path.port(), path.local());
    if (isNew && isPath) {
      connection.bind(this);
    } else if (!isPath) {
      open.remove(connection.id());
      if (!isNew) {
        connection.close(); // its transport has ended, or forgotten it
      }
    }
  }

  @Override
  public void send(PeerAddress receiver, Memory memory, int offset, int length) {
    TcpConnection connection = open.get(-receiver.local());
    if (connection == null) {
      counters.droppedSent.incrementAndGet();
      return;
    }
    boolean isFirst = !connection.hasPending();
    if (!connection.append(memory, offset, length, isMedia(memory, offset, length))) {
      counters.droppedSent.incrementAndGet();
      return;
    }
    counters.sentPackets.incrementAndGet();
    if (isFirst) {
      toFlush.add(connection);
    }
  }

  private static boolean isMedia(Memory memory, int offset, int length) {
    return length >= 2
        && PacketKind.of(memory.bytes().get(offset), memory.bytes().get(offset + 1))
            == PacketKind.RTP;
  }

  @Override
  public void flush() {
    for (int i = 0; i < toFlush.size(); i++) {
      toFlush.get(i).flush();
    }
    toFlush.clear();
  }

  /// Closes all, when the loop ends.
  void close() {
    for (@Nullable TcpConnection connection : open.values()) {
      if (connection != null) {
        connection.close();
      }
    }
  }
}
