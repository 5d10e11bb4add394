package io.belfry.http.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Knows the open JSON sockets and looks once a second for those that are overdue: one thread
/// instead of two timers for each of many idle sockets.
final class SocketSweeper implements AutoCloseable {
  private static final long PERIOD_NANOS = 500_000_000;

  private final Set<SocketConnection> sockets = ConcurrentHashMap.newKeySet();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("http-sweeper").unstarted(this::run);
  private volatile boolean isClosed;

  void start() {
    thread.start();
  }

  void add(SocketConnection socket) {
    sockets.add(socket);
  }

  void remove(SocketConnection socket) {
    sockets.remove(socket);
  }

  void closeAll(int code, String reason) {
    sockets.forEach(socket -> socket.end(code, reason));
  }

  /// Waits until all sockets are gone or the deadline is.
  void awaitEmpty(long deadlineNanos) {
    while (!sockets.isEmpty() && System.nanoTime() - deadlineNanos < 0) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private void run() {
    while (!isClosed) {
      LockSupport.parkNanos(PERIOD_NANOS);
      long nowNanos = System.nanoTime();
      sockets.forEach(socket -> socket.sweep(nowNanos));
    }
  }

  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
  }
}
