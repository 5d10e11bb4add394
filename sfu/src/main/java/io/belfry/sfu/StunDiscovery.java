package io.belfry.sfu;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a STUN server which address each media socket has outside of a NAT (RFC 8489 §6), from that
/// socket itself: again after a while, since such addresses change, and sooner while it fails.
final class StunDiscovery implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StunDiscovery.class);
  private static final int TRANSACTION_ID_BYTES = 12;

  /// A media socket.
  @FunctionalInterface
  interface Socket {
    /// Sends a Binding request. An answer, if one comes, is passed on from another thread.
    void ask(InetSocketAddress server, byte[] transactionId, Consumer<InetSocketAddress> onAnswer);
  }

  /// When to send what.
  ///
  /// @param resend until a request is sent again; then twice that, and so on (RFC 8489 §6.2.1)
  /// @param requests sent before giving up
  /// @param retry until asking anew after a failure
  /// @param refresh until asking anew after an answer
  record Timing(Duration resend, int requests, Duration retry, Duration refresh) {
    static final Timing DEFAULT =
        new Timing(Duration.ofMillis(500), 7, Duration.ofSeconds(30), Duration.ofMinutes(5));
  }

  private final String host;
  private final int port;
  private final boolean withIpv6;
  private final Timing timing;
  private final SecureRandom random;
  private final BiConsumer<Integer, List<InetSocketAddress>> onFound;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  /// @param withIpv6 whether the sockets speak it
  /// @param onFound takes a socket's index and its addresses outside, whenever they change
  StunDiscovery(
      String host,
      int port,
      boolean withIpv6,
      Timing timing,
      SecureRandom random,
      BiConsumer<Integer, List<InetSocketAddress>> onFound) {
    this.host = host;
    this.port = port;
    this.withIpv6 = withIpv6;
    this.timing = timing;
    this.random = random;
    this.onFound = onFound;
  }

  void start(List<Socket> sockets) {
    for (int i = 0; i < sockets.size(); i++) {
      int index = i;
      Thread.ofVirtual().name("stun-" + i).start(() -> run(index, sockets.get(index)));
    }
  }

  private void run(int index, Socket socket) {
    List<InetSocketAddress> known = List.of();
    try {
      do {
        List<InetSocketAddress> found = discover(index, socket);
        if (!found.isEmpty() && !found.equals(known)) {
          log.info("media loop {} is at {} outside, says STUN server {}", index, found, host);
          onFound.accept(index, found);
          known = found;
        }
        (found.isEmpty() ? failed : answered).incrementAndGet();
        if (stop.await(waitNanos(found.isEmpty()), TimeUnit.NANOSECONDS)) {
          return;
        }
      } while (true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long waitNanos(boolean hasFailed) {
    return (hasFailed ? timing.retry : timing.refresh).toNanos();
  }

  private List<InetSocketAddress> discover(int index, Socket socket) throws InterruptedException {
    List<InetSocketAddress> found = new ArrayList<>();
    try {
      for (InetSocketAddress server : servers()) {
        ask(socket, server, found);
      }
      if (found.isEmpty()) {
        log.warn(
            "STUN server {} port {} (setting belfry.sfu.stunServer) does not answer media loop {}:"
                + " its address outside of a NAT is not announced; trying again in {} s",
            host,
            port,
            index,
            timing.retry.toSeconds());
      }
    } catch (IOException e) {
      log.warn(
          "cannot find the address of STUN server {} (setting belfry.sfu.stunServer); trying again"
              + " in {} s",
          host,
          timing.retry.toSeconds());
    }
    return found;
  }

  /// One address of the server for each family: a host has an address outside for each.
  private List<InetSocketAddress> servers() throws UnknownHostException {
    List<InetSocketAddress> servers = new ArrayList<>();
    boolean hasIpv4 = false;
    boolean hasIpv6 = !withIpv6;
    for (InetAddress address : InetAddress.getAllByName(host)) {
      boolean isIpv4 = address instanceof Inet4Address;
      if (isIpv4 ? !hasIpv4 : !hasIpv6) {
        servers.add(new InetSocketAddress(address, port));
      }
      hasIpv4 |= isIpv4;
      hasIpv6 |= !isIpv4;
    }
    return servers;
  }

  private void ask(Socket socket, InetSocketAddress server, List<InetSocketAddress> found)
      throws InterruptedException {
    byte[] transactionId = new byte[TRANSACTION_ID_BYTES];
    random.nextBytes(transactionId);
    CompletableFuture<InetSocketAddress> answer = new CompletableFuture<>();
    long waitNanos = timing.resend.toNanos();
    for (int i = 0; i < timing.requests && stop.getCount() > 0; i++) {
      socket.ask(server, transactionId, answer::complete);
      try {
        found.add(answer.get(waitNanos, TimeUnit.NANOSECONDS));
        return;
      } catch (TimeoutException e) {
        waitNanos *= 2;
      } catch (ExecutionException e) {
        throw new IllegalStateException("nobody fails it", e);
      }
    }
  }

  /// Rounds in which the server answered.
  long answered() {
    return answered.get();
  }

  /// Rounds in which it did not, or could not be found.
  long failed() {
    return failed.get();
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
