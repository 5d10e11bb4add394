package io.belfry.link;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.MediaEvent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Who is in which session, as the events tell it. Either side of the link has one.
final class Presence {
  private final Map<SessionId, Map<ParticipantId, MediaEvent.Participant>> sessions =
      new HashMap<>();

  void apply(MediaEvent event) {
    switch (event) {
      case MediaEvent.UserJoined(var session, var participant, _) -> put(session, participant);
      case MediaEvent.UserMuteChanged(var session, var participant, _) -> put(session, participant);
      case MediaEvent.UserLeft(var session, var participant, _, _) ->
          sessions.computeIfPresent(
              session,
              (id, in) -> {
                in.remove(participant.participantId());
                return in.isEmpty() ? null : in;
              });
      case MediaEvent.SessionClosed(var session, _, _) -> sessions.remove(session);
      case MediaEvent.SessionForgotten(var session, _) -> sessions.remove(session);
      case MediaEvent.SessionEmptied _ -> {
        // Everybody has left one by one.
      }
    }
  }

  private void put(SessionId session, MediaEvent.Participant participant) {
    sessions
        .computeIfAbsent(session, id -> new LinkedHashMap<>())
        .put(participant.participantId(), participant);
  }

  Map<ParticipantId, MediaEvent.Participant> in(SessionId session) {
    return Map.copyOf(sessions.getOrDefault(session, Map.of()));
  }
}
