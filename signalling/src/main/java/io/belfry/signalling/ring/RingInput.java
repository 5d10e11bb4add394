package io.belfry.signalling.ring;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What can happen to a call after it began.
public sealed interface RingInput {
  Instant at();

  record Accept(String uid, Instant at) implements RingInput {}

  /// @param status rejected, busy or cancelled
  record Reject(String uid, CallStatus status, Instant at) implements RingInput {
    public Reject {
      if (status != CallStatus.REJECTED
          && status != CallStatus.BUSY
          && status != CallStatus.CANCELLED) {
        throw new IllegalArgumentException("not a rejection: " + status);
      }
    }
  }

  record End(String uid, Instant at) implements RingInput {}

  /// It has rung for as long as it may; too early, it does nothing.
  record RingTimeout(Instant at) implements RingInput {}

  /// The user's last device has been away for longer than the grace period.
  record UserOffline(String uid, Instant at) implements RingInput {}

  /// The SFU has let the user in.
  record ParticipantJoined(String uid, Instant at) implements RingInput {}

  /// The user left the session, or its connection was lost, and did not come back.
  record ParticipantLeft(String uid, Instant at) implements RingInput {}

  /// The user's time to come into the session is up.
  ///
  /// @param joinedAt the leg's `joinedAt` that the time was set for; a later one has its own
  record JoinTimeout(String uid, Instant joinedAt, Instant at) implements RingInput {}

  /// The last participant left the session.
  record SessionEmptied(Instant at) implements RingInput {}

  /// The SFU has closed the session, or is gone with it: nobody can come into it any more.
  ///
  /// @param by the uid of the host who ended it for everybody, if one did
  record SessionLost(@Nullable String by, Instant at) implements RingInput {}

  /// The signalling node was restarted and has read the call from the store, or the SFU was and has
  /// forgotten the session.
  record Recovered(Instant at) implements RingInput {}
}
