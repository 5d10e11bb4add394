package io.belfry.signalling.store;

import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.Leg.LegState;
import io.belfry.signalling.ring.ReceiverType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

final class SqlCallHistory implements CallHistory {
  /// A transaction that has taken an id and has not committed after this long never will.
  private static final Duration STRAGGLER = Duration.ofSeconds(15);

  private static final String CALLS =
      "SELECT c.*, (SELECT min(e.id) FROM call_events e WHERE e.session_id = c.session_id)"
          + " AS message_id FROM calls c";

  private final Jdbi jdbi;

  SqlCallHistory(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public Page list(Filter filter, int offset, int limit) {
    Map<String, Object> values = new HashMap<>();
    String where = where(filter, values);
    return jdbi.withHandle(handle -> {
      long total =
          bind(handle.createQuery("SELECT count(*) FROM calls c" + where), filter, values)
              .mapTo(Long.class)
              .one();
      List<CallRecord> found =
          bind(
                  handle.createQuery(
                      CALLS
                          + where
                          + " ORDER BY c.initiated_at_ms DESC, c.session_id DESC"
                          + " LIMIT :limit OFFSET :offset"),
                  filter,
                  values)
              .bind("limit", limit)
              .bind("offset", offset)
              .map((row, context) -> call(row, List.of()))
              .list();
      return new Page(total, withParts(handle, found));
    });
  }

  private static String where(Filter filter, Map<String, Object> values) {
    List<String> conditions = new ArrayList<>();
    add(conditions, values, "c.type = :type", "type", filter.type());
    add(
        conditions,
        values,
        "c.receiver_type = :receiverType",
        "receiverType",
        filter.receiverType());
    add(conditions, values, "c.initiated_at_ms >= :from", "from", Sql.millis(filter.from()));
    add(conditions, values, "c.ended_at_ms <= :to", "to", Sql.millis(filter.to()));
    add(
        conditions,
        values,
        "c.receiver_type = 'group' AND c.receiver_id = :guid",
        "guid",
        filter.guid());
    add(
        conditions,
        values,
        "(SELECT count(*) FROM call_legs n WHERE n.session_id = c.session_id"
            + " AND n.joined_at_ms IS NOT NULL) = :participants",
        "participants",
        filter.participants());
    add(
        conditions,
        values,
        "EXISTS (SELECT 1 FROM call_legs l WHERE l.session_id = c.session_id AND l.uid = :uid"
            + (filter.isMissed() ? " AND l.state = 'MISSED')" : ")"),
        "uid",
        filter.uid());
    add(
        conditions,
        values,
        "EXISTS (SELECT 1 FROM call_legs o WHERE o.session_id = c.session_id AND o.uid = :other)",
        "other",
        filter.other());
    if (filter.isOutgoing() != null && filter.uid() != null) {
      conditions.add(filter.isOutgoing() ? "c.initiator = :uid" : "c.initiator <> :uid");
    }
    if (!filter.statuses().isEmpty()) {
      conditions.add("c.status IN (<statuses>)");
    }
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  private static void add(
      List<String> conditions,
      Map<String, Object> values,
      String condition,
      String name,
      @Nullable Object value) {
    if (value != null) {
      conditions.add(condition);
      values.put(name, value);
    }
  }

  private static Query bind(Query query, Filter filter, Map<String, Object> values) {
    if (!filter.statuses().isEmpty()) {
      query.bindList("statuses", filter.statuses().stream().map(CallStatus::word).toList());
    }
    return query.bindMap(values);
  }

  @Override
  public Optional<CallRecord> find(String sessionId) {
    return jdbi.withHandle(handle -> {
      List<CallRecord> found =
          handle
              .createQuery(CALLS + " WHERE c.session_id = :id")
              .bind("id", sessionId)
              .map((row, context) -> call(row, List.of()))
              .list();
      return withParts(handle, found).stream().findFirst();
    });
  }

  private static List<CallRecord> withParts(Handle handle, List<CallRecord> calls) {
    if (calls.isEmpty()) {
      return calls;
    }
    List<String> ids = calls.stream().map(CallRecord::sessionId).toList();
    Map<String, List<Stay>> earlier = new HashMap<>();
    handle
        .createQuery("SELECT * FROM call_stays WHERE session_id IN (<ids>) ORDER BY joined_at_ms")
        .bindList("ids", ids)
        .map((row, context) -> {
          earlier
              .computeIfAbsent(
                  row.getString("session_id") + ' ' + row.getString("uid"),
                  key -> new ArrayList<>())
              .add(new Stay(Sql.instant(row, "joined_at_ms"), Sql.instant(row, "left_at_ms")));
          return true;
        })
        .list();
    Map<String, List<Part>> parts = new HashMap<>();
    handle
        .createQuery("SELECT * FROM call_legs WHERE session_id IN (<ids>) ORDER BY position")
        .bindList("ids", ids)
        .map((row, context) -> {
          String id = row.getString("session_id");
          parts
              .computeIfAbsent(id, key -> new ArrayList<>())
              .add(part(row, earlier.getOrDefault(id + ' ' + row.getString("uid"), List.of())));
          return true;
        })
        .list();
    return calls.stream()
        .map(call -> withParts(call, parts.getOrDefault(call.sessionId(), List.of())))
        .toList();
  }

  private static Part part(ResultSet row, List<Stay> earlier) throws SQLException {
    List<Stay> stays = new ArrayList<>(earlier);
    Instant joinedAt = Sql.optionalInstant(row, "joined_at_ms");
    Instant leftAt = Sql.optionalInstant(row, "left_at_ms");
    if (joinedAt != null) {
      stays.add(new Stay(joinedAt, leftAt));
    }
    return new Part(
        row.getString("uid"),
        LegState.valueOf(row.getString("state")),
        stays.isEmpty() ? null : stays.getFirst().joinedAt(),
        leftAt,
        List.copyOf(stays));
  }

  private static CallRecord withParts(CallRecord call, List<Part> parts) {
    return new CallRecord(
        call.sessionId(),
        call.messageId(),
        call.receiverType(),
        call.type(),
        call.initiator(),
        call.receiverId(),
        call.metadata(),
        call.status(),
        call.initiatedAt(),
        call.answeredAt(),
        call.endedAt(),
        parts);
  }

  private static CallRecord call(ResultSet row, List<Part> parts) throws SQLException {
    return new CallRecord(
        row.getString("session_id"),
        row.getLong("message_id"),
        ReceiverType.of(row.getString("receiver_type")),
        CallType.of(row.getString("type")),
        row.getString("initiator"),
        row.getString("receiver_id"),
        row.getString("metadata"),
        CallStatus.of(row.getString("status")),
        Sql.instant(row, "initiated_at_ms"),
        Sql.optionalInstant(row, "answered_at_ms"),
        Sql.optionalInstant(row, "ended_at_ms"),
        parts);
  }

  /// Ids are given out in order but stored as transactions end, so a gap may yet be filled: what
  /// comes after it is held back until it is too old for that.
  @Override
  public List<ActionRecord> actions(long after, int limit, Instant now) {
    List<ActionRecord> found =
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    "SELECT e.*, c.receiver_type, c.type, c.initiator, c.receiver_id"
                        + " FROM call_events e JOIN calls c ON c.session_id = e.session_id"
                        + " WHERE e.id > :after ORDER BY e.id LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> action(row))
                .list());
    Instant settled = now.minus(STRAGGLER);
    long expected = after + 1;
    for (int i = 0; i < found.size(); i++) {
      ActionRecord each = found.get(i);
      if (each.id() != expected && each.at().isAfter(settled)) {
        return found.subList(0, i);
      }
      expected = each.id() + 1;
    }
    return found;
  }

  private static ActionRecord action(ResultSet row) throws SQLException {
    return new ActionRecord(
        row.getLong("id"),
        row.getString("session_id"),
        row.getLong("seq"),
        row.getString("actor"),
        CallStatus.of(row.getString("status")),
        Sql.instant(row, "at_ms"),
        Sql.optionalInstant(row, "joined_at_ms"),
        ReceiverType.of(row.getString("receiver_type")),
        CallType.of(row.getString("type")),
        row.getString("initiator"),
        row.getString("receiver_id"));
  }
}
