package io.belfry.load;

import io.belfry.sfu.dtls.DtlsCertificate;
import io.belfry.sfu.srtp.SrtpCrypto;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/// One run: everybody joins, media flows for a while, what arrived is counted.
public final class LoadTest implements AutoCloseable {
  /// How long leaving may take; the server finds out about the rest by itself.
  public static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(10);

  /// For what is on its way when the publishers stop.
  private static final Duration DRAIN = Duration.ofMillis(500);

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final LoadPlan plan;
  private final Consumer<String> progress;
  private final Participant.Tools tools;
  private final List<MediaThread> threads = new ArrayList<>();
  private final List<Participant> participants = new ArrayList<>();
  private final CountDownLatch joining;
  private final Map<String, Integer> failures = new TreeMap<>();
  private final DelayCounts connectTimes = new DelayCounts();
  private long startNanos;
  private Traffic before = new Traffic();

  private LoadTest(
      LoadPlan plan, List<String> tokens, Optional<SSLContext> trust, Consumer<String> progress)
      throws IOException {
    this.plan = plan;
    this.progress = progress;
    this.joining = new CountDownLatch(plan.participants());
    SecureRandom random = new SecureRandom();
    tools =
        new Participant.Tools(
            plan,
            http(trust),
            SrtpCrypto.choose(SrtpCrypto.Choice.AUTO),
            DtlsCertificate.generate(random, Instant.now()),
            random,
            random.nextLong(),
            new AtomicLongArray(Math.max(1, 2 * plan.publishers())));
    int processors = Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < Math.max(1, processors / 2); i++) {
      threads.add(new MediaThread(i, random));
    }
    for (int i = 0; i < plan.participants(); i++) {
      participants.add(new Participant(tools, threads.get(i % threads.size()), i, tokens.get(i)));
    }
  }

  private static HttpClient http(Optional<SSLContext> trust) {
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(HTTP_TIMEOUT);
    trust.ifPresent(builder::sslContext);
    return builder.build();
  }

  /// Runs the whole test. Whoever has joined leaves at the end, also when it is interrupted.
  ///
  /// @param tokens one for each participant, those of the publishers first
  /// @param trust for an https server; without it, what the JDK trusts
  /// @param progress told a line each second
  /// @throws IOException if there are no sockets to be had
  /// @throws IllegalArgumentException if there are too few tokens, in words for the operator
  public static LoadReport run(
      LoadPlan plan, List<String> tokens, Optional<SSLContext> trust, Consumer<String> progress)
      throws IOException, InterruptedException {
    if (tokens.size() < plan.participants()) {
      throw new IllegalArgumentException(
          "there are %d tokens for %d participants".formatted(tokens.size(), plan.participants()));
    }
    try (LoadTest test = new LoadTest(plan, tokens, trust, progress)) {
      return test.run();
    }
  }

  private LoadReport run() throws InterruptedException {
    threads.forEach(MediaThread::start);
    startNanos = System.nanoTime();
    ExecutorService each = Executors.newVirtualThreadPerTaskExecutor();
    try {
      for (int i = 0; i < participants.size(); i++) {
        Participant participant = participants.get(i);
        Duration delay = plan.ramp().multipliedBy(i).dividedBy(participants.size());
        var _ = each.submit(() -> join(participant, delay));
      }
      while (!joining.await(1, TimeUnit.SECONDS)) {
        tellProgress();
      }
      if (joined() > 0) {
        onEveryThread(thread -> thread.traffic.forgetTimes());
        measure();
        onEveryThread(LoadTest::stopPublishers);
        Thread.sleep(DRAIN);
      }
      return LoadReport.of(plan, joined(), failures(), connectTimes, settled());
    } finally {
      each.shutdownNow();
      leave();
    }
  }

  /// Everybody leaves, whether or not the media threads still run.
  private void leave() throws InterruptedException {
    ExecutorService each = Executors.newVirtualThreadPerTaskExecutor();
    for (Participant participant : participants) {
      var _ =
          each.submit(() -> {
            participant.leave();
            return participant;
          });
    }
    each.shutdown();
    if (!each.awaitTermination(LEAVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
      each.shutdownNow();
    }
  }

  private void measure() throws InterruptedException {
    long endNanos = System.nanoTime() + plan.duration().toNanos();
    long leftNanos = plan.duration().toNanos();
    while (leftNanos > 0) {
      TimeUnit.NANOSECONDS.sleep(Math.min(SECOND_NANOS, leftNanos));
      tellProgress();
      leftNanos = endNanos - System.nanoTime();
    }
  }

  private Void join(Participant participant, Duration delay) throws InterruptedException {
    try {
      Thread.sleep(delay);
      long beganNanos = System.nanoTime();
      participant.join();
      long tookNanos = System.nanoTime() - beganNanos;
      synchronized (this) {
        connectTimes.add(tookNanos);
      }
    } catch (JoinException e) {
      fail(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      fail(e.toString());
    } finally {
      joining.countDown();
    }
    return null;
  }

  private synchronized void fail(String reason) {
    failures.merge(reason, 1, Integer::sum);
  }

  private synchronized Map<String, Integer> failures() {
    return Map.copyOf(failures);
  }

  private synchronized int joined() {
    return (int) connectTimes.total();
  }

  private static void stopPublishers(MediaThread thread) {
    for (Peer peer : thread.peers()) {
      if (peer.media() instanceof Publisher publisher) {
        publisher.stop();
      }
    }
  }

  private void tellProgress() {
    Traffic now = new Traffic();
    onEveryThread(thread -> {
      Traffic seen = new Traffic();
      seen.add(thread.traffic);
      seen.lostPackets = 0;
      for (Peer peer : thread.peers()) {
        if (peer.media() instanceof Subscriber subscriber) {
          subscriber.streams().forEach(stream -> seen.lostPackets += stream.lostSoFar());
        }
      }
      synchronized (now) {
        now.add(seen);
      }
    });
    int seconds = (int) ((System.nanoTime() - startNanos) / SECOND_NANOS);
    progress.accept(LoadReport.progress(seconds, joined(), plan.participants(), before, now));
    before = now;
  }

  private Traffic settled() {
    Traffic total = new Traffic();
    onEveryThread(thread -> {
      synchronized (total) {
        total.add(thread.traffic);
        for (Peer peer : thread.peers()) {
          if (peer.media() instanceof Subscriber subscriber && peer.isConnected()) {
            subscriber.streams().forEach(stream -> stream.settle(tools.sentByTrack(), total));
          }
        }
      }
    });
    return total;
  }

  /// Does this on each media thread, and waits for all.
  private void onEveryThread(Consumer<MediaThread> action) {
    try {
      threads.stream()
          .map(thread ->
              thread.ask(() -> {
                action.accept(thread);
                return thread;
              }))
          .toList()
          .forEach(each -> each.join());
    } catch (CompletionException e) {
      throw new IllegalStateException("a media thread has ended", e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    for (MediaThread thread : threads) {
      thread.close();
    }
    tools.http().shutdownNow(); // nobody waits for its answers any more
    tools.http().close();
  }
}
