package io.belfry.signalling.store;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Webhook endpoints, the outbox of what they are to be told, and what became of it.
public interface WebhookStore {

  /// An endpoint.
  ///
  /// @param triggers empty for all
  record Webhook(
      String id,
      String url,
      Set<String> triggers,
      String secret,
      boolean isEnabled,
      Instant createdAt) {

    public boolean wants(String trigger) {
      return isEnabled && (triggers.isEmpty() || triggers.contains(trigger));
    }
  }

  /// What happened, as it was written when it did.
  record OutboxEntry(long id, String sessionId, String kind, String payload, Instant createdAt) {}

  /// Where a delivery stands.
  enum DeliveryState {
    PENDING,
    DELIVERED,
    FAILED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// An event on its way to one endpoint.
  record NewDelivery(
      String webhookId, String sessionId, String trigger, String idempotencyKey, String body) {}

  /// @param lastStatus HTTP status of the last try; null if there was no answer
  /// @param finishedAt when it was delivered or given up
  record Delivery(
      long id,
      String webhookId,
      String sessionId,
      String trigger,
      String idempotencyKey,
      String body,
      DeliveryState state,
      int attempts,
      @Nullable Integer lastStatus,
      @Nullable String lastError,
      Instant createdAt,
      Instant dueAt,
      Instant giveUpAt,
      @Nullable Instant finishedAt) {}

  List<Webhook> list();

  Optional<Webhook> find(String id);

  /// @return whether it is new
  boolean create(Webhook webhook);

  /// @return whether there was one
  boolean update(Webhook webhook);

  /// Removes it with its deliveries.
  ///
  /// @return whether there was one
  boolean remove(String id);

  /// The oldest entries.
  List<OutboxEntry> outbox(int limit);

  /// Turns entries into deliveries, all at once or not at all.
  void fanOut(
      List<OutboxEntry> entries, List<NewDelivery> deliveries, Instant now, Instant giveUpAt);

  /// Deliveries that may be tried now: of each call the first one that is pending.
  List<Delivery> due(String webhookId, Instant now, int limit);

  /// When the next delivery may be tried.
  Optional<Instant> nextDue(String webhookId);

  long pending(String webhookId);

  /// Notes a try.
  ///
  /// @param dueAt of the next one, if it stays pending
  void tried(
      long id,
      DeliveryState state,
      @Nullable Integer status,
      @Nullable String error,
      Instant now,
      Instant dueAt);

  /// The newest first.
  ///
  /// @param before only those with smaller ids; null for all
  List<Delivery> deliveries(
      @Nullable DeliveryState state, @Nullable String webhookId, @Nullable Long before, int limit);

  Optional<Delivery> delivery(long id);

  /// Makes a finished delivery pending again, due now.
  ///
  /// @return whether it was finished
  boolean replay(long id, Instant now, Instant giveUpAt);

  /// Makes all failed deliveries of an endpoint pending again.
  ///
  /// @return how many
  int replayFailed(String webhookId, Instant now, Instant giveUpAt);

  /// Forgets deliveries that were finished before this.
  void forgetFinished(Instant before);
}
