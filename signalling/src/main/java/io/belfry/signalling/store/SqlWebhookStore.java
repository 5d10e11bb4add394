package io.belfry.signalling.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

final class SqlWebhookStore implements WebhookStore {
  private static final int MAX_ERROR_CHARS = 500;

  /// Whether nothing of the same call is to go before it.
  private static final String IS_FIRST =
      " d.state = 'pending' AND NOT EXISTS (SELECT 1 FROM webhook_deliveries e"
          + " WHERE e.webhook_id = d.webhook_id AND e.state = 'pending'"
          + " AND e.session_id = d.session_id AND e.id < d.id)";

  private final Jdbi jdbi;

  SqlWebhookStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public List<Webhook> list() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM webhooks ORDER BY created_at_ms, id")
            .map((row, context) -> webhook(row))
            .list());
  }

  @Override
  public Optional<Webhook> find(String id) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM webhooks WHERE id = :id")
            .bind("id", id)
            .map((row, context) -> webhook(row))
            .findOne());
  }

  @Override
  public boolean create(Webhook webhook) {
    return write(
            webhook,
            "INSERT INTO webhooks (id, url, triggers, secret, is_enabled, created_at_ms)"
                + " VALUES (:id, :url, :triggers, :secret, :enabled, :createdAt)"
                + " ON CONFLICT DO NOTHING")
        == 1;
  }

  @Override
  public boolean update(Webhook webhook) {
    return write(
            webhook,
            "UPDATE webhooks SET url = :url, triggers = :triggers, secret = :secret,"
                + " is_enabled = :enabled, created_at_ms = :createdAt WHERE id = :id")
        == 1;
  }

  private int write(Webhook webhook, String sql) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(sql)
            .bind("id", webhook.id())
            .bind("url", webhook.url())
            .bind("triggers", String.join(",", new TreeSet<>(webhook.triggers())))
            .bind("secret", webhook.secret())
            .bind("enabled", webhook.isEnabled())
            .bind("createdAt", webhook.createdAt().toEpochMilli())
            .execute());
  }

  @Override
  public boolean remove(String id) {
    return update("DELETE FROM webhooks WHERE id = :id", Map.of("id", id)) == 1;
  }

  @Override
  public List<OutboxEntry> outbox(int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM outbox ORDER BY id LIMIT :limit")
            .bind("limit", limit)
            .map((row, context) ->
                new OutboxEntry(
                    row.getLong("id"),
                    row.getString("session_id"),
                    row.getString("kind"),
                    row.getString("payload"),
                    Sql.instant(row, "created_at_ms")))
            .list());
  }

  @Override
  public void fanOut(
      List<OutboxEntry> entries, List<NewDelivery> deliveries, Instant now, Instant giveUpAt) {
    jdbi.useTransaction(handle -> {
      PreparedBatch gone = handle.prepareBatch("DELETE FROM outbox WHERE id = :id");
      entries.forEach(entry -> gone.bind("id", entry.id()).add());
      gone.execute();
      if (deliveries.isEmpty()) {
        return;
      }
      // The endpoint may have been removed since the list of them was read.
      PreparedBatch batch =
          handle.prepareBatch(
              "INSERT INTO webhook_deliveries (webhook_id, session_id, trigger_name,"
                  + " idempotency_key, body, state, attempts, created_at_ms, due_at_ms,"
                  + " give_up_at_ms) SELECT w.id, CAST(:sessionId AS VARCHAR),"
                  + " CAST(:trigger AS VARCHAR), CAST(:key AS VARCHAR), CAST(:body AS VARCHAR),"
                  + " 'pending', 0, CAST(:now AS BIGINT), CAST(:now AS BIGINT),"
                  + " CAST(:giveUpAt AS BIGINT) FROM webhooks w WHERE w.id = :webhookId");
      for (NewDelivery delivery : deliveries) {
        batch
            .bind("webhookId", delivery.webhookId())
            .bind("sessionId", delivery.sessionId())
            .bind("trigger", delivery.trigger())
            .bind("key", delivery.idempotencyKey())
            .bind("body", delivery.body())
            .bind("now", now.toEpochMilli())
            .bind("giveUpAt", giveUpAt.toEpochMilli())
            .add();
      }
      batch.execute();
    });
  }

  @Override
  public List<Delivery> due(String webhookId, Instant now, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT d.* FROM webhook_deliveries d WHERE d.webhook_id = :webhookId"
                    + " AND d.due_at_ms <= :now AND"
                    + IS_FIRST
                    + " ORDER BY d.id LIMIT :limit")
            .bind("webhookId", webhookId)
            .bind("now", now.toEpochMilli())
            .bind("limit", limit)
            .map((row, context) -> delivery(row))
            .list());
  }

  @Override
  public Optional<Instant> nextDue(String webhookId) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT d.due_at_ms FROM webhook_deliveries d WHERE d.webhook_id = :webhookId AND"
                    + IS_FIRST
                    + " ORDER BY d.due_at_ms LIMIT 1")
            .bind("webhookId", webhookId)
            .map((row, context) -> Sql.instant(row, "due_at_ms"))
            .findOne());
  }

  @Override
  public long pending(String webhookId) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT count(*) FROM webhook_deliveries"
                    + " WHERE webhook_id = :id AND state = 'pending'")
            .bind("id", webhookId)
            .mapTo(Long.class)
            .one());
  }

  @Override
  public void tried(
      long id,
      DeliveryState state,
      @Nullable Integer status,
      @Nullable String error,
      Instant now,
      Instant dueAt) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                "UPDATE webhook_deliveries SET state = :state, attempts = attempts + 1,"
                    + " last_status = :status, last_error = :error, due_at_ms = :dueAt,"
                    + " finished_at_ms = :finishedAt WHERE id = :id AND state = 'pending'")
            .bind("id", id)
            .bind("state", state.word())
            .bind("status", status)
            .bind(
                "error",
                error == null || error.length() <= MAX_ERROR_CHARS
                    ? error
                    : error.substring(0, MAX_ERROR_CHARS))
            .bind("dueAt", dueAt.toEpochMilli())
            .bind("finishedAt", state == DeliveryState.PENDING ? null : Sql.millis(now))
            .execute());
  }

  @Override
  public List<Delivery> deliveries(
      @Nullable DeliveryState state, @Nullable String webhookId, @Nullable Long before, int limit) {
    return jdbi.withHandle(handle -> {
      Query query =
          handle.createQuery(
              "SELECT * FROM webhook_deliveries WHERE id < :before"
                  + (state == null ? "" : " AND state = :state")
                  + (webhookId == null ? "" : " AND webhook_id = :webhookId")
                  + " ORDER BY id DESC LIMIT :limit");
      query.bind("before", before == null ? Long.MAX_VALUE : before).bind("limit", limit);
      if (state != null) {
        query.bind("state", state.word());
      }
      if (webhookId != null) {
        query.bind("webhookId", webhookId);
      }
      return query.map((row, context) -> delivery(row)).list();
    });
  }

  @Override
  public Optional<Delivery> delivery(long id) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM webhook_deliveries WHERE id = :id")
            .bind("id", id)
            .map((row, context) -> delivery(row))
            .findOne());
  }

  @Override
  public boolean replay(long id, Instant now, Instant giveUpAt) {
    return replay("id = :of AND state <> 'pending'", id, now, giveUpAt) == 1;
  }

  @Override
  public int replayFailed(String webhookId, Instant now, Instant giveUpAt) {
    return replay("webhook_id = :of AND state = 'failed'", webhookId, now, giveUpAt);
  }

  private int replay(String which, Object of, Instant now, Instant giveUpAt) {
    return update(
        "UPDATE webhook_deliveries SET state = 'pending', attempts = 0, due_at_ms = :now,"
            + " give_up_at_ms = :giveUpAt, finished_at_ms = NULL WHERE "
            + which,
        Map.of("of", of, "now", now.toEpochMilli(), "giveUpAt", giveUpAt.toEpochMilli()));
  }

  @Override
  public void forgetFinished(Instant before) {
    update(
        "DELETE FROM webhook_deliveries WHERE finished_at_ms < :before",
        Map.of("before", before.toEpochMilli()));
  }

  private int update(String sql, Map<String, ?> values) {
    return jdbi.withHandle(handle -> handle.createUpdate(sql).bindMap(values).execute());
  }

  private static Webhook webhook(ResultSet row) throws SQLException {
    String triggers = row.getString("triggers");
    return new Webhook(
        row.getString("id"),
        row.getString("url"),
        triggers.isEmpty() ? Set.of() : Set.copyOf(Arrays.asList(triggers.split(",", -1))),
        row.getString("secret"),
        row.getBoolean("is_enabled"),
        Sql.instant(row, "created_at_ms"));
  }

  private static Delivery delivery(ResultSet row) throws SQLException {
    int status = row.getInt("last_status");
    Integer lastStatus = row.wasNull() ? null : status;
    return new Delivery(
        row.getLong("id"),
        row.getString("webhook_id"),
        row.getString("session_id"),
        row.getString("trigger_name"),
        row.getString("idempotency_key"),
        row.getString("body"),
        DeliveryState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getInt("attempts"),
        lastStatus,
        row.getString("last_error"),
        Sql.instant(row, "created_at_ms"),
        Sql.instant(row, "due_at_ms"),
        Sql.instant(row, "give_up_at_ms"),
        Sql.optionalInstant(row, "finished_at_ms"));
  }
}
