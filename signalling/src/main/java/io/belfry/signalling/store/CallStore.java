package io.belfry.signalling.store;

import io.belfry.signalling.ring.CallAction;
import io.belfry.signalling.ring.RingCall;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Calls. A call is changed by storing what the ring machine made of it, together with the action,
/// in one transaction and only if nobody else changed it since it was read.
public interface CallStore {

  /// A call as it was read.
  record Versioned(long version, RingCall call) {}

  /// An action with the message id it was given.
  record StoredAction(long id, CallAction action) {}

  /// What came of storing.
  sealed interface Outcome {

    /// @param action null if the change had none
    record Stored(long version, @Nullable StoredAction action) implements Outcome {}

    /// Somebody else changed the call first: read it again.
    record Conflict() implements Outcome {}

    /// A user who would be engaged by this change is so with another call.
    record UserBusy() implements Outcome {}

    /// The group has another call.
    record GroupBusy() implements Outcome {}
  }

  /// Stores a new call.
  Outcome create(RingCall call, CallAction action);

  /// Stores a change.
  ///
  /// @param from what the change was made from, as it was read
  Outcome update(Versioned from, RingCall next, @Nullable CallAction action);

  Optional<Versioned> find(String sessionId);

  /// The newest action of a call, as its parts were told.
  Optional<StoredAction> lastAction(String sessionId);

  /// Session ids of the calls that are not over.
  List<String> active();

  /// Session ids of the calls in which somebody still rings that should have stopped, or is still
  /// awaited in the session.
  ///
  /// @param ringBefore those whose ringing time was up before this
  /// @param joinBefore those where somebody accepted before this and has not come in
  List<String> overdue(Instant ringBefore, Instant joinBefore);

  /// Session ids of the calls that ring this user.
  List<String> ringing(String uid);

  /// The session that this user is busy with.
  Optional<String> engagedIn(String uid);
}
