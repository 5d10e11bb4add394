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
      case MediaEvent.SessionClosed(_, var reason, _) -> built.setClosed(closed(reason));
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
          Optional.of(new MediaEvent.SessionClosed(session, reason(event.getClosed()), at));
      case EVENT_NOT_SET -> Optional.empty();
    };
  }

  static CloseRequest close(SessionId session, CloseReason reason) {
    CloseRequest.Builder built =
        CloseRequest.newBuilder().setSessionId(session.value()).setReason(reason.word());
    if (reason.by() != null) {
      built.setBy(person(reason.by()));
    }
    return built.build();
  }

  static CloseReason reason(CloseRequest request) {
    return new CloseReason(request.getReason(), request.hasBy() ? person(request.getBy()) : null);
  }

  private static Closed closed(CloseReason reason) {
    Closed.Builder built = Closed.newBuilder().setReason(reason.word());
    if (reason.by() != null) {
      built.setBy(person(reason.by()));
    }
    return built.build();
  }

  private static CloseReason reason(Closed closed) {
    return new CloseReason(closed.getReason(), closed.hasBy() ? person(closed.getBy()) : null);
  }

  private static Person person(CloseReason.Person person) {
    return Person.newBuilder().setUid(person.uid()).setName(person.name()).build();
  }

  private static CloseReason.Person person(Person person) {
    return new CloseReason.Person(person.getUid(), person.getName());
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
