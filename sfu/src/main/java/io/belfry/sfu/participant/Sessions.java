package io.belfry.sfu.participant;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.CloseReason;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.media.MediaNode;
import io.belfry.common.media.MediaUnavailableException;
import io.belfry.common.media.SessionSpec;
import io.belfry.common.token.CallToken;
import io.belfry.http.ApiException;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.sdp.LocalTransport;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All sessions of this SFU, and what they share: ids, time, timers, the way to the loops. Events
/// of the loops come in, events of the sessions go out, both in order.
public final class Sessions implements MediaNode, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  private final LoopLoads loops;
  private final SessionLimits limits;
  private final BiFunction<IceCredentials, Integer, LocalTransport> localTransport;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<SessionId, Session> sessions = new ConcurrentHashMap<>();
  private final Map<Long, Participant> byTransport = new ConcurrentHashMap<>();
  private final List<Consumer<MediaEvent>> receivers = new CopyOnWriteArrayList<>();
  private final AtomicLong nextId = new AtomicLong(1);

  /// Two queues, so that a slow receiver of events does not hold up the media events behind it.
  private final ExecutorService loopEvents = ordered("sfu-events-in");

  private final ExecutorService mediaEvents = ordered("sfu-events-out");
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sfu-timer").factory());

  /// @param localTransport makes the SDP facts of a transport from its credentials and port
  public Sessions(
      List<LoopPort> loops,
      SessionLimits limits,
      BiFunction<IceCredentials, Integer, LocalTransport> localTransport,
      InstantSource clock,
      SecureRandom random) {
    this.loops = new LoopLoads(loops);
    this.limits = limits;
    this.localTransport = localTransport;
    this.clock = clock;
    this.random = random;
  }

  private static ExecutorService ordered(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofVirtual().name(name).factory());
  }

  @Override
  public void open(SessionSpec spec) throws MediaUnavailableException {
    Session open = sessions.get(spec.sessionId());
    if (open != null) {
      open.onOpenedByCall();
      return;
    }
    if (sessions.size() >= limits.maxSessions()) {
      throw new MediaUnavailableException("the SFU has as many sessions as it may");
    }
    if (loops.isOverloaded()) {
      throw new MediaUnavailableException("the SFU does not keep up with the sessions it has");
    }
    long roomId = newId();
    int home = loops.leastLoaded((int) (roomId % loops.size()));
    Placement placement = new Placement(roomId, home, loops, limits.receiversBeforeSpread());
    Session session = new Session(spec, placement, this);
    if (sessions.putIfAbsent(spec.sessionId(), session) == null && !placement.openRoom()) {
      sessions.remove(spec.sessionId(), session);
      throw new MediaUnavailableException("the media loop is overloaded");
    }
  }

  @Override
  public void close(SessionId sessionId, CloseReason reason) {
    Session session = sessions.remove(sessionId);
    if (session != null) {
      session.close(reason);
    }
  }

  @Override
  public void onEvent(Consumer<MediaEvent> receiver) {
    receivers.add(receiver);
  }

  @Override
  public String sessionUrl() {
    return "/v1/session";
  }

  /// @throws ApiException `ERR_SESSION_NOT_FOUND`
  public Session get(SessionId id) {
    Session session = sessions.get(id);
    if (session == null) {
      throw notFound();
    }
    return session;
  }

  /// The session of a token, which it opens where it may.
  ///
  /// @throws ApiException `ERR_SESSION_NOT_FOUND`, `ERR_OVERLOADED`
  public Session enter(CallToken token) {
    if (token.mayOpen() && !sessions.containsKey(token.sessionId())) {
      try {
        open(new SessionSpec(token.sessionId(), false, limits.maxParticipants()));
      } catch (MediaUnavailableException e) {
        throw new ApiException(
            503, "ERR_OVERLOADED", "No session can be opened here: " + e.getMessage() + ".");
      }
      Session opened = get(token.sessionId());
      opened.onOpenedByToken();
      return opened;
    }
    return get(token.sessionId());
  }

  static ApiException notFound() {
    return new ApiException(
        404, "ERR_SESSION_NOT_FOUND", "The session is not open here: it ended, or never began.");
  }

  public int sessionCount() {
    return sessions.size();
  }

  public int participantCount() {
    return sessions.values().stream().mapToInt(Session::participantCount).sum();
  }

  /// Takes an event of a media loop. Never blocks.
  public void onLoopEvent(Event event) {
    loopEvents.execute(() -> {
      Participant participant = byTransport.get(event.transportId());
      if (participant != null) {
        participant.session().onEvent(participant, event);
      }
    });
  }

  /// Tells the signalling node. Never blocks.
  void raise(MediaEvent event) {
    mediaEvents.execute(() -> {
      for (Consumer<MediaEvent> receiver : receivers) {
        try {
          receiver.accept(event);
        } catch (RuntimeException e) {
          log.error("a receiver failed at {}", event, e);
        }
      }
    });
  }

  void after(Duration delay, Runnable task) {
    var _ =
        timer.schedule(
            () -> Thread.startVirtualThread(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  void register(long transportId, Participant participant) {
    byTransport.put(transportId, participant);
  }

  /// @return whose transport it was
  @Nullable Participant unregister(long transportId) {
    return byTransport.remove(transportId);
  }

  LocalTransport localTransport(IceCredentials local, int port) {
    return localTransport.apply(local, port);
  }

  /// Whether no media loop keeps up with what it has.
  boolean isOverloaded() {
    return loops.isOverloaded();
  }

  /// An id that no room, transport, producer or consumer of this node had before.
  long newId() {
    return nextId.getAndIncrement();
  }

  ParticipantId newParticipantId() {
    return ParticipantId.random(random);
  }

  String newResumeKey() {
    byte[] key = new byte[16];
    random.nextBytes(key);
    return HexFormat.of().formatHex(key);
  }

  SecureRandom random() {
    return random;
  }

  Instant now() {
    return clock.instant();
  }

  SessionLimits limits() {
    return limits;
  }

  /// Ends without a word about the sessions: that the node stops ends no call. Who was in one comes
  /// back to where it is opened again.
  @Override
  public void close() {
    timer.shutdownNow();
    loopEvents.close();
    mediaEvents.close();
  }
}
