package io.belfry.signalling.ring;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One user's part in a call.
///
/// @param joinedAt when the user accepted, or was accepted in the caller's case
/// @param leftAt when the user was out again
public record Leg(LegState state, @Nullable Instant joinedAt, @Nullable Instant leftAt) {

  /// Where a user stands in a call.
  public enum LegState {
    /// Waits for somebody to answer: the caller.
    CALLING,
    /// Is being rung.
    RINGING,
    /// Answered, and is not in the media session yet.
    ACCEPTED,
    /// Is in the media session.
    IN_SESSION,
    LEFT,
    REJECTED,
    MISSED
  }

  static final Leg CALLING = new Leg(LegState.CALLING, null, null);
  static final Leg RINGING = new Leg(LegState.RINGING, null, null);

  /// Whether this call is the one the user is busy with.
  public boolean isEngaged() {
    return switch (state) {
      case CALLING, ACCEPTED, IN_SESSION -> true;
      case RINGING, LEFT, REJECTED, MISSED -> false;
    };
  }

  public boolean isRinging() {
    return state == LegState.RINGING;
  }

  Leg accepted(Instant at) {
    return new Leg(LegState.ACCEPTED, at, null);
  }

  Leg inSession() {
    return new Leg(LegState.IN_SESSION, joinedAt, null);
  }

  Leg left(Instant at) {
    return new Leg(LegState.LEFT, joinedAt, at);
  }

  Leg outside(LegState reason) {
    return new Leg(reason, joinedAt, leftAt);
  }

  /// After a restart nobody is in the session until the SFU says so again.
  Leg recovered() {
    return state == LegState.IN_SESSION ? new Leg(LegState.ACCEPTED, joinedAt, null) : this;
  }

  /// What becomes of it when the call is over.
  Leg over(Instant at) {
    return switch (state) {
      case RINGING -> outside(LegState.MISSED);
      case CALLING, ACCEPTED, IN_SESSION -> left(at);
      case LEFT, REJECTED, MISSED -> this;
    };
  }
}
