package io.belfry.signalling.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.CloseReason;
import io.belfry.common.media.MediaNode;
import io.belfry.common.media.MediaUnavailableException;
import io.belfry.common.media.SessionSpec;
import io.belfry.config.SignallingConfig;
import io.belfry.http.ApiException;
import io.belfry.http.Json;
import io.belfry.signalling.presence.Device;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.DeviceRequest.InitiateCall;
import io.belfry.signalling.ring.CallAction;
import io.belfry.signalling.ring.CallEventType;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.Effect;
import io.belfry.signalling.ring.Leg;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.ring.RingInput;
import io.belfry.signalling.ring.Step;
import io.belfry.signalling.store.CallStore;
import io.belfry.signalling.store.CallStore.Outcome;
import io.belfry.signalling.store.CallStore.StoredAction;
import io.belfry.signalling.store.CallStore.Versioned;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import io.belfry.signalling.timer.Timers;
import io.prometheus.client.CollectorRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes, changes and ends calls. Thread-safe; every method blocks.
public final class CallService {
  private static final Logger log = LoggerFactory.getLogger(CallService.class);

  /// A change that loses this often against others is a defect, not bad luck.
  private static final int MAX_ATTEMPTS = 20;

  /// How late a timer may be before the sweep does its work.
  private static final Duration SWEEP_SLACK = Duration.ofSeconds(5);

  private final SignallingConfig config;
  private final CallStore calls;
  private final UserStore users;
  private final Devices devices;
  private final MediaNode media;
  private final JoinGrants grants;
  private final Timers timers;
  private final Clock clock;
  private final SessionIds sessionIds;
  private final CallViews views;
  private final CallMetrics metrics;
  private final Instant startedAt;
  private final CallLocks locks = new CallLocks();
  private final Map<String, Timers.Timer> ringTimers = new ConcurrentHashMap<>();
  private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();

  /// A change that was stored, before anybody was told.
  private record Changed(
      RingCall before, RingCall next, @Nullable StoredAction action, List<Effect> effects) {}

  /// @param region and appId part of session ids
  public CallService(
      SignallingConfig config,
      String region,
      String appId,
      CallStore calls,
      UserStore users,
      Devices devices,
      MediaNode media,
      JoinGrants grants,
      Timers timers,
      Clock clock,
      RandomGenerator random,
      CollectorRegistry registry) {
    this.config = config;
    this.calls = calls;
    this.users = users;
    this.devices = devices;
    this.media = media;
    this.grants = grants;
    this.timers = timers;
    this.clock = clock;
    this.startedAt = clock.instant();
    this.sessionIds = new SessionIds(region, appId, random);
    this.views = new CallViews(users, devices);
    this.metrics = new CallMetrics(registry);
  }

  // ---- requests of users; each returns the call as the answer shows it

  /// Places a call, or answers the one that the receiver is placing to the caller at this moment.
  ///
  /// @throws ApiException as in docs/protocol.md §3, "The ring"
  public ObjectNode initiate(Device device, InitiateCall request) {
    return initiate(device.uid(), device, request);
  }

  /// @param acting the user's device that asks; null when the operator does for the user
  public ObjectNode initiate(String caller, @Nullable Device acting, InitiateCall request) {
    List<String> called = receivers(caller, request);
    Duration ringTime = ringTime(request.timeoutSeconds());
    if (request.receiverType() == ReceiverType.GROUP) {
      return place(caller, acting, request, called, ringTime);
    }
    // Two who call each other at once: the second to come here must see the call of the first.
    ObjectNode view =
        locks.holding(
            RingCall.conversationOf(caller, request.receiverId()),
            () ->
                meet(caller, acting, request)
                    .orElseGet(() -> place(caller, acting, request, called, ringTime)));
    if (config.serverAnswersBusy()) {
      answerBusy(view.get("sessionId").textValue(), request.receiverId());
    }
    return view;
  }

  private ObjectNode place(
      String caller,
      @Nullable Device acting,
      InitiateCall request,
      List<String> called,
      Duration ringTime) {
    Instant now = now();
    SessionId sessionId = sessionIds.next(now);
    Step.Changed begun =
        RingCall.initiate(
            sessionId,
            request.receiverType(),
            request.callType(),
            caller,
            request.receiverId(),
            called,
            request.metadata(),
            now,
            now.plus(ringTime));
    return locks.holding(
        sessionId.value(),
        () -> {
          CallAction action = Objects.requireNonNull(begun.action());
          StoredAction stored =
              Objects.requireNonNull(stored(calls.create(begun.next(), action)).action());
          metrics.found(CallStatus.INITIATED);
          log.info(
              "call.initiated session={} caller={} receiver={} type={}",
              sessionId,
              caller,
              request.receiverId(),
              request.callType().word());
          ObjectNode shown = views.call(begun.next(), stored);
          perform(begun.next(), shown, begun.effects(), acting);
          changed(null, begun.next());
          return shown;
        });
  }

  /// The receiver rings the caller already: both want to talk, so it is an acceptance. The device
  /// hears what a callee's device hears when the ringing stops, and what a caller's device waits
  /// for (docs/decisions/0009).
  private Optional<ObjectNode> meet(String caller, @Nullable Device device, InitiateCall request) {
    for (String sessionId : calls.ringing(caller)) {
      Optional<RingCall> theirs =
          calls.find(sessionId).map(Versioned::call).filter(call -> isFrom(call, request));
      if (theirs.isEmpty()) {
        continue;
      }
      // Nor can an operator accept: there is no device that would join.
      if (device == null
          || (theirs.get().type() == CallType.VIDEO && request.callType() == CallType.AUDIO)) {
        throw new ApiException(
            409,
            "ERR_CALL_BUSY_USER",
            "The receiver is calling this user at this moment: accept or reject that.");
      }
      try {
        ObjectNode view = accept(device, sessionId);
        ObjectNode data = Json.object().set("call", view);
        device.tell(CallEventType.INCOMING_CALL_CANCELLED, sessionId, data);
        device.tell(
            CallEventType.OUTGOING_CALL_ACCEPTED,
            sessionId,
            withGrant(data.deepCopy(), sessionId, caller));
        return Optional.of(view);
      } catch (ApiException e) {
        if (!e.code().equals("ERR_CALL_TERMINATED")) {
          throw e;
        }
        // It was over in the meantime.
      }
    }
    return Optional.empty();
  }

  private static boolean isFrom(RingCall call, InitiateCall request) {
    return call.status() == CallStatus.INITIATED
        && call.receiverType() == ReceiverType.USER
        && call.initiator().equals(request.receiverId());
  }

  public ObjectNode accept(Device device, String sessionId) {
    long startedNanos = System.nanoTime();
    Changed changed = require(sessionId, new RingInput.Accept(device.uid(), now()), device);
    metrics.accepted(System.nanoTime() - startedNanos);
    return views.call(changed.next, Objects.requireNonNull(changed.action));
  }

  /// Accepts, and gives the right to join with the call: asking for it would be another round trip
  /// before the first sound.
  ///
  /// @return `{call, grant}`
  public ObjectNode acceptAndGrant(Device device, String sessionId) {
    ObjectNode data = Json.object().set("call", accept(device, sessionId));
    return withGrant(data, sessionId, device.uid());
  }

  private ObjectNode withGrant(ObjectNode data, String sessionId, String uid) {
    users
        .findUser(uid)
        .ifPresent(user -> data.set("grant", grants.grant(new SessionId(sessionId), user)));
    return data;
  }

  public ObjectNode reject(Device device, String sessionId, CallStatus status) {
    return reject(device.uid(), device, sessionId, status);
  }

  /// @param acting the user's device that asks; null when the operator does for the user
  public ObjectNode reject(
      String uid, @Nullable Device acting, String sessionId, CallStatus status) {
    Changed changed = require(sessionId, new RingInput.Reject(uid, status, now()), acting);
    return views.call(changed.next, Objects.requireNonNull(changed.action));
  }

  public ObjectNode end(Device device, String sessionId) {
    return end(device.uid(), device, sessionId);
  }

  /// @param acting the user's device that asks; null when the operator does for the user
  public ObjectNode end(String uid, @Nullable Device acting, String sessionId) {
    Changed changed = require(sessionId, new RingInput.End(uid, now()), acting);
    return views.endAnswer(changed.next, Objects.requireNonNull(changed.action));
  }

  /// The call this user is busy with, as it was last told.
  public Optional<ObjectNode> activeCall(String uid) {
    return calls.engagedIn(uid).flatMap(calls::find).flatMap(this::lastView);
  }

  /// Tells a device that has connected about the calls that ring its user.
  public void ring(Device device) {
    for (String sessionId : calls.ringing(device.uid())) {
      locks.holding(
          sessionId,
          () -> {
            // Read again under the lock: it may just have been cancelled.
            calls
                .find(sessionId)
                .filter(found -> isRinging(found.call(), device.uid()))
                .flatMap(this::lastView)
                .ifPresent(view ->
                    device.tell(
                        CallEventType.INCOMING_CALL_RECEIVED,
                        sessionId,
                        Json.object().set("call", view)));
            return true;
          });
    }
  }

  /// The call whose session a user may join now.
  ///
  /// @throws ApiException if there is none, or the user is not in it
  public RingCall requireJoinable(String sessionId, String uid) {
    RingCall call = calls.find(sessionId).orElseThrow(CallService::notFound).call();
    Leg leg = call.leg(uid);
    if (leg == null) {
      throw new ApiException(403, "ERR_CALL_NOT_A_PART", "The user is not a part of this call.");
    }
    return switch (call.status()) {
      case INITIATED ->
          throw new ApiException(
              409, "ERR_CALL_NOT_STARTED", "The call has not been accepted yet.");
      case ONGOING -> {
        if (!leg.isEngaged()) {
          throw new ApiException(
              409, "ERR_CALL_NOT_STARTED", "The user has to accept the call before joining it.");
        }
        yield call;
      }
      case REJECTED, BUSY, CANCELLED, UNANSWERED, ENDED ->
          throw new ApiException(409, "ERR_CALL_TERMINATED", "The call is already over.");
    };
  }

  /// The call as it stands.
  ///
  /// @throws ApiException 404 if there is none
  public RingCall require(String sessionId) {
    return calls.find(sessionId).orElseThrow(CallService::notFound).call();
  }

  /// Takes a user out of every call that it is in or that rings it.
  public void leaveAll(String uid) {
    calls
        .engagedIn(uid)
        .ifPresent(sessionId -> {
          propose(sessionId, new RingInput.Reject(uid, CallStatus.CANCELLED, now()));
          propose(sessionId, new RingInput.End(uid, now()));
        });
    for (String sessionId : calls.ringing(uid)) {
      propose(sessionId, new RingInput.Reject(uid, CallStatus.REJECTED, now()));
    }
  }

  // ---- proposals of time and the SFU; one that comes to nothing is no error

  /// Applies an input to a call, if there is such a call and the input means something to it.
  void propose(String sessionId, RingInput input) {
    try {
      apply(sessionId, input, null);
    } catch (ApiException e) {
      log.debug("call.proposal_refused session={} code={}", sessionId, e.code());
    }
  }

  /// The user's last device has been away for longer than the grace period.
  public void onUserOffline(String uid) {
    calls
        .engagedIn(uid)
        .ifPresent(sessionId -> propose(sessionId, new RingInput.UserOffline(uid, now())));
  }

  /// Takes the calls of the last run up again. Before the first device connects.
  public void recover() {
    for (String sessionId : calls.active()) {
      Optional<Versioned> found = calls.find(sessionId);
      if (found.isEmpty()) {
        continue;
      }
      RingCall call = found.get().call();
      metrics.found(call.status());
      log.info("call.recovered session={} status={}", sessionId, call.status().word());
      if (call.status() == CallStatus.INITIATED) {
        call.engaged().forEach(devices::expect);
      }
      // Who is in an ongoing call comes back into its session, or the join time-out ends it: a
      // device that was told nothing may look for the server at longer intervals than the grace.
      propose(sessionId, new RingInput.Recovered(now()));
    }
  }

  /// Ends what a timer should have ended and did not, because something failed when it was set or
  /// when it fired: nothing may ring for ever.
  public void sweep() {
    Instant now = now();
    Instant ringBefore = now.minus(SWEEP_SLACK);
    // Who was in before a restart has the time to come in again.
    Instant joinBefore = ringBefore.minus(config.joinTimeout());
    boolean isJoinJudged = joinBefore.isAfter(startedAt);
    for (String sessionId : calls.overdue(ringBefore, isJoinJudged ? joinBefore : Instant.EPOCH)) {
      log.warn("call.overdue session={}", sessionId);
      propose(sessionId, new RingInput.RingTimeout(now));
      Map<String, Leg> legs =
          calls.find(sessionId).map(found -> found.call().legs()).orElse(Map.of());
      legs.forEach((uid, leg) -> {
        Instant joinedAt = leg.joinedAt();
        if (isJoinJudged && joinedAt != null && joinedAt.isBefore(joinBefore)) {
          propose(sessionId, new RingInput.JoinTimeout(uid, joinedAt, now));
        }
      });
    }
  }

  /// Hears of every change that was stored, in the order of each call's changes. While it does, the
  /// call waits, so it must not block.
  public interface ChangeListener {
    /// @param before null for a new call
    void onChanged(@Nullable RingCall before, RingCall next);
  }

  public void addListener(ChangeListener listener) {
    listeners.add(listener);
  }

  private void changed(@Nullable RingCall before, RingCall next) {
    for (ChangeListener listener : listeners) {
      listener.onChanged(before, next);
    }
  }

  // ---- how a change is made

  private Changed require(String sessionId, RingInput input, @Nullable Device acting) {
    return apply(sessionId, input, acting)
        .orElseThrow(() -> new IllegalStateException("no answer to " + input));
  }

  /// @param acting the device that asked, if one did
  private Optional<Changed> apply(String sessionId, RingInput input, @Nullable Device acting) {
    Optional<Changed> changed =
        locks.holding(
            sessionId,
            () -> {
              Optional<Changed> made = change(sessionId, input);
              made.ifPresent(one -> {
                ObjectNode view = one.action == null ? null : views.call(one.next, one.action);
                perform(one.next, view, one.effects, acting);
                changed(one.before, one.next);
              });
              return made;
            });
    // Outside of the lock: the SFU's answer to it may be events about this very call.
    changed
        .filter(one -> one.effects.stream().anyMatch(Effect.CloseSession.class::isInstance))
        .ifPresent(one -> media.close(one.next.sessionId(), closeReason(input, acting)));
    return changed;
  }

  /// @param acting without one, an operator ended it
  private CloseReason closeReason(RingInput input, @Nullable Device acting) {
    return switch (input) {
      case RingInput.End(var uid, _) ->
          acting == null
              ? CloseReason.of(CloseReason.ENDED_BY_OPERATOR)
              : new CloseReason(CloseReason.ENDED, person(uid));
      case RingInput.ParticipantLeft(var uid, _) -> gone(uid);
      case RingInput.UserOffline(var uid, _) -> gone(uid);
      case RingInput.JoinTimeout(var uid, _, _) -> gone(uid);
      default -> CloseReason.of(CloseReason.EMPTY);
    };
  }

  private CloseReason gone(String uid) {
    return new CloseReason(CloseReason.PARTICIPANT_GONE, person(uid));
  }

  private CloseReason.Person person(String uid) {
    return new CloseReason.Person(uid, users.findUser(uid).map(User::name).orElse(uid));
  }

  private Optional<Changed> change(String sessionId, RingInput input) {
    boolean isSessionOpened = false;
    try {
      for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        Versioned found = calls.find(sessionId).orElseThrow(CallService::notFound);
        requirePlace(found.call(), input);
        switch (found.call().step(input)) {
          case Step.Unchanged _ -> {
            return Optional.empty();
          }
          case Step.Refused(var code, var message) -> throw new ApiException(409, code, message);
          case Step.Changed(var next, var action, var effects) -> {
            if (!isSessionOpened && effects.contains(new Effect.OpenSession())) {
              open(found, next, input);
              isSessionOpened = true;
            }
            Outcome outcome = calls.update(found, next, action);
            if (outcome instanceof Outcome.Conflict) {
              metrics.conflict();
              continue;
            }
            StoredAction stored = stored(outcome).action();
            isSessionOpened = false; // it has a call now
            metrics.changed(found.call(), next, input.at());
            logChange(next, stored);
            return Optional.of(new Changed(found.call(), next, stored, effects));
          }
        }
      }
      throw new IllegalStateException("call " + sessionId + " never stood still");
    } finally {
      if (isSessionOpened && calls.find(sessionId).filter(this::isOngoing).isEmpty()) {
        media.close(new SessionId(sessionId), CloseReason.of(CloseReason.NOT_ACCEPTED));
      }
    }
  }

  /// The SFU would not let one more in.
  private void requirePlace(RingCall call, RingInput input) {
    if (input instanceof RingInput.Accept(var uid, _)
        && call.status() == CallStatus.ONGOING
        && call.receiverType() == ReceiverType.GROUP
        && call.legs().containsKey(uid)
        && !call.engaged().contains(uid)
        && call.engaged().size() >= config.maxParticipants()) {
      throw new ApiException(
          409,
          "ERR_SESSION_FULL",
          "The call has as many participants as it may: " + config.maxParticipants() + ".");
    }
  }

  private boolean isOngoing(Versioned found) {
    return found.call().status() == CallStatus.ONGOING;
  }

  private void open(Versioned found, RingCall call, RingInput input) {
    try {
      media.open(
          new SessionSpec(
              call.sessionId(), call.type() == CallType.AUDIO, config.maxParticipants()));
    } catch (MediaUnavailableException e) {
      log.warn("call.media_unavailable session={} cause={}", call.sessionId(), e.getMessage());
      if (input instanceof RingInput.Recovered) {
        return; // its participants cannot come back, and the join time-out ends it
      }
      ApiException refusal =
          new ApiException(
              503, "ERR_MEDIA_UNAVAILABLE", "No media server takes the call now. Try again.");
      if (found.call().status() == CallStatus.INITIATED) {
        tellError(found, refusal);
      }
      throw refusal;
    }
  }

  /// The caller, too, is to know why nobody answers. The call rings on.
  private void tellError(Versioned found, ApiException refusal) {
    lastView(found)
        .ifPresent(view -> {
          ObjectNode data = Json.object().set("call", view);
          data.set("error", refusal.toJson());
          String sessionId = found.call().sessionId().value();
          devices.tell(found.call().initiator(), CallEventType.CALL_ERROR, sessionId, data, null);
        });
  }

  private static Outcome.Stored stored(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Stored stored -> stored;
      case Outcome.UserBusy _ ->
          throw new ApiException(409, "ERR_CALL_BUSY_SELF", "The user is in another call.");
      case Outcome.GroupBusy _ ->
          throw new ApiException(409, "ERR_CALL_BUSY_GROUP", "The group has a call already.");
      case Outcome.Conflict _ -> throw new IllegalStateException("a new call had a past");
    };
  }

  private static void logChange(RingCall next, @Nullable StoredAction stored) {
    if (stored != null) {
      log.info(
          "call.{} session={} actor={} status={} id={}",
          stored.action().status().word(),
          next.sessionId(),
          stored.action().actor(),
          next.status().word(),
          stored.id());
    }
  }

  /// Does what the machine wants, in its order, while the call's lock is held.
  private void perform(
      RingCall call, @Nullable ObjectNode view, List<Effect> effects, @Nullable Device acting) {
    String sessionId = call.sessionId().value();
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Notify(var uid, var type, var isExceptActing) -> {
          if (view != null) {
            ObjectNode data = Json.object().set("call", view);
            if (type == CallEventType.OUTGOING_CALL_ACCEPTED) {
              withGrant(data, sessionId, uid);
            }
            devices.tell(uid, type, sessionId, data, isExceptActing ? acting : null);
          }
        }
        case Effect.AwaitAnswer(var until) ->
            ringTimers.put(
                sessionId,
                timers.after(
                    Duration.between(now(), until),
                    () -> propose(sessionId, new RingInput.RingTimeout(now()))));
        case Effect.AwaitJoin(var uid, var joinedAt) -> {
          var _ =
              timers.after(
                  config.joinTimeout(),
                  () -> propose(sessionId, new RingInput.JoinTimeout(uid, joinedAt, now())));
        }
        case Effect.OpenSession _, Effect.CloseSession _ -> {
          // Done before the change was stored, and after the lock is released.
        }
      }
    }
    if (call.isOver() || call.ringing().isEmpty()) {
      Timers.Timer waiting = ringTimers.remove(sessionId);
      if (waiting != null) {
        waiting.cancel();
      }
    }
  }

  private void answerBusy(String sessionId, String callee) {
    if (calls.engagedIn(callee).filter(other -> !other.equals(sessionId)).isPresent()) {
      propose(sessionId, new RingInput.Reject(callee, CallStatus.BUSY, now()));
    }
  }

  // ---- helpers

  private List<String> receivers(String caller, InitiateCall request) {
    String receiver = request.receiverId();
    return switch (request.receiverType()) {
      case USER -> {
        if (receiver.equals(caller)) {
          throw new ApiException(409, "ERR_CALLING_SELF", "A user cannot call themselves.");
        }
        if (users.findUser(receiver).isEmpty()) {
          throw new ApiException(404, "ERR_UID_NOT_FOUND", "There is no such user.");
        }
        yield List.of(receiver);
      }
      case GROUP -> {
        if (users.findGroup(receiver).isEmpty()) {
          throw new ApiException(404, "ERR_GUID_NOT_FOUND", "There is no such group.");
        }
        List<String> members = users.membersOf(receiver);
        if (!members.contains(caller)) {
          throw new ApiException(403, "ERR_NOT_A_MEMBER", "Only members of the group can call it.");
        }
        yield members.stream().filter(uid -> !uid.equals(caller)).toList();
      }
    };
  }

  private Duration ringTime(@Nullable Long seconds) {
    if (seconds == null) {
      return config.ringTimeout();
    }
    Duration asked = Duration.ofSeconds(seconds);
    if (asked.compareTo(config.ringTimeoutMin()) < 0
        || asked.compareTo(config.ringTimeoutMax()) > 0) {
      throw ApiException.badRequest(
          "The field timeoutSeconds must be in ["
              + config.ringTimeoutMin().toSeconds()
              + ", "
              + config.ringTimeoutMax().toSeconds()
              + "].");
    }
    return asked;
  }

  private Optional<ObjectNode> lastView(Versioned found) {
    return calls
        .lastAction(found.call().sessionId().value())
        .map(action -> views.call(found.call(), action));
  }

  private static boolean isRinging(RingCall call, String uid) {
    Leg leg = call.leg(uid);
    return leg != null && leg.isRinging() && !call.isOver();
  }

  private static ApiException notFound() {
    return new ApiException(404, "ERR_CALL_SESSION_NOT_FOUND", "There is no such call.");
  }

  /// The store keeps milliseconds; what is decided here must be what is read there.
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
