package io.belfry.load;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtcp.RtcpWriter;
import io.belfry.sfu.rtp.RtpPacket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// One thread with the sockets and timers of many peers, and what they share.
final class MediaThread implements AutoCloseable {
  private static final int MAX_DATAGRAM_BYTES = 2048;
  private static final long MAX_WAIT_NANOS = 100_000_000L;
  private static final long MILLI_NANOS = 1_000_000L;

  final Memory incoming = Memory.allocate(MAX_DATAGRAM_BYTES);
  final Memory plain = Memory.allocate(MAX_DATAGRAM_BYTES);
  final Memory wire = Memory.allocate(MAX_DATAGRAM_BYTES);
  final RtpPacket packet = new RtpPacket();
  final RtcpReader rtcp = new RtcpReader();
  final RtcpWriter writer = new RtcpWriter();
  final Traffic traffic = new Traffic();

  private final ByteBuffer receiveBuffer = incoming.bytes().duplicate();
  private final SecureRandom random;
  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Peer> peers = new ArrayList<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean isClosed;
  private long wakeNanos;

  MediaThread(int number, SecureRandom random) throws IOException {
    this.random = random;
    this.selector = Selector.open();
    this.thread = Thread.ofPlatform().name("load-" + number).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  RandomGenerator random() {
    return random;
  }

  /// A cleared buffer onto [#incoming].
  ByteBuffer receiveBuffer() {
    return receiveBuffer.clear();
  }

  ByteBuffer slice(Memory memory, int length) {
    return memory.bytes().slice(0, length);
  }

  /// Runs this on the thread. For any thread.
  ///
  /// @return what comes of it; failed if the thread has ended
  <T> CompletableFuture<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    tasks.add(() -> {
      boolean _ = answer.complete(question.get());
    });
    var _ =
        ended.whenComplete((_, failure) ->
            answer.completeExceptionally(
                failure == null ? new IllegalStateException("the test has ended") : failure));
    selector.wakeup();
    return answer;
  }

  void add(Peer peer) {
    try {
      peer.channel().register(selector, SelectionKey.OP_READ, peer);
      peers.add(peer);
    } catch (IOException e) {
      throw new IllegalStateException("a new socket cannot be read", e);
    }
  }

  void remove(Peer peer) {
    peers.remove(peer);
    peer.close();
  }

  List<Peer> peers() {
    return peers;
  }

  /// Makes timers run no later than this.
  void wakeAt(long nanos) {
    wakeNanos = nanos - wakeNanos < 0 ? nanos : wakeNanos;
  }

  private void run() {
    try {
      wakeNanos = System.nanoTime();
      while (!isClosed) {
        turn();
      }
      ended.complete(null);
    } catch (IOException | RuntimeException e) {
      ended.completeExceptionally(e);
    } finally {
      List.copyOf(peers).forEach(this::remove);
    }
  }

  private void turn() throws IOException {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      wakeNanos = System.nanoTime();
    }
    long nowNanos = System.nanoTime();
    if (nowNanos - wakeNanos >= 0) {
      wakeNanos = nowNanos + MAX_WAIT_NANOS;
      for (Peer peer : peers) {
        wakeAt(peer.onTime(nowNanos));
      }
    }
    long waitMillis = (wakeNanos - System.nanoTime() + MILLI_NANOS - 1) / MILLI_NANOS;
    if (waitMillis > 0) {
      selector.select(key -> ((Peer) key.attachment()).receive(), waitMillis);
    } else {
      selector.selectNow(key -> ((Peer) key.attachment()).receive());
    }
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    selector.close();
  }
}
