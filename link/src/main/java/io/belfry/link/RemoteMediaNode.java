package io.belfry.link;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.CloseReason;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.media.MediaNode;
import io.belfry.common.media.MediaUnavailableException;
import io.belfry.common.media.SessionSpec;
import io.belfry.link.v1.MediaControlGrpc;
import io.belfry.link.v1.OpenRequest;
import io.belfry.link.v1.Participant;
import io.belfry.link.v1.Report;
import io.belfry.link.v1.Session;
import io.belfry.link.v1.Snapshot;
import io.belfry.link.v1.UseKeysRequest;
import io.belfry.link.v1.WatchRequest;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An SFU in another process.
///
/// It is watched over one stream. When that breaks it is taken up again, and what was missed is
/// made up for from the snapshot it begins with: sessions that are gone were lost by a restart and
/// are to be opened again, participants that are gone have left. An SFU that stays away for longer
/// than the settings allow has lost its sessions, as far as calls are concerned.
public final class RemoteMediaNode implements MediaNode, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RemoteMediaNode.class);

  private static final long REQUEST_TIMEOUT_SECONDS = 3;
  private static final long KEEP_ALIVE_SECONDS = 5;
  private static final Duration RETRY_MIN = Duration.ofMillis(100);
  private static final Duration RETRY_MAX = Duration.ofSeconds(2);
  private static final Duration LOST_CHECK = Duration.ofMillis(500);

  private final LinkSettings settings;
  private final Supplier<String> keys;
  private final InstantSource clock;
  private final ManagedChannel channel;
  private final MediaControlGrpc.MediaControlBlockingStub sfu;
  private final List<Consumer<MediaEvent>> receivers = new CopyOnWriteArrayList<>();

  /// Sessions that this node has opened and neither closed nor heard to be closed.
  private final Set<SessionId> opened = ConcurrentHashMap.newKeySet();

  /// Sessions that are being opened.
  private final Set<SessionId> opening = ConcurrentHashMap.newKeySet();

  /// Held while receivers are told, which may block.
  private final ReentrantLock telling = new ReentrantLock();

  private final Presence presence = new Presence();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("link-timer").factory());
  private final AtomicBoolean isStarted = new AtomicBoolean();
  private volatile boolean isClosed;
  private volatile @Nullable Instant awaySince;

  /// @param keys the JWK set of call tokens, asked for at each connection
  /// @throws IOException if the trusted certificate cannot be read
  public RemoteMediaNode(LinkSettings settings, Supplier<String> keys, InstantSource clock)
      throws IOException {
    this.settings = settings;
    this.keys = keys;
    this.clock = clock;
    ChannelCredentials credentials =
        settings.trustFile().isEmpty()
            ? InsecureChannelCredentials.create()
            : TlsChannelCredentials.newBuilder()
                .trustManager(settings.trustFile().get().toFile())
                .build();
    this.channel =
        Grpc.newChannelBuilderForAddress(settings.host(), settings.port(), credentials)
            .intercept(SecretCheck.show(settings.secret()))
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            .build();
    this.sfu = MediaControlGrpc.newBlockingStub(channel);
    this.awaySince = clock.instant();
  }

  /// Begins to watch the SFU, once the sessions that go on from before have been opened again.
  public void start() {
    if (isStarted.compareAndSet(false, true)) {
      Thread.ofVirtual().name("link-watch").start(this::watch);
      var _ =
          timer.scheduleWithFixedDelay(
              this::giveUpIfLost,
              LOST_CHECK.toMillis(),
              LOST_CHECK.toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void open(SessionSpec session) throws MediaUnavailableException {
    SessionId id = session.sessionId();
    opening.add(id);
    try {
      var _ =
          timely()
              .open(
                  OpenRequest.newBuilder()
                      .setSessionId(id.value())
                      .setAudioOnly(session.audioOnly())
                      .setMaxParticipants(session.maxParticipants())
                      .build());
      opened.add(id);
    } catch (StatusRuntimeException e) {
      throw new MediaUnavailableException("the SFU did not take the session: " + words(e), e);
    } finally {
      opening.remove(id);
    }
  }

  /// Returns at once. A session that cannot be closed now is closed when the SFU is back.
  @Override
  public void close(SessionId sessionId, CloseReason reason) {
    opened.remove(sessionId);
    var _ = Thread.ofVirtual().name("link-close").start(() -> closeNow(sessionId, reason));
  }

  private void closeNow(SessionId sessionId, CloseReason reason) {
    try {
      var _ = timely().close(Wire.close(sessionId, reason));
    } catch (StatusRuntimeException e) {
      log.info("link.close_failed session={} cause={}", sessionId, words(e));
    }
  }

  private MediaControlGrpc.MediaControlBlockingStub timely() {
    return sfu.withDeadlineAfter(REQUEST_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private static String words(StatusRuntimeException e) {
    String description = e.getStatus().getDescription();
    return e.getStatus().getCode() + (description == null ? "" : " " + description);
  }

  @Override
  public void onEvent(Consumer<MediaEvent> receiver) {
    receivers.add(receiver);
  }

  @Override
  public String sessionUrl() {
    return settings.sessionUrl();
  }

  /// Why the SFU takes no sessions now, in words, or null while it does.
  public @Nullable String problem() {
    return awaySince == null ? null : "the SFU cannot be reached";
  }

  // ---- watching

  private void watch() {
    Duration retry = RETRY_MIN;
    while (!isClosed) {
      try {
        Set<SessionId> before = Set.copyOf(opened);
        var _ = timely().useKeys(UseKeysRequest.newBuilder().setJwks(keys.get()).build());
        Iterator<Report> reports = sfu.watch(WatchRequest.getDefaultInstance());
        while (reports.hasNext()) {
          Report report = reports.next();
          if (report.hasSnapshot()) {
            retry = RETRY_MIN;
            awaySince = null;
            log.info("link.connected sfu={}:{}", settings.host(), settings.port());
            catchUp(report.getSnapshot(), before);
          } else if (report.hasEvent()) {
            Wire.event(report.getEvent(), clock.instant()).ifPresent(this::tell);
          }
        }
        goneAway("the stream ended");
      } catch (StatusRuntimeException e) {
        goneAway(words(e));
      }
      pause(retry);
      channel.resetConnectBackoff(); // gRPC's own pauses would grow far beyond these
      retry = retry.multipliedBy(2).compareTo(RETRY_MAX) > 0 ? RETRY_MAX : retry.multipliedBy(2);
    }
  }

  private void goneAway(String cause) {
    if (awaySince == null && !isClosed) {
      awaySince = clock.instant();
      log.warn("link.lost sfu={}:{} cause={}", settings.host(), settings.port(), cause);
    }
  }

  private void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      isClosed = true;
    }
  }

  /// @param before the sessions that were open before the SFU was asked
  private void catchUp(Snapshot snapshot, Set<SessionId> before) {
    Set<SessionId> there = new HashSet<>();
    Instant now = clock.instant();
    for (Session session : snapshot.getSessionsList()) {
      SessionId id = new SessionId(session.getSessionId());
      there.add(id);
      if (opened.contains(id) || opening.contains(id)) {
        catchUp(id, session.getParticipantsList(), now);
      } else {
        closeNow(id, CloseReason.of(CloseReason.UNKNOWN_CALL));
      }
    }
    for (SessionId id : before) {
      if (!there.contains(id) && opened.contains(id)) {
        log.info("link.session_forgotten session={}", id);
        tell(new MediaEvent.SessionForgotten(id, now));
      }
    }
  }

  private void catchUp(SessionId id, List<Participant> there, Instant now) {
    Map<ParticipantId, MediaEvent.Participant> known = knownIn(id);
    Set<ParticipantId> present = new HashSet<>();
    for (Participant each : there) {
      MediaEvent.Participant participant = Wire.participant(each);
      present.add(participant.participantId());
      if (!known.containsKey(participant.participantId())) {
        tell(new MediaEvent.UserJoined(id, participant, now));
      }
    }
    boolean hasAnyLeft = false;
    for (MediaEvent.Participant participant : known.values()) {
      if (!present.contains(participant.participantId())) {
        hasAnyLeft = true;
        tell(new MediaEvent.UserLeft(id, participant, "connection-lost", now));
      }
    }
    if (hasAnyLeft && present.isEmpty()) {
      tell(new MediaEvent.SessionEmptied(id, now));
    }
  }

  private Map<ParticipantId, MediaEvent.Participant> knownIn(SessionId id) {
    telling.lock();
    try {
      return presence.in(id);
    } finally {
      telling.unlock();
    }
  }

  private void tell(MediaEvent event) {
    telling.lock();
    try {
      presence.apply(event);
      if (event instanceof MediaEvent.SessionClosed closed) {
        opened.remove(closed.sessionId());
      }
      for (Consumer<MediaEvent> receiver : receivers) {
        try {
          receiver.accept(event);
        } catch (RuntimeException e) {
          log.error("link.receiver_failed event={}", event, e);
        }
      }
    } finally {
      telling.unlock();
    }
  }

  private void giveUpIfLost() {
    Instant since = awaySince;
    if (since == null || clock.instant().isBefore(since.plus(settings.lostAfter()))) {
      return;
    }
    for (SessionId id : Set.copyOf(opened)) {
      log.warn("link.session_lost session={}", id);
      tell(
          new MediaEvent.SessionClosed(
              id, CloseReason.of(CloseReason.MEDIA_LOST), clock.instant()));
    }
  }

  @Override
  public void close() {
    isClosed = true;
    timer.shutdownNow();
    channel.shutdownNow();
  }
}
