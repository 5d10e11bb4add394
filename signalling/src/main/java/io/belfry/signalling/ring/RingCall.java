package io.belfry.signalling.ring;

import io.belfry.common.id.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A call from its first ring to its end, as one immutable value, and the machine that changes it.
///
/// @param metadata what the caller's app gave along, as JSON text
/// @param ringUntil when it stops ringing unanswered
/// @param legs by uid, the caller's first
public record RingCall(
    SessionId sessionId,
    ReceiverType receiverType,
    CallType type,
    String initiator,
    String receiverId,
    @Nullable String metadata,
    Instant initiatedAt,
    Instant ringUntil,
    CallState state,
    Map<String, Leg> legs) {

  public RingCall {
    legs = Collections.unmodifiableMap(new LinkedHashMap<>(legs));
  }

  /// A new call.
  ///
  /// @param called the uids to ring: the callee, or the group's other members
  public static Step.Changed initiate(
      SessionId sessionId,
      ReceiverType receiverType,
      CallType type,
      String initiator,
      String receiverId,
      Collection<String> called,
      @Nullable String metadata,
      Instant at,
      Instant ringUntil) {
    Map<String, Leg> legs = new LinkedHashMap<>();
    legs.put(initiator, Leg.CALLING);
    List<Effect> effects = new ArrayList<>();
    effects.add(new Effect.AwaitAnswer(ringUntil));
    for (String uid : called) {
      legs.put(uid, Leg.RINGING);
      effects.add(new Effect.Notify(uid, CallEventType.INCOMING_CALL_RECEIVED, false));
    }
    RingCall call =
        new RingCall(
            sessionId,
            receiverType,
            type,
            initiator,
            receiverId,
            metadata,
            at,
            ringUntil,
            new CallState.Initiated(),
            legs);
    return new Step.Changed(call, new CallAction(initiator, CallStatus.INITIATED, at, at), effects);
  }

  /// What an input makes of this call.
  public Step step(RingInput input) {
    return switch (receiverType) {
      case USER -> UserRing.step(this, input);
      case GROUP -> GroupRing.step(this, input);
    };
  }

  public CallStatus status() {
    return state.status();
  }

  public boolean isOver() {
    return state instanceof CallState.Over;
  }

  public @Nullable Leg leg(String uid) {
    return legs.get(uid);
  }

  /// Who is busy with this call; empty when it is over.
  public Set<String> engaged() {
    return uidsWhere(true, false);
  }

  /// Whom it rings.
  public Set<String> ringing() {
    return uidsWhere(false, true);
  }

  private Set<String> uidsWhere(boolean isEngaged, boolean isRinging) {
    Set<String> uids = new TreeSet<>();
    legs.forEach((uid, leg) -> {
      if ((isEngaged && leg.isEngaged()) || (isRinging && leg.isRinging())) {
        uids.add(uid);
      }
    });
    return uids;
  }

  /// `anna_user_ben` with the smaller uid first, or `group_<guid>`.
  public String conversationId() {
    return switch (receiverType) {
      case USER -> conversationOf(initiator, receiverId);
      case GROUP -> "group_" + receiverId;
    };
  }

  /// The conversation id of two users, whoever calls.
  public static String conversationOf(String one, String other) {
    return one.compareTo(other) <= 0 ? one + "_user_" + other : other + "_user_" + one;
  }

  /// The party that an action of this user is addressed to: the other user, or the group.
  public String counterpartOf(String actor) {
    return receiverType == ReceiverType.USER && actor.equals(receiverId) ? initiator : receiverId;
  }

  /// The same call with these legs.
  public RingCall withLegs(Map<String, Leg> others) {
    return with(state, others);
  }

  // ---- for the rules

  RingCall with(CallState next) {
    return with(next, legs);
  }

  RingCall with(String uid, UnaryOperator<Leg> change) {
    Map<String, Leg> changed = new LinkedHashMap<>(legs);
    changed.computeIfPresent(uid, (key, leg) -> change.apply(leg));
    return with(state, changed);
  }

  RingCall withAll(UnaryOperator<Leg> change) {
    Map<String, Leg> changed = new LinkedHashMap<>(legs);
    changed.replaceAll((uid, leg) -> change.apply(leg));
    return with(state, changed);
  }

  RingCall over(CallStatus outcome, Instant at) {
    return withAll(leg -> leg.over(at)).with(new CallState.Over(outcome, at));
  }

  private RingCall with(CallState next, Map<String, Leg> nextLegs) {
    return new RingCall(
        sessionId,
        receiverType,
        type,
        initiator,
        receiverId,
        metadata,
        initiatedAt,
        ringUntil,
        next,
        nextLegs);
  }
}
