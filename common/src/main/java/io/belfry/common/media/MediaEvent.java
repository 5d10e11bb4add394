package io.belfry.common.media;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import java.time.Instant;

/// What an SFU tells the signalling node about a session.
public sealed interface MediaEvent {
  SessionId sessionId();

  Instant at();

  /// A participant joined: its token was accepted and the participants were told.
  record UserJoined(SessionId sessionId, Participant participant, Instant at)
      implements MediaEvent {}

  /// A participant is gone.
  ///
  /// @param reason `left`, `connection-lost`, `session-closed` or `replaced`
  record UserLeft(SessionId sessionId, Participant participant, String reason, Instant at)
      implements MediaEvent {}

  /// A participant muted or unmuted its microphone or camera; `participant` has the new state.
  record UserMuteChanged(SessionId sessionId, Participant participant, Instant at)
      implements MediaEvent {}

  /// The last participant left.
  record SessionEmptied(SessionId sessionId, Instant at) implements MediaEvent {}

  /// The session is over on this node, whoever closed it.
  record SessionClosed(SessionId sessionId, CloseReason reason, Instant at) implements MediaEvent {}

  /// The node was restarted and does not know the session: it has to be opened again, and nobody is
  /// in it until they come back.
  record SessionForgotten(SessionId sessionId, Instant at) implements MediaEvent {}

  /// A participant as the calling API shows it.
  record Participant(
      ParticipantId participantId,
      String uid,
      boolean isAudioMuted,
      boolean isVideoMuted,
      Instant joinedAt) {}
}
