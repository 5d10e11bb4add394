package io.belfry.signalling.webhook;

import io.belfry.config.WebhooksConfig;
import io.belfry.http.Json;
import io.belfry.signalling.call.CallService;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.store.CallHistory;
import io.belfry.signalling.store.CallHistory.CallRecord;
import io.belfry.signalling.store.UserStore;
import io.belfry.signalling.store.WebhookStore;
import io.belfry.signalling.store.WebhookStore.NewDelivery;
import io.belfry.signalling.store.WebhookStore.OutboxEntry;
import io.belfry.signalling.store.WebhookStore.Webhook;
import io.belfry.signalling.timer.Timers;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns the outbox into deliveries and has each endpoint's worker deliver them. It works when a
/// call changed, when an endpoint did, and at the start, for what the last run left.
public final class Webhooks implements CallService.ChangeListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);

  private static final int BATCH = 200;
  private static final int MAX_BODY_CHARS = 1_000_000;

  private final WebhooksConfig config;
  private final WebhookStore store;
  private final CallHistory history;
  private final Payloads payloads;
  private final Timers timers;
  private final Clock clock;
  private final RandomGenerator random;
  private final Outbound outbound;
  private final WebhookMetrics metrics;
  private final Map<String, EndpointWorker> workers = new ConcurrentHashMap<>();
  private final Errand emptying = new Errand("webhook-outbox", this::emptyOutbox);
  private volatile boolean hasEndpoints;

  /// @param appId and region part of what the endpoints are told
  public Webhooks(
      WebhooksConfig config,
      String appId,
      String region,
      WebhookStore store,
      CallHistory history,
      UserStore users,
      Timers timers,
      Clock clock,
      RandomGenerator random,
      CollectorRegistry registry) {
    this.config = config;
    this.store = store;
    this.history = history;
    this.payloads = new Payloads(appId, region, users);
    this.timers = timers;
    this.clock = clock;
    this.random = random;
    this.outbound = new Outbound(config.timeout(), config.allowPrivateAddresses());
    this.metrics = new WebhookMetrics(registry);
  }

  /// The names under which things that happen are told.
  public static List<String> triggers() {
    return Payloads.TRIGGERS;
  }

  /// Takes up what the last run left, and hears of endpoints that were added, changed or removed.
  public void refresh() {
    List<Webhook> endpoints = store.list();
    hasEndpoints = !endpoints.isEmpty();
    List<String> ids = endpoints.stream().map(Webhook::id).toList();
    workers
        .values()
        .removeIf(worker -> {
          boolean isGone = !ids.contains(worker.webhookId());
          if (isGone) {
            worker.close();
          }
          return isGone;
        });
    for (Webhook endpoint : endpoints) {
      worker(endpoint.id()).wake();
    }
    emptying.run();
  }

  @Override
  public void onChanged(@Nullable RingCall before, RingCall next) {
    if (hasEndpoints) {
      emptying.run();
    }
  }

  private EndpointWorker worker(String webhookId) {
    return workers.computeIfAbsent(
        webhookId,
        id -> new EndpointWorker(id, config, store, outbound, timers, clock, random, metrics));
  }

  /// Forgets what was finished long ago.
  public void tidy() {
    store.forgetFinished(clock.instant().minus(config.keep()));
  }

  private void emptyOutbox() {
    List<OutboxEntry> entries = store.outbox(BATCH);
    while (!entries.isEmpty()) {
      List<Webhook> endpoints = store.list();
      Map<String, Long> room = roomOf(endpoints);
      List<NewDelivery> deliveries = new ArrayList<>();
      int dropped = 0;
      for (OutboxEntry entry : entries) {
        Optional<CallRecord> call = history.find(entry.sessionId());
        if (call.isPresent()) {
          dropped += address(entry, call.get(), endpoints, room, deliveries);
        }
      }
      if (dropped > 0) {
        metrics.dropped(dropped);
        log.warn("webhook.dropped count={}", dropped);
      }
      Instant now = clock.instant();
      store.fanOut(entries, deliveries, now, now.plus(config.retryFor()));
      deliveries.stream().map(NewDelivery::webhookId).distinct().forEach(id -> worker(id).wake());
      entries = store.outbox(BATCH);
    }
  }

  private Map<String, Long> roomOf(List<Webhook> endpoints) {
    Map<String, Long> room = new HashMap<>();
    endpoints.forEach(
        endpoint -> room.put(endpoint.id(), config.maxPending() - store.pending(endpoint.id())));
    return room;
  }

  /// @return for how many endpoints there was no room
  private int address(
      OutboxEntry entry,
      CallRecord call,
      List<Webhook> endpoints,
      Map<String, Long> room,
      List<NewDelivery> deliveries) {
    int dropped = 0;
    Payloads.Payload payload = null;
    for (Webhook endpoint : endpoints) {
      if (!endpoint.wants(entry.kind())) {
        continue;
      }
      if (room.merge(endpoint.id(), -1L, Long::sum) < 0) {
        dropped++;
        continue;
      }
      if (payload == null) {
        payload = payloads.draw(entry, call);
      }
      String body =
          new String(Json.toBytes(payloads.body(payload, endpoint.id())), StandardCharsets.UTF_8);
      if (body.length() > MAX_BODY_CHARS) {
        dropped++;
        continue;
      }
      deliveries.add(
          new NewDelivery(
              endpoint.id(),
              entry.sessionId(),
              entry.kind(),
              endpoint.id() + ":" + entry.kind() + ":" + payload.key(),
              body));
    }
    return dropped;
  }

  @Override
  public void close() {
    workers.values().forEach(EndpointWorker::close);
    outbound.close();
  }
}
