package io.belfry.signalling.store;

import io.belfry.common.id.SessionId;
import io.belfry.signalling.ring.CallAction;
import io.belfry.signalling.ring.CallState;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.Leg;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.ring.RingCall;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

final class SqlCallStore implements CallStore {
  private static final String USER = "user";
  private static final String GROUP = "group";

  private final Jdbi jdbi;

  SqlCallStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /// Ends the transaction without storing anything.
  private static final class Rollback extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Outcome outcome;

    Rollback(Outcome outcome) {
      super(null, null, false, false);
      this.outcome = outcome;
    }
  }

  @Override
  public Outcome create(RingCall call, CallAction action) {
    return inTransaction(handle -> {
      insert(handle, call);
      insertLegs(handle, call);
      engage(handle, Set.of(), call);
      StoredAction stored = append(handle, call.sessionId(), 1, action);
      CallRecords.write(handle, null, call, stored);
      return new Outcome.Stored(1, stored);
    });
  }

  @Override
  public Outcome update(Versioned from, RingCall next, @Nullable CallAction action) {
    long nextVersion = from.version() + 1;
    return inTransaction(handle -> {
      if (updateCall(handle, from.version(), next) == 0) {
        throw new Rollback(new Outcome.Conflict());
      }
      updateLegs(handle, from.call(), next);
      engage(handle, from.call().engaged(), next);
      StoredAction stored =
          action == null ? null : append(handle, next.sessionId(), nextVersion, action);
      CallRecords.write(handle, from.call(), next, stored);
      return new Outcome.Stored(nextVersion, stored);
    });
  }

  private interface Work {
    Outcome run(Handle handle);
  }

  private Outcome inTransaction(Work work) {
    try {
      return jdbi.inTransaction(work::run);
    } catch (Rollback rollback) {
      return rollback.outcome;
    }
  }

  private static void insert(Handle handle, RingCall call) {
    handle
        .createUpdate(
            "INSERT INTO calls (session_id, version, receiver_type, type, initiator, receiver_id,"
                + " metadata, status, initiated_at_ms, ring_until_ms)"
                + " VALUES (:id, 1, :receiverType, :type, :initiator, :receiverId,"
                + " :metadata, :status, :initiatedAt, :ringUntil)")
        .bind("id", call.sessionId().value())
        .bind("receiverType", call.receiverType().word())
        .bind("type", call.type().word())
        .bind("initiator", call.initiator())
        .bind("receiverId", call.receiverId())
        .bind("metadata", call.metadata())
        .bind("status", call.status().word())
        .bind("initiatedAt", call.initiatedAt().toEpochMilli())
        .bind("ringUntil", call.ringUntil().toEpochMilli())
        .execute();
  }

  private static int updateCall(Handle handle, long version, RingCall next) {
    Instant answeredAt = next.state() instanceof CallState.Ongoing(var since) ? since : null;
    Instant endedAt = next.state() instanceof CallState.Over(_, var at) ? at : null;
    return handle
        .createUpdate(
            "UPDATE calls SET version = version + 1, status = :status,"
                + " answered_at_ms = coalesce(:answeredAt, answered_at_ms),"
                + " ended_at_ms = :endedAt WHERE session_id = :id AND version = :version")
        .bind("id", next.sessionId().value())
        .bind("version", version)
        .bind("status", next.status().word())
        .bind("answeredAt", Sql.millis(answeredAt))
        .bind("endedAt", Sql.millis(endedAt))
        .execute();
  }

  private static void insertLegs(Handle handle, RingCall call) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO call_legs (session_id, uid, position, state, joined_at_ms, left_at_ms)"
                + " VALUES (:id, :uid, :position, :state, :joinedAt, :leftAt)");
    int position = 0;
    for (Map.Entry<String, Leg> leg : call.legs().entrySet()) {
      bindLeg(batch, call, leg).bind("position", position++).add();
    }
    batch.execute();
  }

  private static void updateLegs(Handle handle, RingCall before, RingCall next) {
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE call_legs SET state = :state, joined_at_ms = :joinedAt,"
                + " left_at_ms = :leftAt WHERE session_id = :id AND uid = :uid");
    boolean isAnyChanged = false;
    for (Map.Entry<String, Leg> leg : next.legs().entrySet()) {
      if (!leg.getValue().equals(before.leg(leg.getKey()))) {
        bindLeg(batch, next, leg).add();
        isAnyChanged = true;
      }
    }
    if (isAnyChanged) {
      batch.execute();
    }
  }

  private static PreparedBatch bindLeg(
      PreparedBatch batch, RingCall call, Map.Entry<String, Leg> leg) {
    return batch
        .bind("id", call.sessionId().value())
        .bind("uid", leg.getKey())
        .bind("state", leg.getValue().state().name())
        .bind("joinedAt", Sql.millis(leg.getValue().joinedAt()))
        .bind("leftAt", Sql.millis(leg.getValue().leftAt()));
  }

  /// Makes the engagements those of the call as it will be. The order is fixed, so that two
  /// transactions wait for each other instead of locking each other up.
  private static void engage(Handle handle, Set<String> before, RingCall next) {
    String id = next.sessionId().value();
    Set<String> after = next.engaged();
    for (String uid : new TreeSet<>(before)) {
      if (!after.contains(uid)) {
        disengage(handle, id, USER, uid);
      }
    }
    for (String uid : new TreeSet<>(after)) {
      if (!before.contains(uid)) {
        engageOne(handle, id, USER, uid, new Outcome.UserBusy());
      }
    }
    if (next.receiverType() == ReceiverType.GROUP) {
      if (next.isOver()) {
        disengage(handle, id, GROUP, next.receiverId());
      } else if (before.isEmpty()) {
        engageOne(handle, id, GROUP, next.receiverId(), new Outcome.GroupBusy());
      }
    }
  }

  private static void disengage(Handle handle, String id, String kind, String subject) {
    handle
        .createUpdate(
            "DELETE FROM engagements WHERE kind = :kind AND subject = :subject"
                + " AND session_id = :id")
        .bind("kind", kind)
        .bind("subject", subject)
        .bind("id", id)
        .execute();
  }

  private static void engageOne(
      Handle handle, String id, String kind, String subject, Outcome ifTaken) {
    try {
      handle
          .createUpdate(
              "INSERT INTO engagements (kind, subject, session_id) VALUES (:kind, :subject, :id)")
          .bind("kind", kind)
          .bind("subject", subject)
          .bind("id", id)
          .execute();
    } catch (UnableToExecuteStatementException e) {
      if (Sql.isUniqueViolation(e)) {
        throw new Rollback(ifTaken);
      }
      throw e;
    }
  }

  private static StoredAction append(
      Handle handle, SessionId sessionId, long seq, CallAction action) {
    long id = handle.createQuery("SELECT nextval('call_action_ids')").mapTo(Long.class).one();
    handle
        .createUpdate(
            "INSERT INTO call_events (id, session_id, seq, actor, status, at_ms, joined_at_ms)"
                + " VALUES (:id, :sessionId, :seq, :actor, :status, :at, :joinedAt)")
        .bind("id", id)
        .bind("sessionId", sessionId.value())
        .bind("seq", seq)
        .bind("actor", action.actor())
        .bind("status", action.status().word())
        .bind("at", action.at().toEpochMilli())
        .bind("joinedAt", Sql.millis(action.joinedAt()))
        .execute();
    return new StoredAction(id, action);
  }

  /// The call is read before its legs: if both change in between, its version is the old one, and
  /// whatever is made of this mixture is refused as a conflict.
  @Override
  public Optional<Versioned> find(String sessionId) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM calls WHERE session_id = :id")
            .bind("id", sessionId)
            .map((row, context) -> new Versioned(row.getLong("version"), call(row)))
            .findOne()
            .map(found ->
                new Versioned(found.version(), found.call().withLegs(legs(handle, sessionId)))));
  }

  private static Map<String, Leg> legs(Handle handle, String sessionId) {
    Map<String, Leg> legs = new LinkedHashMap<>();
    handle
        .createQuery(
            "SELECT uid, state, joined_at_ms, left_at_ms FROM call_legs"
                + " WHERE session_id = :id ORDER BY position")
        .bind("id", sessionId)
        .map((row, context) -> Map.entry(row.getString("uid"), leg(row)))
        .forEach(entry -> legs.put(entry.getKey(), entry.getValue()));
    return legs;
  }

  @Override
  public Optional<StoredAction> lastAction(String sessionId) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT id, actor, status, at_ms, joined_at_ms FROM call_events"
                    + " WHERE session_id = :id ORDER BY seq DESC LIMIT 1")
            .bind("id", sessionId)
            .map((row, context) ->
                new StoredAction(
                    row.getLong("id"),
                    new CallAction(
                        row.getString("actor"),
                        CallStatus.of(row.getString("status")),
                        Sql.instant(row, "at_ms"),
                        Sql.optionalInstant(row, "joined_at_ms"))))
            .findOne());
  }

  @Override
  public List<String> active() {
    return ids(
        "SELECT session_id FROM calls WHERE status IN ('initiated', 'ongoing')"
            + " ORDER BY initiated_at_ms",
        Map.of());
  }

  @Override
  public List<String> overdue(Instant ringBefore, Instant joinBefore) {
    return ids(
        "SELECT DISTINCT c.session_id FROM calls c"
            + " JOIN call_legs l ON l.session_id = c.session_id"
            + " WHERE c.status IN ('initiated', 'ongoing')"
            + " AND (((c.status = 'initiated' OR l.state = 'RINGING')"
            + " AND c.ring_until_ms < :ringBefore)"
            + " OR (l.state = 'ACCEPTED' AND l.joined_at_ms < :joinBefore))",
        Map.of("ringBefore", ringBefore.toEpochMilli(), "joinBefore", joinBefore.toEpochMilli()));
  }

  @Override
  public List<String> ringing(String uid) {
    return ids(
        "SELECT session_id FROM call_legs WHERE uid = :uid AND state = 'RINGING'",
        Map.of("uid", uid));
  }

  @Override
  public Optional<String> engagedIn(String uid) {
    return ids(
            "SELECT session_id FROM engagements WHERE kind = 'user' AND subject = :uid",
            Map.of("uid", uid))
        .stream()
        .findFirst();
  }

  private List<String> ids(String sql, Map<String, ?> values) {
    return jdbi.withHandle(
        handle -> handle.createQuery(sql).bindMap(values).mapTo(String.class).list());
  }

  private static RingCall call(ResultSet row) throws SQLException {
    return new RingCall(
        new SessionId(row.getString("session_id")),
        ReceiverType.of(row.getString("receiver_type")),
        CallType.of(row.getString("type")),
        row.getString("initiator"),
        row.getString("receiver_id"),
        row.getString("metadata"),
        Sql.instant(row, "initiated_at_ms"),
        Sql.instant(row, "ring_until_ms"),
        state(row),
        Map.of());
  }

  private static CallState state(ResultSet row) throws SQLException {
    CallStatus status = CallStatus.of(row.getString("status"));
    return switch (status) {
      case INITIATED -> new CallState.Initiated();
      case ONGOING -> new CallState.Ongoing(Sql.instant(row, "answered_at_ms"));
      case REJECTED, BUSY, CANCELLED, UNANSWERED, ENDED ->
          new CallState.Over(status, Sql.instant(row, "ended_at_ms"));
    };
  }

  private static Leg leg(ResultSet row) throws SQLException {
    return new Leg(
        Leg.LegState.valueOf(row.getString("state")),
        Sql.optionalInstant(row, "joined_at_ms"),
        Sql.optionalInstant(row, "left_at_ms"));
  }
}
