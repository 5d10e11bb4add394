package io.belfry.signalling.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.Json;
import io.belfry.signalling.protocol.Shapes;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.store.CallHistory.CallRecord;
import io.belfry.signalling.store.CallHistory.Part;
import io.belfry.signalling.store.Group;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import io.belfry.signalling.store.WebhookStore.OutboxEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The bodies of webhook requests, under the names of the calling API.
final class Payloads {
  static final List<String> TRIGGERS =
      List.of(
          "call_initiated",
          "call_busy",
          "call_cancelled",
          "call_rejected",
          "call_unanswered",
          "call_started",
          "call_participant_joined",
          "call_participant_left",
          "call_ended");

  private static final int MAX_OCCUPANTS = 1000;

  private final String appId;
  private final String region;
  private final UserStore users;

  /// What happened, before it is addressed to an endpoint.
  ///
  /// @param key what tells this event from every other, but for the endpoint
  record Payload(String trigger, String key, ObjectNode data) {}

  Payloads(String appId, String region, UserStore users) {
    this.appId = appId;
    this.region = region;
    this.users = users;
  }

  Payload draw(OutboxEntry entry, CallRecord call) {
    ObjectNode facts = Json.readObject(entry.payload());
    return switch (entry.kind()) {
      case "call_started" -> started(call);
      case "call_participant_joined" -> occupant(entry.kind(), call, facts, "joinedAtMillis");
      case "call_participant_left" -> occupant(entry.kind(), call, facts, "leftAtMillis");
      case "call_ended" -> ended(call, facts);
      default -> ringing(entry, call, facts);
    };
  }

  /// The whole body for one endpoint.
  ObjectNode body(Payload payload, String webhookId) {
    ObjectNode body = Json.object().put("trigger", payload.trigger());
    body.set("data", payload.data());
    return body.put("appId", appId).put("region", region).put("webhook", webhookId);
  }

  // ---- ringing

  private Payload ringing(OutboxEntry entry, CallRecord call, ObjectNode facts) {
    String actor = facts.path("actor").asText(call.initiator());
    String receiver = counterpart(call, actor);
    long at = facts.path("atMillis").asLong(entry.createdAt().toEpochMilli()) / 1000;
    String id = Long.toString(facts.path("actionId").asLong(call.messageId()));
    String action = entry.kind().substring("call_".length());
    ObjectNode details = Json.object().put("action", action).put("status", action);
    ObjectNode entities = Json.object();
    entities.set("by", entity("user", user(actor)));
    entities.set(
        "on",
        call.receiverType() == ReceiverType.GROUP
            ? entity("group", group(call.receiverId()))
            : entity("user", user(receiver)));
    details.set("entities", entities);
    if (call.metadata() != null) {
      details.set("metadata", Json.readObject(call.metadata()));
    }
    ObjectNode shown =
        Json.object()
            .put("id", id)
            .put("sessionId", call.sessionId())
            .put("conversationId", conversation(call))
            .put("sender", actor)
            .put("receiverType", call.receiverType().word())
            .put("receiver", receiver)
            .put("category", "call")
            .put("type", call.type().word());
    shown.set("data", details);
    shown.put("sentAt", at).put("updatedAt", at);
    return new Payload(entry.kind(), id + ":" + at, Json.object().set("call", shown));
  }

  private static String counterpart(CallRecord call, String actor) {
    return call.receiverType() == ReceiverType.USER && actor.equals(call.receiverId())
        ? call.initiator()
        : call.receiverId();
  }

  private static String conversation(CallRecord call) {
    if (call.receiverType() == ReceiverType.GROUP) {
      return "group_" + call.receiverId();
    }
    return call.initiator().compareTo(call.receiverId()) <= 0
        ? call.initiator() + "_user_" + call.receiverId()
        : call.receiverId() + "_user_" + call.initiator();
  }

  private static ObjectNode entity(String type, ObjectNode shape) {
    return Json.object().put("entityType", type).set("entity", shape);
  }

  private ObjectNode user(String uid) {
    return users.findUser(uid).map(Payloads::shape).orElseGet(() -> Json.object().put("uid", uid));
  }

  /// Presence is left out: by the time this is read it would be another.
  private static ObjectNode shape(User user) {
    ObjectNode shape = Shapes.user(user, false);
    shape.remove("status");
    return shape;
  }

  private ObjectNode group(String guid) {
    Optional<Group> group = users.findGroup(guid);
    return group.map(Shapes::group).orElseGet(() -> Json.object().put("guid", guid));
  }

  // ---- the session

  private static Payload started(CallRecord call) {
    long createdAt = seconds(call.answeredAt());
    ObjectNode data =
        Json.object()
            .put("created_at", createdAt)
            .put("sessionId", call.sessionId())
            .put("type", "call");
    return new Payload("call_started", call.sessionId() + ":" + createdAt, data);
  }

  private Payload occupant(String trigger, CallRecord call, ObjectNode facts, String keyedBy) {
    String uid = facts.path("uid").asText();
    long joinedAt = facts.path("joinedAtMillis").asLong();
    ObjectNode occupant = occupant(call, uid, name(uid), joinedAt / 1000);
    ObjectNode data = Json.object().put("sessionId", call.sessionId());
    data.set("occupant", occupant);
    if (keyedBy.equals("leftAtMillis")) {
      occupant.put("left_at", facts.path("leftAtMillis").asLong() / 1000);
    } else {
      data.set(
          "initial_config",
          Json.object().put("is_audio_only", call.type() == CallType.AUDIO).put("mode", "call"));
    }
    String key = call.sessionId() + ":" + uid + ":" + facts.path(keyedBy).asLong();
    return new Payload(trigger, key, data);
  }

  private String name(String uid) {
    return users.findUser(uid).map(User::name).orElse(uid);
  }

  private static ObjectNode occupant(CallRecord call, String uid, String name, long joinedAt) {
    return Json.object()
        .put("uid", uid)
        .put("name", name)
        .put("joined_at", joinedAt)
        // A text, as the calling API has it.
        .put("audio_call", Boolean.toString(call.type() == CallType.AUDIO));
  }

  private Payload ended(CallRecord call, ObjectNode facts) {
    long destroyedAt = seconds(call.endedAt());
    List<Part> joined = call.parts().stream().filter(part -> part.joinedAt() != null).toList();
    Map<String, User> found = users.findUsers(joined.stream().map(Part::uid).toList());
    ArrayNode occupants = Json.array();
    joined.stream()
        .limit(MAX_OCCUPANTS)
        .forEach(part -> {
          User user = found.get(part.uid());
          occupants.add(
              occupant(
                      call,
                      part.uid(),
                      user == null ? part.uid() : user.name(),
                      seconds(part.joinedAt()))
                  .put("left_at", seconds(part.leftAt())));
        });
    ObjectNode data =
        Json.object()
            .put("sessionId", call.sessionId())
            .put("created_at", seconds(call.answeredAt()))
            .put("destroyed_at", destroyedAt)
            .put("ended_by", facts.path("actor").asText(call.initiator()));
    data.set("all_occupants", occupants);
    return new Payload("call_ended", call.sessionId() + ":" + destroyedAt, data);
  }

  private static long seconds(@Nullable Instant at) {
    return at == null ? 0 : at.getEpochSecond();
  }
}
