package io.belfry.sfu.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.media.MediaUnavailableException;
import io.belfry.common.media.SessionSpec;
import io.belfry.common.token.CallToken;
import io.belfry.http.ApiException;
import io.belfry.http.socket.CloseCode;
import io.belfry.http.socket.JsonSocket;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.sdp.Candidate;
import io.belfry.sfu.sdp.Fingerprint;
import io.belfry.sfu.sdp.LocalTransport;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SessionTest {
  /// Keeps what was sent to one participant.
  private static final class Socket implements JsonSocket {
    final List<String> sent = new ArrayList<>();
    int closedWith;

    @Override
    public void send(Object frame) {
      sent.add(frame.toString());
    }

    @Override
    public void close(int code, String reason) {
      closedWith = code;
    }

    @Override
    public void afterAnswer(Runnable task) {
      task.run();
    }

    @Override
    public void greeted() {}

    @Override
    public InetSocketAddress remoteAddress() {
      return new InetSocketAddress(0);
    }

    long count(String text) {
      return sent.stream().filter(frame -> frame.contains(text)).count();
    }
  }

  private static final SessionId ID = new SessionId("session");

  private final Sessions sessions =
      new Sessions(
          List.of(
              new LoopPort() {
                @Override
                public boolean offer(Command command) {
                  return true;
                }

                @Override
                public boolean isOverloaded() {
                  return false;
                }

                @Override
                public int localPort() {
                  return 40_000;
                }
              }),
          new SessionLimits(
              1,
              10,
              4,
              100,
              1,
              Duration.ofSeconds(30),
              Duration.ofSeconds(7),
              Duration.ofSeconds(60)),
          (local, port) ->
              new LocalTransport(
                  local.usernameFragment(),
                  local.password(),
                  new Fingerprint("sha-256", "AA" + ":BB".repeat(31)),
                  List.of(Candidate.udp("203.0.113.7", port))),
          InstantSource.fixed(Instant.EPOCH),
          new SecureRandom());
  private final Socket annasSocket = new Socket();
  private final Socket bensSocket = new Socket();
  private Session session;
  private Participant anna;
  private Participant ben;

  @BeforeEach
  void join() throws MediaUnavailableException {
    sessions.open(new SessionSpec(ID, false, 10));
    session = sessions.get(ID);
    anna = session.join(token("anna"), false, false, null, annasSocket);
    ben = session.join(token("ben"), false, false, null, bensSocket);
  }

  @AfterEach
  void close() {
    sessions.close();
  }

  private static CallToken token(String uid) {
    return new CallToken(ID, uid, uid, null, true, true, Instant.MAX);
  }

  private static String refusal(Executable action) {
    return assertThrows(ApiException.class, action).code();
  }

  @Test
  void whoCameFirstIsTheHostAndTheNextOneAfterThem() {
    assertTrue(anna.view().isHost());
    assertFalse(ben.view().isHost());
    session.leave(anna);
    assertTrue(ben.view().isHost());
  }

  @Test
  void aRaisedHandIsSeenOnceByTheOthersAndByWhoComesLater() {
    session.setHandRaised(ben, true);
    session.setHandRaised(ben, true);
    assertEquals(1, annasSocket.count("onUserHandChanged"));
    assertEquals(0, bensSocket.count("onUserHandChanged"));
    assertTrue(session.users().get(1).isHandRaised());
  }

  @Test
  void onlyTheHostAsksToMute() {
    session.askToMute(anna, ben.id(), true, false);
    assertEquals(1, bensSocket.count("onMuteRequested"));
    assertFalse(ben.view().isAudioMuted(), "whoever is asked does it themselves");
    assertEquals(
        "ERR_NOT_PERMITTED", refusal(() -> session.askToMute(ben, anna.id(), true, false)));
    assertEquals(
        "ERR_PARTICIPANT_NOT_FOUND",
        refusal(() -> session.askToMute(anna, new ParticipantId("00000000"), true, false)));
  }

  @Test
  void aMessageGoesToOneOrToAllOthers() {
    session.message(anna, ben.id(), "hello", Map.of("text", "to ben"));
    session.message(ben, null, "hello", Map.of("text", "to all"));
    assertEquals(1, bensSocket.count("to ben"));
    assertEquals(0, annasSocket.count("to ben"));
    assertEquals(1, annasSocket.count("to all"));
    assertEquals(0, bensSocket.count("to all"));
  }

  @Test
  void onlyTheHostClosesTheSessionForAll() {
    assertEquals("ERR_NOT_PERMITTED", refusal(() -> session.closeForAll(ben)));
    session.closeForAll(anna);
    assertEquals(CloseCode.SESSION_CLOSED, bensSocket.closedWith);
    assertEquals(1, bensSocket.count("\"reason\":\"ended-by-host\",\"by\":{\"uid\":\"anna\""));
    assertEquals("ERR_SESSION_NOT_FOUND", refusal(() -> sessions.get(ID)));
  }

  @Test
  void whoComesBackAsksForTheFormerIdAndGetsItIfItIsFree() {
    session.leave(ben);
    Participant again = session.join(token("ben"), false, false, ben.id(), new Socket());
    assertEquals(ben.id(), again.id());
    Participant chiara = session.join(token("chiara"), false, false, ben.id(), new Socket());
    assertNotEquals(ben.id(), chiara.id());
    assertEquals(3, session.users().size());
  }

  @Test
  void aNodeThatStopsTellsNobodyThatTheSessionIsOver() {
    List<MediaEvent> told = new ArrayList<>();
    sessions.onEvent(told::add);
    sessions.close();
    assertTrue(told.stream().allMatch(MediaEvent.UserJoined.class::isInstance), told::toString);
    assertEquals(0, annasSocket.count("onSessionClosed"));
    assertEquals(0, annasSocket.closedWith);
  }
}
