package io.belfry.signalling.ring;

import static io.belfry.signalling.ring.CallEventType.CALL_ENDED;
import static io.belfry.signalling.ring.CallEventType.INCOMING_CALL_CANCELLED;
import static io.belfry.signalling.ring.CallEventType.OUTGOING_CALL_ACCEPTED;
import static io.belfry.signalling.ring.CallEventType.OUTGOING_CALL_REJECTED;

import io.belfry.signalling.ring.Effect.Notify;
import io.belfry.signalling.ring.Leg.LegState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The rules of a call from one user to another.
final class UserRing {
  private UserRing() {}

  static Step step(RingCall call, RingInput input) {
    return switch (call.state()) {
      case CallState.Initiated _ -> initiated(call, input);
      case CallState.Ongoing _ -> ongoing(call, input);
      case CallState.Over _ -> over(call, input);
    };
  }

  private static Step initiated(RingCall call, RingInput input) {
    return switch (input) {
      case RingInput.Accept(var uid, var at) -> {
        if (!isPart(call, uid)) {
          yield Refusals.NOT_A_PART;
        }
        yield isCaller(call, uid) ? Refusals.CALLER_CANNOT_ACCEPT : accept(call, at);
      }
      case RingInput.Reject(var uid, var status, var at) -> {
        if (!isPart(call, uid)) {
          yield Refusals.NOT_A_PART;
        }
        if (status == CallStatus.CANCELLED) {
          yield isCaller(call, uid) ? cancel(call, at) : Refusals.CANCEL_IS_THE_CALLERS;
        }
        yield isCaller(call, uid) ? Refusals.REJECT_IS_THE_CALLEES : reject(call, status, at);
      }
      case RingInput.End(var uid, _) ->
          isPart(call, uid) ? Refusals.NOT_STARTED : Refusals.NOT_A_PART;
      case RingInput.RingTimeout(var at) when !at.isBefore(call.ringUntil()) ->
          unanswered(call, at);
      case RingInput.UserOffline(var uid, var at) when isCaller(call, uid) -> cancel(call, at);
      case RingInput.RingTimeout _,
          RingInput.UserOffline _,
          RingInput.ParticipantJoined _,
          RingInput.ParticipantLeft _,
          RingInput.JoinTimeout _,
          RingInput.SessionEmptied _,
          RingInput.SessionLost _ ->
          Refusals.UNCHANGED;
      case RingInput.Recovered _ ->
          new Step.Changed(call, null, List.of(new Effect.AwaitAnswer(call.ringUntil())));
    };
  }

  private static Step ongoing(RingCall call, RingInput input) {
    return switch (input) {
      case RingInput.Accept(var uid, _) ->
          isPart(call, uid) ? Refusals.USER_ALREADY_JOINED : Refusals.NOT_A_PART;
      case RingInput.Reject(var uid, _, _) ->
          isPart(call, uid) ? Refusals.ONGOING_TO_INVALID : Refusals.NOT_A_PART;
      case RingInput.End(var uid, var at) ->
          isPart(call, uid) ? end(call, uid, at, true) : Refusals.NOT_A_PART;
      case RingInput.ParticipantJoined(var uid, _) -> joined(call, uid);
      case RingInput.ParticipantLeft(var uid, var at) when isPart(call, uid) ->
          end(call, uid, at, false);
      // Who is in the session is judged by the session, not by the device socket.
      case RingInput.UserOffline(var uid, var at) when isAwaited(call, uid) ->
          end(call, uid, at, false);
      case RingInput.JoinTimeout(var uid, var joinedAt, var at)
          when isAwaitedSince(call, uid, joinedAt) ->
          end(call, uid, at, false);
      case RingInput.SessionEmptied(var at) -> emptied(call, at);
      case RingInput.SessionLost(var by, var at) ->
          end(call, by != null && isPart(call, by) ? by : call.initiator(), at, false);
      case RingInput.RingTimeout _,
          RingInput.UserOffline _,
          RingInput.ParticipantLeft _,
          RingInput.JoinTimeout _ ->
          Refusals.UNCHANGED;
      case RingInput.Recovered _ -> recovered(call);
    };
  }

  private static Step over(RingCall call, RingInput input) {
    return switch (input) {
      case RingInput.Accept(var uid, _) -> terminated(call, uid);
      case RingInput.Reject(var uid, _, _) -> terminated(call, uid);
      case RingInput.End(var uid, _) -> terminated(call, uid);
      case RingInput.RingTimeout _,
          RingInput.UserOffline _,
          RingInput.ParticipantJoined _,
          RingInput.ParticipantLeft _,
          RingInput.JoinTimeout _,
          RingInput.SessionEmptied _,
          RingInput.SessionLost _,
          RingInput.Recovered _ ->
          Refusals.UNCHANGED;
    };
  }

  private static Step terminated(RingCall call, String uid) {
    return isPart(call, uid) ? Refusals.TERMINATED : Refusals.NOT_A_PART;
  }

  private static Step accept(RingCall call, Instant at) {
    RingCall next = call.withAll(leg -> leg.accepted(at)).with(new CallState.Ongoing(at));
    return new Step.Changed(
        next,
        new CallAction(call.receiverId(), CallStatus.ONGOING, at, at),
        List.of(
            new Effect.OpenSession(),
            new Notify(call.initiator(), OUTGOING_CALL_ACCEPTED, false),
            new Notify(call.receiverId(), INCOMING_CALL_CANCELLED, true),
            new Effect.AwaitJoin(call.initiator(), at),
            new Effect.AwaitJoin(call.receiverId(), at)));
  }

  private static Step reject(RingCall call, CallStatus status, Instant at) {
    RingCall next =
        call.with(call.receiverId(), leg -> leg.outside(LegState.REJECTED)).over(status, at);
    return new Step.Changed(
        next,
        new CallAction(call.receiverId(), status, at, null),
        List.of(
            new Notify(call.initiator(), OUTGOING_CALL_REJECTED, false),
            new Notify(call.receiverId(), INCOMING_CALL_CANCELLED, true)));
  }

  private static Step cancel(RingCall call, Instant at) {
    return new Step.Changed(
        call.over(CallStatus.CANCELLED, at),
        new CallAction(call.initiator(), CallStatus.CANCELLED, at, null),
        List.of(new Notify(call.receiverId(), INCOMING_CALL_CANCELLED, false)));
  }

  private static Step unanswered(RingCall call, Instant at) {
    return new Step.Changed(
        call.over(CallStatus.UNANSWERED, at),
        new CallAction(call.initiator(), CallStatus.UNANSWERED, at, null),
        List.of(
            new Notify(call.initiator(), OUTGOING_CALL_REJECTED, false),
            new Notify(call.receiverId(), INCOMING_CALL_CANCELLED, false)));
  }

  /// @param isAsked whether the user said so; then the device that did has its answer
  private static Step end(RingCall call, String uid, Instant at, boolean isAsked) {
    Leg leg = Objects.requireNonNull(call.leg(uid));
    return new Step.Changed(
        call.over(CallStatus.ENDED, at),
        new CallAction(uid, CallStatus.ENDED, at, leg.joinedAt()),
        List.of(
            new Notify(call.counterpartOf(uid), CALL_ENDED, false),
            new Notify(uid, CALL_ENDED, isAsked),
            new Effect.CloseSession()));
  }

  private static Step joined(RingCall call, String uid) {
    return isAwaited(call, uid)
        ? new Step.Changed(call.with(uid, Leg::inSession), null, List.of())
        : Refusals.UNCHANGED;
  }

  /// With one still on the way it is not the end: the other may be reloading its page, and its own
  /// leaving is judged by {@link RingInput.ParticipantLeft}.
  private static Step emptied(RingCall call, Instant at) {
    return isAwaited(call, call.initiator()) || isAwaited(call, call.receiverId())
        ? Refusals.UNCHANGED
        : end(call, call.initiator(), at, false);
  }

  private static Step recovered(RingCall call) {
    List<Effect> effects = new ArrayList<>(List.of(new Effect.OpenSession()));
    call.legs()
        .forEach((uid, leg) -> {
          if (leg.isEngaged() && leg.joinedAt() != null) {
            effects.add(new Effect.AwaitJoin(uid, leg.joinedAt()));
          }
        });
    return new Step.Changed(call.withAll(Leg::recovered), null, effects);
  }

  private static boolean isPart(RingCall call, String uid) {
    return call.legs().containsKey(uid);
  }

  private static boolean isCaller(RingCall call, String uid) {
    return call.initiator().equals(uid);
  }

  private static boolean isAwaitedSince(RingCall call, String uid, Instant joinedAt) {
    Leg leg = call.leg(uid);
    return leg != null && leg.state() == LegState.ACCEPTED && joinedAt.equals(leg.joinedAt());
  }

  private static boolean isAwaited(RingCall call, String uid) {
    Leg leg = call.leg(uid);
    return leg != null && leg.state() == LegState.ACCEPTED;
  }
}
