package io.belfry.signalling.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.Json;
import io.belfry.signalling.ring.CallAction;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.store.CallStore.StoredAction;
import io.belfry.signalling.store.Group;
import io.belfry.signalling.store.User;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The JSON shapes of the calling API.
public final class Shapes {
  private Shapes() {}

  /// A user. What is not known is absent.
  public static ObjectNode user(User user, boolean isOnline) {
    ObjectNode shape = Json.object().put("uid", user.uid()).put("name", user.name());
    if (user.avatar() != null) {
      shape.put("avatar", user.avatar());
    }
    shape.put("status", isOnline ? "online" : "offline").put("role", user.role());
    if (user.lastActiveAt() != null) {
      shape.put("lastActiveAt", user.lastActiveAt().getEpochSecond());
    }
    return shape;
  }

  public static ObjectNode group(Group group) {
    ObjectNode shape =
        Json.object().put("guid", group.guid()).put("name", group.name()).put("type", group.type());
    if (group.icon() != null) {
      shape.put("icon", group.icon());
    }
    if (group.owner() != null) {
      shape.put("owner", group.owner());
    }
    return shape.put("membersCount", group.membersCount());
  }

  /// The parties of a call, as they are shown with one action.
  ///
  /// @param sender whoever acted
  /// @param receiver the other party: a user, or the group
  public record Parties(
      ObjectNode sender, ObjectNode receiver, ObjectNode initiator, ObjectNode callReceiver) {}

  /// A call as an event or an answer shows it after an action.
  public static ObjectNode call(RingCall call, StoredAction stored, Parties parties) {
    CallAction action = stored.action();
    return call(call, stored, parties, action.status().word(), shownJoinedAt(action));
  }

  /// The answer to `endCall`, which shows the action as it was before: a habit of the calling API
  /// that existing code may rely on.
  public static ObjectNode endAnswer(RingCall call, StoredAction stored, Parties parties) {
    return call(call, stored, parties, CallStatus.ONGOING.word(), stored.action().joinedAt());
  }

  private static @Nullable Instant shownJoinedAt(CallAction action) {
    return switch (action.status()) {
      case INITIATED, ONGOING -> action.joinedAt();
      case REJECTED, BUSY, CANCELLED, UNANSWERED, ENDED -> null;
    };
  }

  private static ObjectNode call(
      RingCall call,
      StoredAction stored,
      Parties parties,
      String action,
      @Nullable Instant joinedAt) {
    long actedAt = stored.action().at().getEpochSecond();
    ObjectNode shape =
        Json.object()
            .put("sessionId", call.sessionId().value())
            .put("id", Long.toString(stored.id()))
            .put("conversationId", call.conversationId())
            .put("category", "call")
            .put("type", call.type().word())
            .put("receiverType", call.receiverType().word())
            .put("action", action)
            .put("status", stored.action().status().word())
            .put("initiatedAt", call.initiatedAt().getEpochSecond());
    if (joinedAt != null) {
      shape.put("joinedAt", joinedAt.getEpochSecond());
    }
    shape
        .put("sentAt", actedAt)
        .put("updatedAt", actedAt)
        .put("receiverId", call.counterpartOf(stored.action().actor()));
    shape.set("sender", parties.sender());
    shape.set("receiver", parties.receiver());
    shape.set("callInitiator", parties.initiator());
    shape.set("callReceiver", parties.callReceiver());
    if (call.metadata() != null) {
      shape.set("metadata", Json.readObject(call.metadata()));
    }
    return shape;
  }
}
