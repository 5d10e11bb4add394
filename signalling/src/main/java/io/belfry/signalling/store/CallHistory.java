package io.belfry.signalling.store;

import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.Leg.LegState;
import io.belfry.signalling.ring.ReceiverType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Calls as they are looked up afterwards.
public interface CallHistory {

  /// A call, over or not.
  ///
  /// @param messageId of its first action
  /// @param answeredAt null if nobody did
  /// @param endedAt null while it is not over
  /// @param parts the caller's first
  record CallRecord(
      String sessionId,
      long messageId,
      ReceiverType receiverType,
      CallType type,
      String initiator,
      String receiverId,
      @Nullable String metadata,
      CallStatus status,
      Instant initiatedAt,
      @Nullable Instant answeredAt,
      @Nullable Instant endedAt,
      List<Part> parts) {}

  /// One user's part in a call.
  ///
  /// @param joinedAt the first time; null for who never joined
  /// @param leftAt the last time; null for who is in, or never was
  /// @param stays every time the user was in, in order; one that lasts has no end
  record Part(
      String uid,
      LegState state,
      @Nullable Instant joinedAt,
      @Nullable Instant leftAt,
      List<Stay> stays) {

    /// How long the user was in, all stays together.
    public Duration present(Instant now) {
      Duration sum = Duration.ZERO;
      for (Stay stay : stays) {
        Instant until = stay.leftAt() == null ? now : stay.leftAt();
        sum = sum.plus(Duration.between(stay.joinedAt(), until));
      }
      return sum;
    }
  }

  /// From joining to leaving.
  record Stay(Instant joinedAt, @Nullable Instant leftAt) {}

  /// Which calls; null and empty ask for nothing in particular.
  ///
  /// @param statuses any of these
  /// @param uid somebody who was part of it
  /// @param other somebody else who was
  /// @param isOutgoing whether that user began it; null for both
  /// @param isMissed only those that rang that user and were neither answered nor rejected
  /// @param guid the group that was called
  /// @param from begun then or later
  /// @param to over then or earlier
  /// @param participants how many joined
  record Filter(
      @Nullable String type,
      List<CallStatus> statuses,
      @Nullable String receiverType,
      @Nullable String uid,
      @Nullable String other,
      @Nullable Boolean isOutgoing,
      boolean isMissed,
      @Nullable String guid,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Integer participants) {}

  /// @param total how many there are on all pages
  record Page(long total, List<CallRecord> calls) {}

  /// The newest first.
  Page list(Filter filter, int offset, int limit);

  Optional<CallRecord> find(String sessionId);

  /// An action of any call.
  record ActionRecord(
      long id,
      String sessionId,
      long seq,
      String actor,
      CallStatus status,
      Instant at,
      @Nullable Instant joinedAt,
      ReceiverType receiverType,
      CallType type,
      String initiator,
      String receiverId) {}

  /// Actions of all calls by id, so far as nothing before them can still appear.
  ///
  /// @param after only those with greater ids
  /// @param now an id that was given out shortly before this may not be stored yet
  List<ActionRecord> actions(long after, int limit, Instant now);
}
