package io.belfry.signalling.ring;

import java.time.Instant;

/// What the machine wants done about a change.
public sealed interface Effect {

  /// Open the media session. It comes before the change is stored: when it fails, nothing changed.
  record OpenSession() implements Effect {}

  record CloseSession() implements Effect {}

  /// Tell a user's devices.
  ///
  /// @param isExceptActing leave out the device that acted, which has its answer
  record Notify(String uid, CallEventType type, boolean isExceptActing) implements Effect {}

  /// Come back with {@link RingInput.RingTimeout} then.
  record AwaitAnswer(Instant until) implements Effect {}

  /// Come back with {@link RingInput.JoinTimeout} for this user after the time set for it.
  record AwaitJoin(String uid, Instant joinedAt) implements Effect {}
}
