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

/// The rules of a call to a group: it rings every member, goes on while anyone is in it, and is
/// unanswered only if nobody joined. A member may join, leave and join again.
final class GroupRing {
  private GroupRing() {}

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
        if (call.leg(uid) == null) {
          yield Refusals.NOT_A_PART;
        }
        yield isCaller(call, uid) ? Refusals.CALLER_CANNOT_ACCEPT : acceptFirst(call, uid, at);
      }
      case RingInput.Reject(var uid, var status, var at) -> {
        if (call.leg(uid) == null) {
          yield Refusals.NOT_A_PART;
        }
        yield switch (status) {
          case CANCELLED -> isCaller(call, uid) ? cancel(call, at) : Refusals.CANCEL_IS_THE_CALLERS;
          case BUSY -> Refusals.GROUP_INVALID_STATUS;
          default -> isCaller(call, uid) ? Refusals.REJECT_IS_THE_CALLEES : reject(call, uid, at);
        };
      }
      case RingInput.End(var uid, _) ->
          call.leg(uid) == null ? Refusals.NOT_A_PART : Refusals.NOT_STARTED;
      case RingInput.RingTimeout(var at) when !at.isBefore(call.ringUntil()) ->
          unanswered(call, call.initiator(), at);
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
      case RingInput.Accept(var uid, var at) -> {
        Leg leg = call.leg(uid);
        if (leg == null) {
          yield Refusals.NOT_A_PART;
        }
        yield leg.isEngaged() ? Refusals.GROUP_ALREADY_JOINED : acceptLater(call, uid, at);
      }
      case RingInput.Reject(var uid, var status, var at) -> {
        Leg leg = call.leg(uid);
        if (leg == null) {
          yield Refusals.NOT_A_PART;
        }
        if (status == CallStatus.BUSY) {
          yield Refusals.GROUP_INVALID_STATUS;
        }
        yield status == CallStatus.REJECTED && leg.isRinging()
            ? reject(call, uid, at)
            : Refusals.ONGOING_TO_INVALID;
      }
      case RingInput.End(var uid, var at) -> {
        Leg leg = call.leg(uid);
        if (leg == null) {
          yield Refusals.NOT_A_PART;
        }
        yield switch (leg.state()) {
          case CALLING, ACCEPTED, IN_SESSION -> leave(call, uid, at, true);
          case LEFT -> Refusals.GROUP_ALREADY_LEFT;
          case RINGING, REJECTED, MISSED -> Refusals.NOT_A_PART;
        };
      }
      case RingInput.RingTimeout(var at)
          when !at.isBefore(call.ringUntil()) && !call.ringing().isEmpty() ->
          stopRinging(call, at);
      case RingInput.ParticipantJoined(var uid, _) when isAwaited(call, uid) ->
          new Step.Changed(call.with(uid, Leg::inSession), null, List.of());
      case RingInput.ParticipantLeft(var uid, var at) when isEngaged(call, uid) ->
          leave(call, uid, at, false);
      case RingInput.UserOffline(var uid, var at) when isAwaited(call, uid) ->
          leave(call, uid, at, false);
      case RingInput.JoinTimeout(var uid, var joinedAt, var at)
          when isAwaitedSince(call, uid, joinedAt) ->
          leave(call, uid, at, false);
      case RingInput.SessionEmptied(var at) -> emptied(call, at);
      case RingInput.SessionLost(var by, var at) ->
          endForAll(call, by != null && isEngaged(call, by) ? by : call.initiator(), at);
      case RingInput.RingTimeout _,
          RingInput.UserOffline _,
          RingInput.ParticipantJoined _,
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
    return call.leg(uid) == null ? Refusals.NOT_A_PART : Refusals.TERMINATED;
  }

  private static Step acceptFirst(RingCall call, String uid, Instant at) {
    RingCall next =
        call.with(uid, leg -> leg.accepted(at))
            .with(call.initiator(), leg -> leg.accepted(at))
            .with(new CallState.Ongoing(at));
    return new Step.Changed(
        next,
        new CallAction(uid, CallStatus.ONGOING, at, at),
        List.of(
            new Effect.OpenSession(),
            new Notify(call.initiator(), OUTGOING_CALL_ACCEPTED, false),
            new Notify(uid, INCOMING_CALL_CANCELLED, true),
            new Effect.AwaitJoin(call.initiator(), at),
            new Effect.AwaitJoin(uid, at)));
  }

  /// The caller heard of the first one; the others it sees come into the session.
  private static Step acceptLater(RingCall call, String uid, Instant at) {
    return new Step.Changed(
        call.with(uid, leg -> leg.accepted(at)),
        new CallAction(uid, CallStatus.ONGOING, at, at),
        List.of(
            new Effect.OpenSession(),
            new Notify(uid, INCOMING_CALL_CANCELLED, true),
            new Effect.AwaitJoin(uid, at)));
  }

  private static Step reject(RingCall call, String uid, Instant at) {
    RingCall next = call.with(uid, leg -> leg.outside(LegState.REJECTED));
    if (call.state() instanceof CallState.Initiated && next.ringing().isEmpty()) {
      // Nobody is left who could answer.
      return unanswered(next, uid, at);
    }
    return new Step.Changed(
        next,
        new CallAction(uid, CallStatus.REJECTED, at, null),
        List.of(new Notify(uid, INCOMING_CALL_CANCELLED, true)));
  }

  private static Step cancel(RingCall call, Instant at) {
    List<Effect> effects = new ArrayList<>();
    call.ringing().forEach(uid -> effects.add(new Notify(uid, INCOMING_CALL_CANCELLED, false)));
    return new Step.Changed(
        call.over(CallStatus.CANCELLED, at),
        new CallAction(call.initiator(), CallStatus.CANCELLED, at, null),
        effects);
  }

  /// @param last who rejected last, and has an answer of its own; the caller when time is up
  private static Step unanswered(RingCall call, String last, Instant at) {
    List<Effect> effects = new ArrayList<>();
    effects.add(new Notify(call.initiator(), OUTGOING_CALL_REJECTED, false));
    call.ringing().forEach(uid -> effects.add(new Notify(uid, INCOMING_CALL_CANCELLED, false)));
    if (!last.equals(call.initiator())) {
      effects.add(new Notify(last, INCOMING_CALL_CANCELLED, true));
    }
    return new Step.Changed(
        call.over(CallStatus.UNANSWERED, at),
        new CallAction(call.initiator(), CallStatus.UNANSWERED, at, null),
        effects);
  }

  /// The call goes on; those who have not answered have missed it, and may still join.
  private static Step stopRinging(RingCall call, Instant at) {
    List<Effect> effects = new ArrayList<>();
    call.ringing().forEach(uid -> effects.add(new Notify(uid, INCOMING_CALL_CANCELLED, false)));
    return new Step.Changed(
        call.withAll(leg -> leg.isRinging() ? leg.outside(LegState.MISSED) : leg),
        new CallAction(call.initiator(), CallStatus.UNANSWERED, at, null),
        effects);
  }

  /// One participant goes; with the last one the call ends, also for those it still rings.
  private static Step leave(RingCall call, String uid, Instant at, boolean isAsked) {
    Leg leg = call.legs().get(uid);
    CallAction action =
        new CallAction(uid, CallStatus.ENDED, at, leg == null ? null : leg.joinedAt());
    List<Effect> effects = new ArrayList<>();
    effects.add(new Notify(uid, CALL_ENDED, isAsked));
    RingCall next = call.with(uid, one -> one.left(at));
    if (!next.engaged().isEmpty()) {
      return new Step.Changed(next, action, effects);
    }
    next.ringing().forEach(rung -> effects.add(new Notify(rung, INCOMING_CALL_CANCELLED, false)));
    effects.add(new Effect.CloseSession());
    return new Step.Changed(next.over(CallStatus.ENDED, at), action, effects);
  }

  /// Nobody is in the session. Those on their way keep the call; everybody else has left it.
  private static Step emptied(RingCall call, Instant at) {
    boolean isAnyoneAwaited =
        call.legs().values().stream().anyMatch(leg -> leg.state() == LegState.ACCEPTED);
    return isAnyoneAwaited ? Refusals.UNCHANGED : endForAll(call, call.initiator(), at);
  }

  /// @param actor who is said to have ended it
  private static Step endForAll(RingCall call, String actor, Instant at) {
    List<Effect> effects = new ArrayList<>();
    call.engaged().forEach(uid -> effects.add(new Notify(uid, CALL_ENDED, false)));
    call.ringing().forEach(uid -> effects.add(new Notify(uid, INCOMING_CALL_CANCELLED, false)));
    effects.add(new Effect.CloseSession());
    return new Step.Changed(
        call.over(CallStatus.ENDED, at),
        new CallAction(actor, CallStatus.ENDED, at, null),
        effects);
  }

  private static Step recovered(RingCall call) {
    List<Effect> effects = new ArrayList<>(List.of(new Effect.OpenSession()));
    call.legs()
        .forEach((uid, leg) -> {
          if (leg.isEngaged() && leg.joinedAt() != null) {
            effects.add(new Effect.AwaitJoin(uid, leg.joinedAt()));
          }
        });
    if (!call.ringing().isEmpty()) {
      effects.add(new Effect.AwaitAnswer(call.ringUntil()));
    }
    return new Step.Changed(call.withAll(Leg::recovered), null, effects);
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

  private static boolean isEngaged(RingCall call, String uid) {
    Leg leg = call.leg(uid);
    return leg != null && leg.isEngaged();
  }
}
