package io.belfry.link;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.CloseReason;
import io.belfry.common.media.MediaEvent;
import io.belfry.link.v1.CloseRequest;
import io.belfry.link.v1.Closed;
import io.belfry.link.v1.Emptied;
import io.belfry.link.v1.Event;
import io.belfry.link.v1.Left;
import io.belfry.link.v1.Participant;
import io.belfry.link.v1.Person;
import io.belfry.link.v1.Report;
import java.time.Instant;
import java.util.Optional;

/// Media events and reasons as messages and back.
final class Wire {
  private Wire() {}

  static Report report(MediaEvent event) {
    Event.Builder built = Event.newBuilder().setSessionId(event.sessionId().value());
    switch (event) {
      case MediaEvent.UserJoined(_, var participant, _) ->
          built.setJoined(participant(participant));
      case MediaEvent.UserLeft(_, var participant, var reason, _) ->
          built.setLeft(
              Left.newBuilder().setParticipant(participant(participant)).setReason(reason));
      case MediaEvent.UserMuteChanged(_, var participant, _) ->
          built.setMuteChanged(participant(participant));
      case MediaEvent.SessionEmptied _ -> built.setEmptied(Emptied.getDefaultInstance());
      case MediaEvent.SessionClosed(_, var reason, _) ->
          built.setClosed(Closed.newBuilder().setReason(reason));
      case MediaEvent.SessionForgotten _ ->
          throw new IllegalArgumentException("no SFU knows what it has forgotten: " + event);
    }
    return Report.newBuilder().setEvent(built).build();
  }

  /// @param at when it arrived: the SFU's clock may be another
  /// @return empty for an event of a kind that is not known here
  static Optional<MediaEvent> event(Event event, Instant at) {
    SessionId session = new SessionId(event.getSessionId());
    return switch (event.getEventCase()) {
      case JOINED ->
          Optional.of(new MediaEvent.UserJoined(session, participant(event.getJoined()), at));
      case LEFT ->
          Optional.of(
              new MediaEvent.UserLeft(
                  session,
                  participant(event.getLeft().getParticipant()),
                  event.getLeft().getReason(),
                  at));
      case MUTE_CHANGED ->
          Optional.of(
              new MediaEvent.UserMuteChanged(session, participant(event.getMuteChanged()), at));
      case EMPTIED -> Optional.of(new MediaEvent.SessionEmptied(session, at));
      case CLOSED ->
          Optional.of(new MediaEvent.SessionClosed(session, event.getClosed().getReason(), at));
      case EVENT_NOT_SET -> Optional.empty();
    };
  }

  static CloseRequest close(SessionId session, CloseReason reason) {
    CloseRequest.Builder built =
        CloseRequest.newBuilder().setSessionId(session.value()).setReason(reason.word());
    CloseReason.Person by = reason.by();
    if (by != null) {
      built.setBy(Person.newBuilder().setUid(by.uid()).setName(by.name()));
    }
    return built.build();
  }

  static CloseReason reason(CloseRequest request) {
    Person by = request.getBy();
    return new CloseReason(
        request.getReason(),
        request.hasBy() ? new CloseReason.Person(by.getUid(), by.getName()) : null);
  }

  static Participant participant(MediaEvent.Participant participant) {
    return Participant.newBuilder()
        .setParticipantId(participant.participantId().value())
        .setUid(participant.uid())
        .setAudioMuted(participant.isAudioMuted())
        .setVideoMuted(participant.isVideoMuted())
        .setJoinedAtMs(participant.joinedAt().toEpochMilli())
        .build();
  }

  static MediaEvent.Participant participant(Participant participant) {
    return new MediaEvent.Participant(
        new ParticipantId(participant.getParticipantId()),
        participant.getUid(),
        participant.getAudioMuted(),
        participant.getVideoMuted(),
        Instant.ofEpochMilli(participant.getJoinedAtMs()));
  }
}
