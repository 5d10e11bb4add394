package io.belfry.signalling;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.CloseReason;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.media.MediaNode;
import io.belfry.common.media.MediaUnavailableException;
import io.belfry.common.media.SessionSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An SFU without media. A call that no test asked for is a surprise, which {@link #verify}
/// reports.
public final class FakeMediaNode implements MediaNode {
  public final LinkedBlockingQueue<SessionSpec> opened = new LinkedBlockingQueue<>();
  public final LinkedBlockingQueue<SessionId> closed = new LinkedBlockingQueue<>();
  public final LinkedBlockingQueue<CloseReason> reasons = new LinkedBlockingQueue<>();
  private final List<String> surprises = Collections.synchronizedList(new ArrayList<>());
  private final Set<SessionId> open = Collections.synchronizedSet(new HashSet<>());
  private volatile @Nullable Consumer<MediaEvent> receiver;
  private volatile boolean isAvailable = true;
  private volatile int opensExpected;

  public FakeMediaNode expectOpens(int count) {
    opensExpected = count;
    return this;
  }

  public void setAvailable(boolean available) {
    isAvailable = available;
  }

  @Override
  public void open(SessionSpec session) throws MediaUnavailableException {
    if (!isAvailable) {
      throw new MediaUnavailableException("no room");
    }
    if (open.add(session.sessionId())) {
      opened.add(session);
      if (opened.size() > opensExpected) {
        surprises.add("open " + session);
      }
    }
  }

  @Override
  public void close(SessionId sessionId, CloseReason reason) {
    if (open.remove(sessionId)) {
      reasons.add(reason);
      closed.add(sessionId);
    } else {
      surprises.add("close " + sessionId + " " + reason);
    }
  }

  @Override
  public void onEvent(Consumer<MediaEvent> consumer) {
    if (receiver != null) {
      surprises.add("a second receiver");
    }
    receiver = consumer;
  }

  @Override
  public String sessionUrl() {
    return "/v1/session";
  }

  /// Forgets the receiver, as a restart of the signalling node does.
  public void forgetReceiver() {
    receiver = null;
  }

  public void raise(MediaEvent event) {
    Consumer<MediaEvent> to = receiver;
    if (to == null) {
      throw new AssertionError("nobody listens");
    }
    to.accept(event);
  }

  public static MediaEvent.Participant participant(String uid, int number) {
    return new MediaEvent.Participant(
        new ParticipantId(String.format("%08x", number)), uid, false, false, Instant.EPOCH);
  }

  public SessionId awaitClosed() throws InterruptedException {
    SessionId id = closed.poll(10, TimeUnit.SECONDS);
    if (id == null) {
      throw new AssertionError("no session was closed");
    }
    return id;
  }

  public void verify() {
    if (!surprises.isEmpty()) {
      throw new AssertionError("surprises: " + surprises);
    }
  }
}
