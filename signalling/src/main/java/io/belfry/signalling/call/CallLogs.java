package io.belfry.signalling.call;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.Json;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.Shapes;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.Leg.LegState;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.store.CallHistory.CallRecord;
import io.belfry.signalling.store.CallHistory.Part;
import io.belfry.signalling.store.Group;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Draws past and present calls as the call log shows them. Minutes are rounded to hundredths for
/// each participant, and a call's minutes are the sum of those, so that they add up as shown.
public final class CallLogs {
  private static final BigDecimal MILLIS_PER_MINUTE = BigDecimal.valueOf(60_000);
  private static final int MINUTE_DECIMALS = 2;

  private final UserStore users;
  private final Devices devices;

  /// How the status of a cancelled call is written: the REST API has one l, the call log two.
  public enum Spelling {
    REST("canceled"),
    CALL_LOG("cancelled");

    private final String cancelled;

    Spelling(String cancelled) {
      this.cancelled = cancelled;
    }

    String of(CallStatus status) {
      return status == CallStatus.CANCELLED ? cancelled : status.word();
    }
  }

  public CallLogs(UserStore users, Devices devices) {
    this.users = users;
    this.devices = devices;
  }

  /// @param seenBy for whom an unanswered call of somebody else is a missed one; null for nobody
  public ArrayNode draw(
      List<CallRecord> calls, Spelling spelling, @Nullable String seenBy, Instant now) {
    Set<String> uids = new TreeSet<>();
    Map<String, Group> groups = new HashMap<>();
    for (CallRecord call : calls) {
      uids.add(call.initiator());
      call.parts().forEach(part -> uids.add(part.uid()));
      if (call.receiverType() == ReceiverType.GROUP) {
        users.findGroup(call.receiverId()).ifPresent(group -> groups.put(group.guid(), group));
      }
    }
    Map<String, User> found = users.findUsers(uids);
    ArrayNode shapes = Json.array();
    for (CallRecord call : calls) {
      shapes.add(draw(call, spelling.of(call.status()), seenBy, found, groups, now));
    }
    return shapes;
  }

  /// Whether this user was rung and never answered.
  private static boolean isMissed(CallRecord call, @Nullable String uid) {
    return call.parts().stream()
        .anyMatch(part -> part.uid().equals(uid) && part.state() == LegState.MISSED);
  }

  private ObjectNode draw(
      CallRecord call,
      String status,
      @Nullable String seenBy,
      Map<String, User> found,
      Map<String, Group> groups,
      Instant now) {
    boolean isVideo = call.type() == CallType.VIDEO;
    Duration lasted =
        call.answeredAt() == null
            ? Duration.ZERO
            : Duration.between(call.answeredAt(), call.endedAt() == null ? now : call.endedAt());
    BigDecimal total = BigDecimal.ZERO.setScale(MINUTE_DECIMALS);
    ArrayNode participants = Json.array();
    int joined = 0;
    for (Part part : call.parts()) {
      BigDecimal minutes = minutes(part.present(now));
      total = total.add(minutes);
      joined += part.joinedAt() == null ? 0 : 1;
      participants.add(participant(part, minutes, isVideo, found));
    }
    ObjectNode shape =
        Json.object()
            .put("sessionId", call.sessionId())
            .put("mid", Long.toString(call.messageId()))
            .put("type", call.type().word())
            .put("mode", "call")
            .put("callCategory", "call")
            .put("status", isMissed(call, seenBy) ? "missed" : status)
            .put("receiverType", call.receiverType().word())
            .put("initiatedAt", call.initiatedAt().getEpochSecond());
    putSeconds(shape, "startedAt", call.answeredAt());
    putSeconds(shape, "endedAt", call.endedAt());
    shape
        .put("totalDuration", clockFace(lasted))
        .put("totalDurationInMinutes", minutes(lasted))
        .put("totalAudioMinutes", isVideo ? none() : total)
        .put("totalVideoMinutes", isVideo ? total : none())
        .put("totalParticipants", joined)
        .put("hasRecording", false);
    shape.set("initiator", user(call.initiator(), found));
    shape.set("receiver", receiver(call, found, groups));
    shape.set("participants", participants);
    shape.set("recordings", Json.array());
    if (call.metadata() != null) {
      shape.set("metadata", Json.readObject(call.metadata()));
    }
    return shape;
  }

  private ObjectNode participant(
      Part part, BigDecimal minutes, boolean isVideo, Map<String, User> found) {
    ObjectNode shape =
        user(part.uid(), found)
            .put("hasJoined", part.joinedAt() != null)
            .put("state", stateOf(part))
            .put("totalDurationInMinutes", minutes)
            .put("totalAudioMinutes", isVideo ? none() : minutes)
            .put("totalVideoMinutes", isVideo ? minutes : none());
    putSeconds(shape, "joinedAt", part.joinedAt());
    putSeconds(shape, "leftAt", part.leftAt());
    return shape;
  }

  private static String stateOf(Part part) {
    return switch (part.state()) {
      case CALLING, RINGING -> "initiated";
      case ACCEPTED, IN_SESSION -> "ongoing";
      case LEFT -> part.joinedAt() == null ? "unanswered" : "ended";
      case REJECTED -> part.joinedAt() == null ? "rejected" : "ended";
      case MISSED -> part.joinedAt() == null ? "unanswered" : "ended";
    };
  }

  private ObjectNode receiver(CallRecord call, Map<String, User> found, Map<String, Group> groups) {
    if (call.receiverType() == ReceiverType.USER) {
      return user(call.receiverId(), found);
    }
    Group group = groups.get(call.receiverId());
    return group == null ? Json.object().put("guid", call.receiverId()) : Shapes.group(group);
  }

  private ObjectNode user(String uid, Map<String, User> found) {
    User user = found.get(uid);
    return user == null ? Json.object().put("uid", uid) : Shapes.user(user, devices.isOnline(uid));
  }

  private static BigDecimal none() {
    return BigDecimal.ZERO.setScale(MINUTE_DECIMALS);
  }

  static BigDecimal minutes(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis())
        .divide(MILLIS_PER_MINUTE, MINUTE_DECIMALS, RoundingMode.HALF_UP);
  }

  /// `00:05:30`.
  static String clockFace(Duration duration) {
    return "%02d:%02d:%02d"
        .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
  }

  private static void putSeconds(ObjectNode shape, String name, @Nullable Instant at) {
    if (at != null) {
      shape.put(name, at.getEpochSecond());
    }
  }
}
