package io.belfry.sfu.participant;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.CloseReason;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.media.SessionSpec;
import io.belfry.common.token.CallToken;
import io.belfry.http.ApiException;
import io.belfry.http.socket.CloseCode;
import io.belfry.http.socket.JsonSocket;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.sdp.LocalTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One session: its participants and what they publish and receive. Thread-safe by one lock, under
/// which nothing blocks.
public final class Session {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /// How often a participant that is away but heard is looked at again.
  private static final Duration AWAY_CHECK = Duration.ofSeconds(1);

  private final SessionSpec spec;
  private final Placement placement;
  private final Sessions sessions;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ParticipantId, Participant> participants = new LinkedHashMap<>();
  private boolean isClosed;
  private boolean isOpenedByToken;

  /// Counts how often the last participant left, so that a timer can tell whether it was since.
  private long emptyEpoch;

  private final HttpAccess http = new HttpAccess(this);

  Session(SessionSpec spec, Placement placement, Sessions sessions) {
    this.spec = spec;
    this.placement = placement;
    this.sessions = sessions;
  }

  public SessionId id() {
    return spec.sessionId();
  }

  /// Those who come over HTTP.
  public HttpAccess http() {
    return http;
  }

  /// Does something that others must not come between.
  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /// Lets a user in.
  ///
  /// @param formerId the id it had here before, which it gets if nobody else has it
  /// @throws ApiException `ERR_SESSION_NOT_FOUND` once it is closed, `ERR_SESSION_FULL`
  public Participant join(
      CallToken token,
      boolean isAudioMuted,
      boolean isVideoMuted,
      @Nullable ParticipantId formerId,
      JsonSocket socket) {
    lock.lock();
    try {
      requireOpen();
      dropAbandonedPlacesOf(token.uid());
      requirePlace();
      ParticipantId joinedId =
          formerId == null || participants.containsKey(formerId)
              ? sessions.newParticipantId()
              : formerId;
      Participant joined =
          newParticipant(joinedId, token, Access.SOCKET, isAudioMuted, isVideoMuted);
      joined.attach(socket, 0);
      admit(joined);
      return joined;
    } finally {
      lock.unlock();
    }
  }

  Participant newParticipant(
      ParticipantId participantId,
      CallToken token,
      Access access,
      boolean isAudioMuted,
      boolean isVideoMuted) {
    return new Participant(
        participantId,
        token,
        sessions.now(),
        sessions.newResumeKey(),
        isAudioMuted,
        isVideoMuted,
        access,
        this,
        sessions.limits());
  }

  void admit(Participant joined) {
    participants.put(joined.id(), joined);
    tellOthers(joined, "onUserJoined", Map.of("user", joined.view()));
    tellUserList();
    sessions.raise(new MediaEvent.UserJoined(id(), joined.asMediaParticipant(), sessions.now()));
    joined.downlink().refresh(tracksFor(joined));
    log.info(
        "joined session={} participant={} uid={} by={}",
        id(),
        joined.id(),
        joined.token().uid(),
        joined.access());
  }

  /// A participant whose socket broke comes back on a new one.
  ///
  /// @param lastSeq the last event it has
  /// @throws ApiException `ERR_SESSION_NOT_FOUND` if its place or the session is gone, or the key
  ///   is wrong: it then joins anew
  public Participant resume(
      ParticipantId participantId, String resumeKey, long lastSeq, JsonSocket socket) {
    lock.lock();
    try {
      requireOpen();
      Participant participant = participants.get(participantId);
      if (participant == null || !participant.hasResumeKey(resumeKey)) {
        throw new ApiException(
            404, "ERR_PARTICIPANT_NOT_FOUND", "The place in the session is gone; join anew.");
      }
      participant.attach(socket, lastSeq);
      log.info("resumed session={} participant={}", id(), participantId);
      return participant;
    } finally {
      lock.unlock();
    }
  }

  /// The participant's socket is gone. It has a while to come back before it counts as left, and
  /// longer if its media shows that it is there.
  public void onSocketClosed(Participant participant, JsonSocket socket) {
    lock.lock();
    try {
      if (isMember(participant) && participant.detach(socket)) {
        long epoch = participant.socketEpoch();
        sessions.after(sessions.limits().silentGrace(), () -> judgeAway(participant, epoch));
      }
    } finally {
      lock.unlock();
    }
  }

  private void judgeAway(Participant participant, long epoch) {
    lock.lock();
    try {
      if (!isMember(participant) || !participant.isAwaySince(epoch)) {
        return;
      }
      Duration away = Duration.between(participant.awaySince(), sessions.now());
      if (participant.isHeard() && away.compareTo(sessions.limits().resumeGrace()) < 0) {
        sessions.after(AWAY_CHECK, () -> judgeAway(participant, epoch));
      } else {
        remove(participant, "connection-lost");
      }
    } finally {
      lock.unlock();
    }
  }

  /// The participant leaves of its own will.
  public void leave(Participant participant) {
    lock.lock();
    try {
      if (isMember(participant)) {
        remove(participant, "left");
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes the client's offer for what it publishes.
  ///
  /// @param sources what each section is, by MID
  /// @return the answer's SDP
  public String publish(Participant participant, String offer, Map<String, TrackSource> sources) {
    lock.lock();
    try {
      requireMember(participant);
      if (!participant.token().mayPublish()) {
        throw new ApiException(
            403, "ERR_NOT_PERMITTED", "The call token does not allow publishing.");
      }
      String answer = participant.publication().answer(offer, sources);
      refreshOthers(participant);
      return answer;
    } finally {
      lock.unlock();
    }
  }

  /// Takes the client's answer to an offer of what it receives.
  ///
  /// @return false if a newer offer has superseded that one
  public boolean subscribeAnswer(Participant participant, long revision, String answer) {
    lock.lock();
    try {
      requireMember(participant);
      return participant.subscription().onAnswer(revision, answer);
    } finally {
      lock.unlock();
    }
  }

  /// Offers again, with new ICE credentials.
  public void restartSubscribe(Participant participant) {
    lock.lock();
    try {
      requireMember(participant);
      participant.subscription().restart();
    } finally {
      lock.unlock();
    }
  }

  /// @param isAudioMuted null leaves it as it is, as does null for video
  /// @param by who asked for it; null if it was the participant's own idea
  public void setMuted(
      Participant participant,
      @Nullable Boolean isAudioMuted,
      @Nullable Boolean isVideoMuted,
      @Nullable ParticipantId by) {
    lock.lock();
    try {
      requireMember(participant);
      if (!participant.setMuted(isAudioMuted, isVideoMuted)) {
        return;
      }
      Participant asked = by == null ? null : participants.get(by);
      tellOthers(
          participant,
          "onUserMuteChanged",
          asked == null
              ? Map.of("user", participant.view())
              : Map.of("user", participant.view(), "by", asked.view()));
      tellUserList();
      sessions.raise(
          new MediaEvent.UserMuteChanged(id(), participant.asMediaParticipant(), sessions.now()));
    } finally {
      lock.unlock();
    }
  }

  public void setHandRaised(Participant participant, boolean isRaised) {
    lock.lock();
    try {
      requireMember(participant);
      if (participant.setHandRaised(isRaised)) {
        tellOthers(participant, "onUserHandChanged", Map.of("user", participant.view()));
        tellUserList();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The host asks somebody to mute. Whoever is asked does it: nobody can be unmuted by others.
  ///
  /// @throws ApiException `ERR_NOT_PERMITTED` to everyone but the host
  public void askToMute(Participant participant, ParticipantId whom, boolean audio, boolean video) {
    lock.lock();
    try {
      requireHost(participant);
      requirePresent(whom)
          .tell(
              "onMuteRequested",
              Map.of("by", participant.view(), "isAudioMuted", audio, "isVideoMuted", video));
    } finally {
      lock.unlock();
    }
  }

  /// Hands a small message from one participant to another, or to all others.
  public void message(
      Participant participant, @Nullable ParticipantId to, String topic, Map<String, ?> content) {
    lock.lock();
    try {
      requireMember(participant);
      Map<String, Object> data =
          Map.of("from", participant.view(), "topic", topic, "content", content);
      if (to == null) {
        tellOthers(participant, "onMessage", data);
      } else {
        requirePresent(to).tell("onMessage", data);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Ends the session for everybody.
  ///
  /// @throws ApiException `ERR_NOT_PERMITTED` to everyone but the host
  public void closeForAll(Participant participant) {
    CloseReason.Person host;
    lock.lock();
    try {
      requireHost(participant);
      host = new CloseReason.Person(participant.token().uid(), participant.token().name());
    } finally {
      lock.unlock();
    }
    sessions.close(id(), new CloseReason(CloseReason.ENDED_BY_HOST, host));
  }

  public List<ParticipantView> users() {
    lock.lock();
    try {
      return views();
    } finally {
      lock.unlock();
    }
  }

  /// Takes what the media loop says of one of the session's transports.
  void onEvent(Participant participant, Event event) {
    lock.lock();
    try {
      if (!isMember(participant)) {
        return;
      }
      switch (event) {
        case Event.TransportConnected(long transportId) -> {
          participant.onTransportConnected(transportId);
          log.info(
              "connected session={} participant={} transport={}",
              id(),
              participant.id(),
              transportId);
        }
        case Event.TransportSilent(long transportId, boolean isSilent) ->
            participant.onTransportSilent(transportId, isSilent);
        case Event.ProducerStarted _ -> {
          // Receivers were offered the track when it was published.
        }
        case Event.TransportLost(long transportId, String reason) -> {
          log.info(
              "lost session={} participant={} transport={} reason={}",
              id(),
              participant.id(),
              transportId,
              reason);
          if (participant.access() == Access.SOCKET) {
            participant.onTransportLost(transportId);
            refreshOthers(participant);
          } else {
            remove(participant, "connection-lost");
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  void close(CloseReason reason) {
    lock.lock();
    try {
      if (isClosed) {
        return;
      }
      isClosed = true;
      for (Participant participant : List.copyOf(participants.values())) {
        participant.tell("onSessionClosed", reason.fields());
        participant.closeSocket(CloseCode.SESSION_CLOSED, reason.word());
        participants.remove(participant.id());
        participant.closeTransports();
        raiseLeft(participant, "session-closed");
      }
      placement.closeRoom();
      sessions.raise(new MediaEvent.SessionClosed(id(), reason, sessions.now()));
      log.info("closed session={} reason={}", id(), reason);
    } finally {
      lock.unlock();
    }
  }

  /// Who joins again while an earlier place of theirs waits for a broken socket takes that place.
  private void dropAbandonedPlacesOf(String uid) {
    for (Participant participant : List.copyOf(participants.values())) {
      if (participant.token().uid().equals(uid) && participant.isAway()) {
        remove(participant, "replaced");
      }
    }
  }

  void remove(Participant participant, String reason) {
    Map<String, Object> left = Map.of("user", participant.view(), "reason", reason);
    participants.remove(participant.id());
    participant.closeTransports();
    participant.closeSocket(CloseCode.DONE, reason);
    tellOthers(participant, "onUserLeft", left);
    tellUserList();
    refreshOthers(participant);
    raiseLeft(participant, reason);
    if (participants.isEmpty()) {
      sessions.raise(new MediaEvent.SessionEmptied(id(), sessions.now()));
      closeWhenEmptyFor(sessions.limits().emptyTimeout());
    }
    log.info("left session={} participant={} reason={}", id(), participant.id(), reason);
  }

  /// Of a session that a token opened: nobody else would ever close it.
  private void closeWhenEmptyFor(Duration timeout) {
    if (isOpenedByToken) {
      long epoch = ++emptyEpoch;
      sessions.after(timeout, () -> closeIfStillEmpty(epoch));
    }
  }

  private void closeIfStillEmpty(long epoch) {
    boolean isOver;
    lock.lock();
    try {
      isOver = isOpenedByToken && participants.isEmpty() && emptyEpoch == epoch;
    } finally {
      lock.unlock();
    }
    if (isOver) {
      sessions.close(id(), CloseReason.of(CloseReason.EMPTY));
    }
  }

  /// A token opened the session: it ends when nobody is in it for some time.
  void onOpenedByToken() {
    lock.lock();
    try {
      isOpenedByToken = true;
      closeWhenEmptyFor(sessions.limits().emptyTimeout());
    } finally {
      lock.unlock();
    }
  }

  /// Somebody carries the session out who will also close it.
  void onOpenedByCall() {
    lock.lock();
    try {
      isOpenedByToken = false;
    } finally {
      lock.unlock();
    }
  }

  private void raiseLeft(Participant participant, String reason) {
    sessions.raise(
        new MediaEvent.UserLeft(id(), participant.asMediaParticipant(), reason, sessions.now()));
  }

  void refreshOthers(Participant changed) {
    for (Participant participant : participants.values()) {
      if (participant != changed) {
        participant.downlink().refresh(tracksFor(participant));
      }
    }
  }

  /// What a participant is to receive: everything that the others publish.
  private List<PublishedTrack> tracksFor(Participant receiver) {
    List<PublishedTrack> tracks = new ArrayList<>();
    if (receiver.token().maySubscribe()) {
      for (Participant participant : participants.values()) {
        if (participant != receiver) {
          tracks.addAll(participant.publication().tracks());
        }
      }
    }
    return tracks;
  }

  private void tellOthers(Participant about, String type, Map<String, ?> data) {
    for (Participant participant : participants.values()) {
      if (participant != about) {
        participant.tell(type, data);
      }
    }
  }

  private void tellUserList() {
    if (participants.values().stream().noneMatch(each -> each.access() == Access.SOCKET)) {
      return;
    }
    Map<String, ?> data = Map.of("users", views());
    participants.values().forEach(participant -> participant.tell("onUserListUpdated", data));
  }

  private List<ParticipantView> views() {
    return participants.values().stream().map(Participant::view).toList();
  }

  boolean isMember(Participant participant) {
    return participants.get(participant.id()) == participant;
  }

  void requireOpen() {
    if (isClosed) {
      throw Sessions.notFound();
    }
  }

  void requirePlace() {
    if (participants.size() >= spec.maxParticipants()) {
      throw new ApiException(503, "ERR_SESSION_FULL", "The session has no free place.");
    }
    if (sessions.isOverloaded()) {
      throw new ApiException(503, "ERR_OVERLOADED", "The server is overloaded; try again.");
    }
  }

  void requireMember(Participant participant) {
    if (!isMember(participant)) {
      throw Sessions.notFound();
    }
  }

  /// The host is who has been in for the longest, of those who can ask for something; a reload that
  /// resumes does not change that.
  boolean isHost(Participant participant) {
    return participants.values().stream()
        .filter(one -> one.access() == Access.SOCKET)
        .findFirst()
        .filter(first -> first == participant)
        .isPresent();
  }

  private void requireHost(Participant participant) {
    requireMember(participant);
    if (!isHost(participant)) {
      throw new ApiException(403, "ERR_NOT_PERMITTED", "Only the host of the call can do this.");
    }
  }

  private Participant requirePresent(ParticipantId id) {
    Participant present = participants.get(id);
    if (present == null) {
      throw new ApiException(
          404, "ERR_PARTICIPANT_NOT_FOUND", "This participant is not in the session.");
    }
    return present;
  }

  // What publications and subscriptions need of the session.

  /// Those who are in, in the order of joining.
  Collection<Participant> members() {
    return participants.values();
  }

  /// On which media loops the room is.
  Placement placement() {
    return placement;
  }

  Sessions sessions() {
    return sessions;
  }

  /// Tells the media loop of a transport something about it.
  ///
  /// @throws ApiException `ERR_OVERLOADED` when the loop cannot take it
  void command(long transportId, Command command) {
    placement.command(transportId, command);
  }

  /// Begins a transport of a participant.
  ///
  /// @return its id
  /// @throws ApiException `ERR_OVERLOADED`; there is no transport then
  long openTransport(Participant participant, boolean isPublish, IceCredentials local) {
    long id = sessions.newId();
    sessions.register(id, participant);
    try {
      List<PublishedTrack> tracks = new ArrayList<>();
      participants.values().forEach(each -> tracks.addAll(each.publication().tracks()));
      placement.openTransport(id, isPublish, local, tracks);
    } catch (ApiException e) {
      sessions.unregister(id);
      throw e;
    }
    return id;
  }

  void closeTransport(long id) {
    Participant participant = sessions.unregister(id);
    if (participant != null) {
      participant.onTransportSilent(id, true);
    }
    placement.closeTransport(id);
  }

  /// How a publish transport of this session is reached, for SDP.
  LocalTransport publishTransport(IceCredentials local) {
    return sessions.localTransport(local, placement.publishPort());
  }

  /// How a transport that was begun is reached, for SDP.
  LocalTransport localTransport(IceCredentials local, long transportId) {
    return sessions.localTransport(local, placement.port(transportId));
  }

  int participantCount() {
    lock.lock();
    try {
      return participants.size();
    } finally {
      lock.unlock();
    }
  }
}
