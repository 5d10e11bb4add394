package io.belfry.signalling.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.common.id.SessionId;
import io.belfry.http.ApiException;
import io.belfry.http.Fields;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Json;
import io.belfry.http.Routes;
import io.belfry.signalling.call.CallLogs;
import io.belfry.signalling.call.CallService;
import io.belfry.signalling.limit.Limits;
import io.belfry.signalling.protocol.DeviceRequest;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.store.CallHistory;
import io.belfry.signalling.store.CallHistory.ActionRecord;
import io.belfry.signalling.store.CallHistory.CallRecord;
import io.belfry.signalling.store.CallHistory.Filter;
import io.belfry.signalling.store.UserStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls: looked up, and for operators also made, cancelled and ended in a user's name.
public final class CallsApi {
  private static final Logger log = LoggerFactory.getLogger(CallsApi.class);

  private static final int MAX_PAGE = 1_000_000;
  private static final int MAX_EVENTS = 1000;
  private static final List<String> TYPES = List.of("audio", "video");
  private static final List<String> RECEIVER_TYPES = List.of("user", "group");
  private static final List<String> MODES = List.of("call", "meet", "presenter");
  private static final List<String> BOOLEANS = List.of("true", "false");
  private static final List<String> STATUSES =
      List.of(
          "initiated",
          "ongoing",
          "ended",
          "unanswered",
          "rejected",
          "busy",
          "canceled",
          "cancelled",
          "missed");

  private final Callers callers;
  private final CallHistory history;
  private final CallService calls;
  private final CallLogs logs;
  private final UserStore users;
  private final Limits limits;
  private final Clock clock;

  public CallsApi(
      Callers callers,
      CallHistory history,
      CallService calls,
      CallLogs logs,
      UserStore users,
      Limits limits,
      Clock clock) {
    this.callers = callers;
    this.history = history;
    this.calls = calls;
    this.logs = logs;
    this.users = users;
    this.limits = limits;
    this.clock = clock;
  }

  public void contribute(Routes routes) {
    routes
        .get("/v1/calls", this::list)
        .get("/v1/calls/{sessionId}", this::find)
        .post("/v1/calls", this::create)
        .post("/v1/calls/{sessionId}/cancel", this::cancel)
        .post("/v1/calls/{sessionId}/end", this::end)
        .get("/v1/events", this::events);
  }

  // ---- looking up

  /// For an operator all calls, for a user its own call log.
  private HttpResponse list(HttpRequest request) {
    String uid = emptyAsNull(Input.queryText(request, "uid"));
    if (callers.isOperator(request)) {
      callers.reader(request);
      Found found = page(request, uid, null);
      ObjectNode body = Json.object();
      body.set("data", logs.draw(found.calls(), CallLogs.Spelling.REST, null, clock.instant()));
      body.set("meta", Json.object().set("pagination", found.pagination()));
      return HttpResponse.json(200, body);
    }
    String caller = callers.user(request).uid();
    Found found = page(request, caller, uid);
    ObjectNode data = Json.object();
    data.set(
        "calls", logs.draw(found.calls(), CallLogs.Spelling.CALL_LOG, caller, clock.instant()));
    data.set("pagination", found.pagination());
    return HttpResponse.data(data);
  }

  private record Found(List<CallRecord> calls, ObjectNode pagination) {}

  /// @param uid somebody who was part of it
  /// @param other somebody else who was
  private Found page(HttpRequest request, @Nullable String uid, @Nullable String other) {
    int perPage =
        request.queryInteger(
            request.query("perPage") == null ? "per_page" : "perPage",
            1,
            Input.MAX_LIMIT,
            Input.DEFAULT_LIMIT);
    int page = request.queryInteger("page", 1, MAX_PAGE, 1);
    Filter filter = filter(request, uid, other);
    CallHistory.Page found =
        asksForWhatThereIsNot(request)
            ? new CallHistory.Page(0, List.of())
            : history.list(filter, (page - 1) * perPage, perPage);
    ObjectNode pagination =
        Json.object()
            .put("total", found.total())
            .put("count", found.calls().size())
            .put("per_page", perPage)
            .put("current_page", page)
            .put("total_pages", (found.total() + perPage - 1) / perPage);
    return new Found(found.calls(), pagination);
  }

  /// Only calls that ring exist here, and none is recorded or transcribed.
  private static boolean asksForWhatThereIsNot(HttpRequest request) {
    String mode = Input.queryOneOf(request, "mode", MODES);
    String category = Input.queryOneOf(request, "callCategory", List.of("call", "meet"));
    String recording = Input.queryOneOf(request, "hasRecording", BOOLEANS);
    String transcription = Input.queryOneOf(request, "hasTranscription", BOOLEANS);
    return "true".equals(recording)
        || "true".equals(transcription)
        || "meet".equals(category)
        || (mode != null && !mode.equals("call"));
  }

  private static Filter filter(HttpRequest request, @Nullable String uid, @Nullable String other) {
    String status = Input.queryOneOf(request, "status", STATUSES);
    String direction = Input.queryOneOf(request, "callDirection", List.of("incoming", "outgoing"));
    boolean isMissed = "missed".equals(status) && uid != null;
    int participants = request.queryInteger("participantsCount", 0, 100_000, -1);
    return new Filter(
        Input.queryOneOf(request, "type", TYPES),
        statuses(status, isMissed),
        Input.queryOneOf(request, "receiverType", RECEIVER_TYPES),
        uid,
        other,
        direction == null ? null : direction.equals("outgoing"),
        isMissed,
        emptyAsNull(Input.queryText(request, "guid")),
        Input.queryTime(request, "startedAt"),
        Input.queryTime(request, "endedAt"),
        participants < 0 ? null : participants);
  }

  private static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static List<CallStatus> statuses(@Nullable String status, boolean isMissed) {
    if (status == null || isMissed) {
      return List.of();
    }
    return switch (status) {
      case "canceled" -> List.of(CallStatus.CANCELLED);
      case "missed" -> List.of(CallStatus.UNANSWERED);
      default -> List.of(CallStatus.of(status));
    };
  }

  private HttpResponse find(HttpRequest request) {
    if (callers.isOperator(request)) {
      callers.reader(request);
      return answer(require(request), CallLogs.Spelling.REST, null);
    }
    String caller = callers.user(request).uid();
    CallRecord call = require(request);
    if (call.parts().stream().noneMatch(part -> part.uid().equals(caller))) {
      throw new ApiException(403, "ERR_CALL_NOT_A_PART", "The user is not a part of this call.");
    }
    return answer(call, CallLogs.Spelling.CALL_LOG, caller);
  }

  private HttpResponse answer(
      CallRecord call, CallLogs.Spelling spelling, @Nullable String seenBy) {
    return HttpResponse.data(
        Map.of("call", logs.draw(List.of(call), spelling, seenBy, clock.instant()).get(0)));
  }

  private CallRecord require(HttpRequest request) {
    return history
        .find(sessionId(request))
        .orElseThrow(
            () -> new ApiException(404, "ERR_CALL_SESSION_NOT_FOUND", "There is no such call."));
  }

  private static String sessionId(HttpRequest request) {
    String sessionId = request.parameter("sessionId");
    if (!SessionId.isValid(sessionId)) {
      throw new ApiException(404, "ERR_CALL_SESSION_NOT_FOUND", "There is no such call.");
    }
    return sessionId;
  }

  // ---- in a user's name

  /// Rings as if the user in `caller`, or in the header `onBehalfOf`, had called.
  private HttpResponse create(HttpRequest request) {
    callers.operator(request);
    ObjectNode fields = request.json();
    DeviceRequest.InitiateCall call = DeviceRequest.initiateCall(fields);
    String caller = onBehalfOf(request, fields, "caller");
    if (caller == null) {
      throw ApiException.badRequest("The field caller is missing.");
    }
    Input.requireUser(users, caller);
    limits.call(caller);
    log.info("call.on_behalf uid={} receiver={}", caller, call.receiverId());
    return HttpResponse.data(Map.of("call", calls.initiate(caller, null, call)));
  }

  private HttpResponse cancel(HttpRequest request) {
    callers.operator(request);
    RingCall call = calls.require(sessionId(request));
    return HttpResponse.data(
        Map.of(
            "call",
            calls.reject(call.initiator(), null, call.sessionId().value(), CallStatus.CANCELLED)));
  }

  /// Ends a call for a user, or for all when none is named.
  private HttpResponse end(HttpRequest request) {
    callers.operator(request);
    RingCall call = calls.require(sessionId(request));
    String sessionId = call.sessionId().value();
    String uid = onBehalfOf(request, request.json(), "uid");
    if (uid == null && call.receiverType() == ReceiverType.GROUP) {
      return HttpResponse.data(Map.of("call", endForAll(call)));
    }
    return HttpResponse.data(
        Map.of("call", calls.end(uid == null ? call.initiator() : uid, null, sessionId)));
  }

  private ObjectNode endForAll(RingCall call) {
    String sessionId = call.sessionId().value();
    ObjectNode last = null;
    for (String uid : call.engaged()) {
      try {
        last = calls.end(uid, null, sessionId);
      } catch (ApiException refusal) {
        // This one has left in the meantime. Nobody at all is told below.
        if (last == null && !refusal.code().equals("ERR_CALL_GROUP_ALREADY_LEFT")) {
          throw refusal;
        }
      }
    }
    // Over already: its own words.
    return last == null ? calls.end(call.initiator(), null, sessionId) : last;
  }

  private static @Nullable String onBehalfOf(HttpRequest request, ObjectNode fields, String field) {
    String named = Fields.optionalText(fields, field, Input.MAX_ID_CHARS);
    return named == null ? request.header("onBehalfOf") : named;
  }

  // ---- events

  private HttpResponse events(HttpRequest request) {
    callers.reader(request);
    Long after = Input.queryLong(request, "after", Long.MAX_VALUE - 1);
    int limit = request.queryInteger("limit", 1, MAX_EVENTS, Input.MAX_LIMIT);
    long from = after == null ? 0 : after;
    List<ActionRecord> found = history.actions(from, limit, clock.instant());
    ArrayNode events = Json.array();
    found.forEach(action -> events.add(shape(action)));
    ObjectNode data = Json.object();
    data.set("events", events);
    return HttpResponse.data(data.put("next", found.isEmpty() ? from : found.getLast().id()));
  }

  private static ObjectNode shape(ActionRecord action) {
    ObjectNode shape =
        Json.object()
            .put("id", action.id())
            .put("sessionId", action.sessionId())
            .put("version", action.seq())
            .put("status", action.status().word())
            .put("actor", action.actor())
            .put("sentAt", action.at().getEpochSecond())
            .put("type", action.type().word())
            .put("receiverType", action.receiverType().word())
            .put("callInitiator", action.initiator())
            .put("callReceiver", action.receiverId());
    if (action.joinedAt() != null) {
      shape.put("joinedAt", action.joinedAt().getEpochSecond());
    }
    return shape;
  }
}
