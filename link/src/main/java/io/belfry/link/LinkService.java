package io.belfry.link;

import io.belfry.common.id.SessionId;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.media.MediaNode;
import io.belfry.common.media.MediaUnavailableException;
import io.belfry.common.media.SessionSpec;
import io.belfry.link.v1.CloseReply;
import io.belfry.link.v1.CloseRequest;
import io.belfry.link.v1.MediaControlGrpc;
import io.belfry.link.v1.OpenReply;
import io.belfry.link.v1.OpenRequest;
import io.belfry.link.v1.Report;
import io.belfry.link.v1.Session;
import io.belfry.link.v1.Snapshot;
import io.belfry.link.v1.UseKeysReply;
import io.belfry.link.v1.UseKeysRequest;
import io.belfry.link.v1.WatchRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An SFU in this process, served.
final class LinkService extends MediaControlGrpc.MediaControlImplBase {
  private static final Logger log = LoggerFactory.getLogger(LinkService.class);

  /// A watcher that is this far behind starts over with a snapshot.
  private static final int MAX_REPORTS_WAITING = 10_000;

  private final MediaNode media;
  private final Consumer<String> keys;

  /// Keeps events and snapshots in one order. Nothing under it blocks.
  private final ReentrantLock lock = new ReentrantLock();

  private final Presence presence = new Presence();
  private final Set<SessionId> opened = new HashSet<>();
  private final List<Watcher> watchers = new ArrayList<>();

  private static final class Watcher {
    final ServerCallStreamObserver<Report> out;
    final ArrayDeque<Report> waiting = new ArrayDeque<>();

    Watcher(ServerCallStreamObserver<Report> out) {
      this.out = out;
    }

    /// @return false if it is over
    boolean send(Report report) {
      waiting.add(report);
      drain();
      if (waiting.size() > MAX_REPORTS_WAITING) {
        out.onError(Status.RESOURCE_EXHAUSTED.withDescription("too slow").asRuntimeException());
        return false;
      }
      return !out.isCancelled();
    }

    void drain() {
      while (out.isReady() && !waiting.isEmpty()) {
        out.onNext(waiting.poll());
      }
    }
  }

  LinkService(MediaNode media, Consumer<String> keys) {
    this.media = media;
    this.keys = keys;
    media.onEvent(this::onEvent);
  }

  private void onEvent(MediaEvent event) {
    lock.lock();
    try {
      presence.apply(event);
      if (event instanceof MediaEvent.SessionClosed closed) {
        opened.remove(closed.sessionId());
      }
      Report report = Wire.report(event);
      watchers.removeIf(watcher -> !watcher.send(report));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void useKeys(UseKeysRequest request, StreamObserver<UseKeysReply> answer) {
    try {
      keys.accept(request.getJwks());
      answer.onNext(UseKeysReply.getDefaultInstance());
      answer.onCompleted();
    } catch (IllegalArgumentException e) {
      answer.onError(Status.INVALID_ARGUMENT.withDescription("not a JWK set").asRuntimeException());
    }
  }

  @Override
  public void open(OpenRequest request, StreamObserver<OpenReply> answer) {
    SessionSpec spec;
    try {
      spec =
          new SessionSpec(
              new SessionId(request.getSessionId()),
              request.getAudioOnly(),
              request.getMaxParticipants());
    } catch (IllegalArgumentException e) {
      answer.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
      return;
    }
    try {
      media.open(spec);
    } catch (MediaUnavailableException e) {
      answer.onError(
          Status.RESOURCE_EXHAUSTED.withDescription(e.getMessage()).asRuntimeException());
      return;
    }
    lock.lock();
    try {
      opened.add(spec.sessionId());
    } finally {
      lock.unlock();
    }
    answer.onNext(OpenReply.getDefaultInstance());
    answer.onCompleted();
  }

  @Override
  public void close(CloseRequest request, StreamObserver<CloseReply> answer) {
    SessionId id;
    try {
      id = new SessionId(request.getSessionId());
    } catch (IllegalArgumentException e) {
      answer.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
      return;
    }
    lock.lock();
    try {
      opened.remove(id);
    } finally {
      lock.unlock();
    }
    media.close(id, Wire.reason(request));
    answer.onNext(CloseReply.getDefaultInstance());
    answer.onCompleted();
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<Report> answer) {
    ServerCallStreamObserver<Report> out = (ServerCallStreamObserver<Report>) answer;
    Watcher watcher = new Watcher(out);
    out.setOnReadyHandler(() -> {
      lock.lock();
      try {
        watcher.drain();
      } finally {
        lock.unlock();
      }
    });
    out.setOnCancelHandler(() -> {
      lock.lock();
      try {
        watchers.remove(watcher);
      } finally {
        lock.unlock();
      }
      log.info("link.signalling_gone");
    });
    lock.lock();
    try {
      if (watcher.send(snapshot())) {
        watchers.add(watcher);
      }
    } finally {
      lock.unlock();
    }
    log.info("link.signalling_connected");
  }

  private Report snapshot() {
    Snapshot.Builder snapshot = Snapshot.newBuilder();
    for (SessionId id : opened) {
      Session.Builder session = Session.newBuilder().setSessionId(id.value());
      presence.in(id).values().forEach(one -> session.addParticipants(Wire.participant(one)));
      snapshot.addSessions(session);
    }
    return Report.newBuilder().setSnapshot(snapshot).build();
  }
}
