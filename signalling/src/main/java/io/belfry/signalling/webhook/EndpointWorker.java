package io.belfry.signalling.webhook;

import io.belfry.config.WebhooksConfig;
import io.belfry.signalling.store.WebhookStore;
import io.belfry.signalling.store.WebhookStore.Delivery;
import io.belfry.signalling.store.WebhookStore.DeliveryState;
import io.belfry.signalling.store.WebhookStore.Webhook;
import io.belfry.signalling.timer.Timers;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers to one endpoint: a few requests at once, of each call one after the other.
final class EndpointWorker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EndpointWorker.class);

  private final String webhookId;
  private final WebhooksConfig config;
  private final WebhookStore store;
  private final Outbound outbound;
  private final Timers timers;
  private final Clock clock;
  private final RandomGenerator random;
  private final WebhookMetrics metrics;
  private final Errand delivering;
  private final ReentrantLock timerLock = new ReentrantLock();
  private Timers.@Nullable Timer timer;
  private volatile boolean isClosed;

  EndpointWorker(
      String webhookId,
      WebhooksConfig config,
      WebhookStore store,
      Outbound outbound,
      Timers timers,
      Clock clock,
      RandomGenerator random,
      WebhookMetrics metrics) {
    this.webhookId = webhookId;
    this.config = config;
    this.store = store;
    this.outbound = outbound;
    this.timers = timers;
    this.clock = clock;
    this.random = random;
    this.metrics = metrics;
    this.delivering = new Errand("webhook-" + webhookId, this::deliver);
  }

  String webhookId() {
    return webhookId;
  }

  /// Something may be due.
  void wake() {
    if (!isClosed) {
      delivering.run();
    }
  }

  private void deliver() {
    Optional<Webhook> endpoint = store.find(webhookId).filter(Webhook::isEnabled);
    if (endpoint.isEmpty() || isClosed) {
      return;
    }
    List<Delivery> due = store.due(webhookId, clock.instant(), config.parallelism());
    while (!due.isEmpty() && !isClosed) {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Delivery delivery : due) {
          threads.execute(() -> deliver(endpoint.get(), delivery));
        }
      }
      due = store.due(webhookId, clock.instant(), config.parallelism());
    }
    store.nextDue(webhookId).ifPresent(this::wakeAt);
  }

  private void wakeAt(Instant due) {
    Duration delay = Duration.between(clock.instant(), due);
    timerLock.lock();
    try {
      if (timer != null) {
        timer.cancel();
      }
      timer = timers.after(delay.isNegative() ? Duration.ZERO : delay, this::wake);
    } finally {
      timerLock.unlock();
    }
  }

  private void deliver(Webhook endpoint, Delivery delivery) {
    long startedNanos = System.nanoTime();
    Integer status = null;
    String error = null;
    try {
      status = outbound.post(endpoint.url(), headers(endpoint, delivery), delivery.body());
      if (status / 100 != 2) {
        error = "answered with status " + status;
      }
    } catch (IOException | IllegalArgumentException e) {
      error = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return; // the node stops; it stays pending
    }
    if (isClosed && error != null) {
      return;
    }
    Instant now = clock.instant();
    Instant next = now.plus(Backoff.after(delivery.attempts() + 1, config, random));
    DeliveryState state =
        error == null
            ? DeliveryState.DELIVERED
            : next.isAfter(delivery.giveUpAt()) ? DeliveryState.FAILED : DeliveryState.PENDING;
    store.tried(delivery.id(), state, status, error, now, next);
    metrics.tried(
        state == DeliveryState.PENDING ? "retried" : state.word(),
        System.nanoTime() - startedNanos);
    if (error != null) {
      log.info(
          "webhook.not_delivered webhook={} delivery={} session={} attempt={} state={} cause={}",
          webhookId,
          delivery.id(),
          delivery.sessionId(),
          delivery.attempts() + 1,
          state.word(),
          error);
    }
  }

  private Map<String, String> headers(Webhook endpoint, Delivery delivery) {
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    return Map.of(
        "x-belfry-timestamp",
        timestamp,
        "x-belfry-signature",
        Signature.of(endpoint.secret(), timestamp, delivery.body()),
        "x-belfry-trigger",
        delivery.trigger(),
        "x-belfry-attempt",
        Integer.toString(delivery.attempts() + 1),
        "idempotency-key",
        delivery.idempotencyKey());
  }

  @Override
  public void close() {
    isClosed = true;
    timerLock.lock();
    try {
      if (timer != null) {
        timer.cancel();
      }
    } finally {
      timerLock.unlock();
    }
  }
}
