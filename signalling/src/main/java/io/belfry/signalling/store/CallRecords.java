package io.belfry.signalling.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.Json;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.Leg;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.store.CallStore.StoredAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/// What a change of a call leaves behind besides the call: the outbox's entries, and the stays of
/// those who come back. Written in the change's own transaction.
final class CallRecords {
  static final String STARTED = "call_started";
  static final String JOINED = "call_participant_joined";
  static final String LEFT = "call_participant_left";
  static final String ENDED = "call_ended";

  private CallRecords() {}

  /// An entry of the outbox.
  record News(String kind, ObjectNode payload) {}

  /// @param before null for a new call
  static void write(
      Handle handle, @Nullable RingCall before, RingCall next, @Nullable StoredAction action) {
    List<News> news = newsOf(before, next, action);
    if (!news.isEmpty()) {
      writeNews(handle, next, news);
    }
    if (before != null) {
      writeStays(handle, before, next);
    }
  }

  /// What is to be told, in its order.
  static List<News> newsOf(
      @Nullable RingCall before, RingCall next, @Nullable StoredAction action) {
    List<News> news = new ArrayList<>();
    if (before == null) {
      news.add(new News("call_initiated", facts(next, action)));
      return news;
    }
    boolean isNewStatus = before.status() != next.status();
    if (isNewStatus && next.status() == CallStatus.ONGOING) {
      news.add(new News(STARTED, facts(next, action)));
    }
    next.legs()
        .forEach((uid, leg) -> {
          Leg earlier = before.leg(uid);
          if (earlier == null || earlier.state() == leg.state()) {
            return;
          }
          if (leg.state() == Leg.LegState.IN_SESSION) {
            news.add(new News(JOINED, facts(uid, leg)));
          } else if (earlier.state() == Leg.LegState.IN_SESSION && !leg.isEngaged()) {
            news.add(new News(LEFT, facts(uid, leg)));
          }
        });
    if (isNewStatus) {
      switch (next.status()) {
        case BUSY, CANCELLED, REJECTED, UNANSWERED ->
            news.add(new News("call_" + next.status().word(), facts(next, action)));
        case ENDED -> news.add(new News(ENDED, facts(next, action)));
        case INITIATED, ONGOING -> {
          // Told above.
        }
      }
    }
    return news;
  }

  private static ObjectNode facts(RingCall call, @Nullable StoredAction action) {
    if (action == null) {
      return Json.object().put("actor", call.initiator());
    }
    return Json.object()
        .put("actionId", action.id())
        .put("actor", action.action().actor())
        .put("atMillis", action.action().at().toEpochMilli());
  }

  private static ObjectNode facts(String uid, Leg leg) {
    ObjectNode facts = Json.object().put("uid", uid);
    putMillis(facts, "joinedAtMillis", leg.joinedAt());
    putMillis(facts, "leftAtMillis", leg.leftAt());
    return facts;
  }

  private static void putMillis(ObjectNode facts, String name, @Nullable Instant at) {
    if (at != null) {
      facts.put(name, at.toEpochMilli());
    }
  }

  /// Without anybody who wants to hear there is nothing to keep.
  private static void writeNews(Handle handle, RingCall call, List<News> news) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO outbox (session_id, kind, payload, created_at_ms)"
                + " SELECT CAST(:id AS VARCHAR), CAST(:kind AS VARCHAR),"
                + " CAST(:payload AS VARCHAR), CAST(:at AS BIGINT)"
                + " WHERE EXISTS (SELECT 1 FROM webhooks WHERE is_enabled)");
    for (News one : news) {
      batch
          .bind("id", call.sessionId().value())
          .bind("kind", one.kind())
          .bind("payload", one.payload().toString())
          .bind("at", one.payload().path("atMillis").asLong(call.initiatedAt().toEpochMilli()))
          .add();
    }
    batch.execute();
  }

  /// A leg shows the last stay only; who joins again would take the one before along.
  private static void writeStays(Handle handle, RingCall before, RingCall next) {
    for (Map.Entry<String, Leg> entry : before.legs().entrySet()) {
      Leg earlier = entry.getValue();
      Leg later = next.leg(entry.getKey());
      if (earlier.joinedAt() == null
          || earlier.leftAt() == null
          || later == null
          || earlier.joinedAt().equals(later.joinedAt())) {
        continue;
      }
      handle
          .createUpdate(
              "INSERT INTO call_stays (session_id, uid, joined_at_ms, left_at_ms)"
                  + " VALUES (:id, :uid, :joinedAt, :leftAt) ON CONFLICT DO NOTHING")
          .bind("id", next.sessionId().value())
          .bind("uid", entry.getKey())
          .bind("joinedAt", earlier.joinedAt().toEpochMilli())
          .bind("leftAt", earlier.leftAt().toEpochMilli())
          .execute();
    }
  }
}
