package io.belfry.common.media;

import io.belfry.common.id.SessionId;

/// What the SFU needs to know of a session before anyone joins.
///
/// @param audioOnly whether the call began as an audio call; video may still be added later
/// @param maxParticipants how many may be in it at once, in [1, 10000]
public record SessionSpec(SessionId sessionId, boolean audioOnly, int maxParticipants) {
  public SessionSpec {
    if (maxParticipants < 1 || maxParticipants > 10_000) {
      throw new IllegalArgumentException("maxParticipants out of range: " + maxParticipants);
    }
  }
}
