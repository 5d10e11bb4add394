package io.belfry.sfu.participant;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.token.CallToken;
import io.belfry.http.socket.CloseCode;
import io.belfry.http.socket.EventLog;
import io.belfry.http.socket.JsonSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One presence in a session: a user on one device. Everything but the getters of what never
/// changes is under the session's lock.
public final class Participant {
  private final ParticipantId id;
  private final CallToken token;
  private final Instant joinedAt;
  private final String resumeKey;
  private final Session session;
  private final EventLog events;
  private final Publication publication;
  private final Access access;
  private final Subscription subscription;
  private Downlink downlink;
  private boolean isAudioMuted;
  private boolean isVideoMuted;
  private boolean isHandRaised;
  private long socketEpoch;
  private Instant awaySince = Instant.EPOCH;

  /// Its transports from which something comes.
  private final Set<Long> heard = new HashSet<>();

  private boolean isConnected;

  Participant(
      ParticipantId id,
      CallToken token,
      Instant joinedAt,
      String resumeKey,
      boolean isAudioMuted,
      boolean isVideoMuted,
      Access access,
      Session session,
      SessionLimits limits) {
    this.id = id;
    this.token = token;
    this.joinedAt = joinedAt;
    this.resumeKey = resumeKey;
    this.isAudioMuted = isAudioMuted;
    this.isVideoMuted = isVideoMuted;
    this.session = session;
    this.events = new EventLog(limits.maxEventsKept(), 0);
    this.publication = new Publication(this, session, limits.maxTracksPerParticipant());
    this.access = access;
    this.subscription = new Subscription(this, session);
    this.downlink = access == Access.SOCKET ? subscription : Downlink.NONE;
  }

  public ParticipantId id() {
    return id;
  }

  public CallToken token() {
    return token;
  }

  public Instant joinedAt() {
    return joinedAt;
  }

  /// What this participant must show to take its place again on another socket.
  public String resumeKey() {
    return resumeKey;
  }

  public Session session() {
    return session;
  }

  /// The participant as the others see it.
  public ParticipantView view() {
    return new ParticipantView(
        id.value(),
        token.uid(),
        token.name(),
        token.avatar(),
        Long.toString(joinedAt.toEpochMilli()),
        isAudioMuted,
        isVideoMuted,
        isHandRaised,
        session.isHost(this));
  }

  MediaEvent.Participant asMediaParticipant() {
    return new MediaEvent.Participant(id, token.uid(), isAudioMuted, isVideoMuted, joinedAt);
  }

  boolean hasResumeKey(String candidate) {
    return MessageDigest.isEqual(
        resumeKey.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
  }

  /// @return whether something changed
  boolean setMuted(@Nullable Boolean audio, @Nullable Boolean video) {
    boolean before = isAudioMuted;
    boolean beforeVideo = isVideoMuted;
    isAudioMuted = audio == null ? isAudioMuted : audio;
    isVideoMuted = video == null ? isVideoMuted : video;
    return before != isAudioMuted || beforeVideo != isVideoMuted;
  }

  /// @return whether something changed
  boolean setHandRaised(boolean isRaised) {
    boolean changed = isHandRaised != isRaised;
    isHandRaised = isRaised;
    return changed;
  }

  /// From now on events go to this socket, once the answer to its greeting is out.
  void attach(JsonSocket socket, long lastSeq) {
    socketEpoch++;
    closeSocket(CloseCode.REPLACED, "another socket of this participant");
    socket.afterAnswer(() -> events.attach(socket, lastSeq));
  }

  /// @return whether it was the current socket
  boolean detach(JsonSocket socket) {
    boolean wasCurrent = events.detach(socket);
    if (wasCurrent) {
      socketEpoch++;
      awaySince = session.sessions().now();
    }
    return wasCurrent;
  }

  /// Counts the changes of the socket, so that a timer can tell whether it still is the same away.
  long socketEpoch() {
    return socketEpoch;
  }

  /// When its socket went, if it is away.
  Instant awaySince() {
    return awaySince;
  }

  boolean isAway() {
    return access == Access.SOCKET && events.socket() == null;
  }

  boolean isAwaySince(long epoch) {
    return isAway() && socketEpoch == epoch;
  }

  void closeSocket(int code, String reason) {
    JsonSocket socket = events.socket();
    if (socket != null) {
      events.detach(socket);
      socket.close(code, reason);
    }
  }

  void tell(String type, Map<String, ?> data) {
    if (access == Access.SOCKET) {
      events.append(type, data);
    }
  }

  public void acknowledge(long seq) {
    events.acknowledge(seq);
  }

  Publication publication() {
    return publication;
  }

  Access access() {
    return access;
  }

  /// Of a participant who came by a socket.
  Subscription subscription() {
    return subscription;
  }

  Downlink downlink() {
    return downlink;
  }

  void downlink(Downlink other) {
    downlink = other;
  }

  /// Whether media could flow at any time.
  boolean isConnected() {
    return isConnected;
  }

  void onTransportConnected(long transportId) {
    isConnected = true;
    heard.add(transportId);
  }

  void onTransportSilent(long transportId, boolean isSilent) {
    if (isSilent) {
      heard.remove(transportId);
    } else {
      heard.add(transportId);
    }
  }

  /// Whether media or connectivity checks come from it.
  boolean isHeard() {
    return !heard.isEmpty();
  }

  /// A transport has ended by itself. The client notices too, and publishes on another; what it
  /// receives is offered on another.
  void onTransportLost(long transportId) {
    heard.remove(transportId);
    publication.onTransportLost(transportId);
    downlink.onTransportLost(transportId);
  }

  void closeTransports() {
    publication.close();
    downlink.close();
  }
}
