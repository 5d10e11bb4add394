package io.belfry.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.CloseReason;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.media.MediaNode;
import io.belfry.common.media.MediaUnavailableException;
import io.belfry.common.media.SessionSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Both ends of the link over a real connection.
final class LinkTest {
  private static final String SECRET = "a secret of a test";
  private static final SessionId SESSION = new SessionId("v1.local.belfry.1");
  private static final SessionSpec SPEC = new SessionSpec(SESSION, true, 7);
  private static final MediaEvent.Participant ANNA =
      new MediaEvent.Participant(
          new ParticipantId("00000001"),
          "anna",
          true,
          false,
          Instant.ofEpochMilli(1_772_009_087_123L));

  /// An SFU that writes down what it is asked.
  private static final class Sfu implements MediaNode {
    final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
    final List<Consumer<MediaEvent>> receivers = new CopyOnWriteArrayList<>();
    volatile boolean isFull;
    volatile @Nullable CloseReason lastReason;

    @Override
    public void open(SessionSpec session) throws MediaUnavailableException {
      if (isFull) {
        throw new MediaUnavailableException("no room");
      }
      asked.add("open " + session);
    }

    @Override
    public void close(SessionId sessionId, CloseReason reason) {
      lastReason = reason;
      asked.add("close " + sessionId + " " + reason);
    }

    @Override
    public void onEvent(Consumer<MediaEvent> receiver) {
      receivers.add(receiver);
    }

    @Override
    public String sessionUrl() {
      return "";
    }

    void raise(MediaEvent event) {
      receivers.forEach(receiver -> receiver.accept(event));
    }

    String nextAsked() throws InterruptedException {
      String next = asked.poll(10, TimeUnit.SECONDS);
      assertNotNull(next, "nothing was asked");
      return next;
    }
  }

  private final LinkedBlockingQueue<String> keys = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<MediaEvent> told = new LinkedBlockingQueue<>();
  private Sfu sfu = new Sfu();
  private LinkServer server;
  private RemoteMediaNode remote;

  @BeforeEach
  void start() throws IOException {
    server = serve(0);
    remote = connect(SECRET, Duration.ofMinutes(5));
  }

  @AfterEach
  void stop() {
    remote.close();
    server.close();
  }

  private LinkServer serve(int port) throws IOException {
    return LinkServer.start("127.0.0.1", port, SECRET, Optional.empty(), sfu, keys::add);
  }

  private RemoteMediaNode connect(String secret, Duration lostAfter) throws IOException {
    RemoteMediaNode node =
        new RemoteMediaNode(
            new LinkSettings(
                "127.0.0.1", server.port(), secret, Optional.empty(), "ws://media/", lostAfter),
            () -> "the keys",
            InstantSource.system());
    node.onEvent(told::add);
    return node;
  }

  private MediaEvent nextTold() throws InterruptedException {
    MediaEvent next = told.poll(10, TimeUnit.SECONDS);
    assertNotNull(next, "nothing was told");
    return next;
  }

  private void raise(MediaEvent event) {
    sfu.raise(event);
  }

  @Test
  void opensAndCloses() throws Exception {
    remote.open(SPEC);
    assertEquals("open " + SPEC, sfu.nextAsked());
    CloseReason hungUp = new CloseReason("ended", new CloseReason.Person("ben", "Ben O."));
    remote.close(SESSION, hungUp);
    assertEquals("close " + SESSION + " ended by ben", sfu.nextAsked());
    assertEquals(hungUp, sfu.lastReason);
    remote.close(SESSION, CloseReason.of("empty"));
    assertEquals("close " + SESSION + " empty", sfu.nextAsked());
    assertEquals(CloseReason.of("empty"), sfu.lastReason);
  }

  @Test
  void saysWhyTheSfuTakesNoSession() {
    sfu.isFull = true;
    String why =
        assertThrows(MediaUnavailableException.class, () -> remote.open(SPEC)).getMessage();
    assertTrue(String.valueOf(why).contains("no room"), why);
  }

  @Test
  void isUnavailableWhenNobodyIsThere() {
    server.close();
    assertThrows(MediaUnavailableException.class, () -> remote.open(SPEC));
    assertNotNull(remote.problem());
  }

  @Test
  void letsNobodyInWithoutTheSecret() throws IOException {
    try (RemoteMediaNode stranger = connect("another secret", Duration.ofMinutes(5))) {
      String why =
          assertThrows(MediaUnavailableException.class, () -> stranger.open(SPEC)).getMessage();
      assertTrue(String.valueOf(why).contains("UNAUTHENTICATED"), why);
    }
    assertTrue(sfu.asked.isEmpty());
  }

  @Test
  void bringsTheKeysAndTellsEveryKindOfEventInOrder() throws Exception {
    remote.open(SPEC);
    remote.start();
    assertEquals("the keys", keys.poll(10, TimeUnit.SECONDS));
    Instant at = Instant.now();
    List<MediaEvent> events =
        List.of(
            new MediaEvent.UserJoined(SESSION, ANNA, at),
            new MediaEvent.UserMuteChanged(SESSION, ANNA, at),
            new MediaEvent.UserLeft(SESSION, ANNA, "left", at),
            new MediaEvent.SessionEmptied(SESSION, at),
            new MediaEvent.SessionClosed(SESSION, CloseReason.of("server-stopped"), at),
            new MediaEvent.SessionClosed(
                SESSION,
                new CloseReason("ended-by-host", new CloseReason.Person("ben", "Ben O.")),
                at));
    // The first one may come with the snapshot; the others are sent when it has arrived.
    raise(events.getFirst());
    assertEquals(withoutTime(events.getFirst()), withoutTime(nextTold()));
    for (MediaEvent event : events.subList(1, events.size())) {
      raise(event);
    }
    for (MediaEvent event : events.subList(1, events.size())) {
      assertEquals(withoutTime(event), withoutTime(nextTold()));
    }
  }

  /// Its time is when it arrived.
  private static String withoutTime(MediaEvent event) {
    return event.toString().replaceAll(", at=.*", "");
  }

  @Test
  void knowsWhoIsThereAfterTheSignallingNodeWasRestarted() throws Exception {
    remote.open(SPEC);
    remote.close();
    raise(new MediaEvent.UserJoined(SESSION, ANNA, Instant.now()));
    remote = connect(SECRET, Duration.ofMinutes(5));
    remote.open(SPEC);
    remote.start();
    assertEquals(ANNA, assertInstanceOf(MediaEvent.UserJoined.class, nextTold()).participant());
  }

  @Test
  void closesWhatTheSignallingNodeDoesNotKnow() throws Exception {
    remote.open(SPEC);
    sfu.nextAsked();
    remote.close();
    remote = connect(SECRET, Duration.ofMinutes(5));
    remote.start();
    assertEquals("close " + SESSION + " unknown-call", sfu.nextAsked());
  }

  @Test
  void tellsWhatWasMissedWhileTheConnectionWasBroken() throws Exception {
    remote.open(SPEC);
    remote.start();
    raise(new MediaEvent.UserJoined(SESSION, ANNA, Instant.now()));
    assertInstanceOf(MediaEvent.UserJoined.class, nextTold());
    int port = server.port();
    server.close();
    // A service of its own, with nothing in it: the SFU was restarted.
    sfu = new Sfu();
    server = serve(port);
    assertEquals(
        SESSION, assertInstanceOf(MediaEvent.SessionForgotten.class, nextTold()).sessionId());
    raise(new MediaEvent.UserJoined(SESSION, ANNA, Instant.now()));
    assertInstanceOf(MediaEvent.UserJoined.class, nextTold());
  }

  @Test
  void givesUpSessionsOfAnSfuThatStaysAway() throws Exception {
    remote.close();
    remote = connect(SECRET, Duration.ofMillis(1));
    remote.open(SPEC);
    remote.start();
    raise(new MediaEvent.UserJoined(SESSION, ANNA, Instant.now()));
    assertInstanceOf(MediaEvent.UserJoined.class, nextTold());
    server.close();
    assertEquals(
        CloseReason.of("media-lost"),
        assertInstanceOf(MediaEvent.SessionClosed.class, nextTold()).reason());
  }
}
