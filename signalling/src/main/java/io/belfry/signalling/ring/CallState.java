package io.belfry.signalling.ring;

import java.time.Instant;

/// Where a call as a whole stands.
public sealed interface CallState {

  /// It rings.
  record Initiated() implements CallState {}

  /// Somebody accepted.
  record Ongoing(Instant since) implements CallState {}

  /// It is over; nothing changes it any more.
  ///
  /// @param outcome rejected, busy, cancelled, unanswered or ended
  record Over(CallStatus outcome, Instant at) implements CallState {
    public Over {
      if (outcome == CallStatus.INITIATED || outcome == CallStatus.ONGOING) {
        throw new IllegalArgumentException("not an outcome: " + outcome);
      }
    }
  }

  default CallStatus status() {
    return switch (this) {
      case Initiated _ -> CallStatus.INITIATED;
      case Ongoing _ -> CallStatus.ONGOING;
      case Over(var outcome, _) -> outcome;
    };
  }
}
