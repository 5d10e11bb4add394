package io.belfry.sfu.net;

import io.belfry.common.time.NanoClock;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.session.Outbox;
import io.belfry.sfu.session.PeerSessions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread, one UDP socket, and the rooms that live on it. A turn: read the clock once, take
/// commands from the mailbox, receive a batch, route all of it, run due timers, send.
///
/// Other threads reach a room only through {@link #offer}.
public final class MediaLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MediaLoop.class);
  private static final int MAX_COMMANDS_PER_TURN = 64;
  private static final int MAILBOX_CAPACITY = 16_384;
  private static final int OUTBOX_BYTES = 1 << 17;
  private static final int OUTBOX_RUNS = 1024;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// A loop that computes for this part of the time may be late by its own load; where others take
  /// the processor too, it gets no more.
  private static final double BUSY_RATIO = 0.6;

  private final DatagramIo io;
  private final NanoClock clock;
  private final PeerSessions sessions;
  private final Outbox outbox;
  private final TcpPaths tcp;
  private final ArrayBlockingQueue<Command> mailbox = new ArrayBlockingQueue<>(MAILBOX_CAPACITY);
  private final AtomicLong refusedCommands = new AtomicLong();
  private final Thread thread;
  private volatile boolean stopping;
  private volatile boolean waiting;
  private volatile DatagramIo.Counters counters;
  private final AtomicLong failedTurns = new AtomicLong();
  private long measuredNanos;
  private long measuredCpuNanos;
  private volatile double busyRatio;

  /// Builds the rooms of a loop, given where its packets go.
  @FunctionalInterface
  public interface SessionsFactory {
    PeerSessions create(Outbox outbox);
  }

  /// @param name of its thread
  public MediaLoop(
      String name,
      DatagramIo io,
      NanoClock clock,
      TcpCounters tcpCounters,
      SessionsFactory factory) {
    this.io = io;
    this.clock = clock;
    this.tcp = new TcpPaths(this::wakeUp, tcpCounters);
    this.outbox = new Outbox(OUTBOX_BYTES, OUTBOX_RUNS, io, tcp);
    this.sessions = factory.create(outbox);
    this.counters = io.counters();
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /// Hands a command to the loop. Called from any thread; commands of one thread keep their order.
  ///
  /// @return false if the mailbox is full; the command is then forgotten
  public boolean offer(Command command) {
    if (!mailbox.offer(command)) {
      refusedCommands.incrementAndGet();
      return false;
    }
    wakeUp();
    return true;
  }

  /// Ends the loop's wait, if it waits. Called from any thread.
  public void wakeUp() {
    if (waiting) {
      io.wakeup();
    }
  }

  TcpPaths tcpPaths() {
    return tcp;
  }

  private void run() {
    while (!stopping) {
      try {
        turn();
      } catch (IOException | RuntimeException e) {
        // A bug of ours must not take every call on this loop down; it is counted and seen.
        if (failedTurns.getAndIncrement() % 1000 == 0) {
          log.error("a turn of {} failed", thread.getName(), e);
        }
      }
    }
    tcp.close();
    try {
      io.close();
    } catch (IOException e) {
      log.warn("closing the socket of {} failed", thread.getName(), e);
    }
  }

  private void turn() throws IOException {
    long nowNanos = clock.nanoTime();
    int commands = takeCommands(nowNanos);
    boolean hasMorePiped = sessions.receivePiped(nowNanos);
    ReceiveBatch batch = io.receive();
    sessions.onArrival(nowNanos - batch.waitedNanos());
    for (int i = 0; i < batch.size(); i++) {
      sessions.onDatagram(
          batch.memory(),
          batch.offset(i),
          batch.length(i),
          batch.addressHigh(i),
          batch.addressLow(i),
          batch.port(i),
          batch.local(i),
          nowNanos);
    }
    boolean hasMoreTcp = tcp.take(sessions, nowNanos);
    boolean isMeasured = sessions.onTurnEnd(nowNanos);
    outbox.flush();
    if (sessions.hasFlushed()) {
      sessions.onSent(clock.nanoTime());
    }
    if (isMeasured) {
      counters = io.counters();
      measureBusy(nowNanos);
    }
    boolean hasMore = hasMoreTcp || hasMorePiped || batch.isFull();
    if (commands < MAX_COMMANDS_PER_TURN && !hasMore) {
      await();
    }
  }

  /// How much of the time since the last measurement the thread has computed.
  private void measureBusy(long nowNanos) {
    long cpuNanos = THREADS.getCurrentThreadCpuTime();
    long elapsed = Math.max(1, nowNanos - measuredNanos);
    busyRatio = Math.min(1, (double) (cpuNanos - measuredCpuNanos) / elapsed);
    measuredNanos = nowNanos;
    measuredCpuNanos = cpuNanos;
    sessions.onBusy(busyRatio >= BUSY_RATIO);
  }

  /// How much of the last quarter of a second the loop computed, in [0, 1].
  public double busyRatio() {
    return busyRatio;
  }

  private int takeCommands(long nowNanos) {
    for (int taken = 0; taken < MAX_COMMANDS_PER_TURN; taken++) {
      Command command = mailbox.poll();
      if (command == null) {
        return taken;
      }
      sessions.onCommand(command, nowNanos);
    }
    return MAX_COMMANDS_PER_TURN;
  }

  private void await() throws IOException {
    waiting = true;
    try {
      if (!mailbox.isEmpty() || !tcp.isEmpty() || sessions.hasPiped() || stopping) {
        return;
      }
      if (!sessions.hasDeadline()) {
        io.await(-1);
        return;
      }
      io.await(Math.max(0, sessions.deadlineNanos() - clock.nanoTime()));
    } finally {
      waiting = false;
    }
  }

  public boolean isAlive() {
    return thread.isAlive();
  }

  public int localPort() {
    return io.localPort();
  }

  /// `native` or `portable`.
  public String ioName() {
    return io.name();
  }

  /// As of a quarter of a second ago at most.
  public DatagramIo.Counters counters() {
    return counters;
  }

  public PeerSessions.Statistics statistics() {
    return sessions.statistics();
  }

  public long refusedCommands() {
    return refusedCommands.get();
  }

  public long failedTurns() {
    return failedTurns.get();
  }

  public int mailboxSize() {
    return mailbox.size();
  }

  /// Stops after the present turn and closes the socket. Returns when both are done.
  @Override
  public void close() {
    stopping = true;
    io.wakeup();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
