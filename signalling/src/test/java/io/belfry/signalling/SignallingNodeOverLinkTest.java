package io.belfry.signalling;

import static io.belfry.signalling.TestNode.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.media.MediaNode;
import io.belfry.link.LinkServer;
import io.belfry.link.LinkSettings;
import io.belfry.link.RemoteMediaNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Everything that {@link SignallingNodeTest} says, with the SFU at the other end of a connection.
final class SignallingNodeOverLinkTest extends SignallingNodeTest {
  private static final String SECRET = "a secret of a test";

  /// One for each event that the node has heard.
  private final Semaphore heard = new Semaphore(0);

  private @Nullable LinkServer sfu;
  private @Nullable RemoteMediaNode remote;

  @Override
  MediaNode connectMedia() throws Exception {
    if (sfu == null) {
      sfu = LinkServer.start("127.0.0.1", 0, SECRET, Optional.empty(), media, keys -> {});
    }
    remote =
        new RemoteMediaNode(
            new LinkSettings(
                "127.0.0.1",
                sfu.port(),
                SECRET,
                Optional.empty(),
                "/v1/session",
                Duration.ofSeconds(15)),
            () -> node.node.callTokenJwks(),
            time);
    return remote;
  }

  @Override
  void onStarted() throws Exception {
    RemoteMediaNode link = remote();
    link.onEvent(event -> heard.release());
    link.start();
    for (int i = 0; i < 200 && link.problem() != null; i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertNull(link.problem());
  }

  @Override
  void raise(MediaEvent event) throws Exception {
    heard.drainPermits();
    super.raise(event);
    assertTrue(heard.tryAcquire(10, TimeUnit.SECONDS), "the node did not hear of " + event);
  }

  @Override
  void restartSfu(SessionId open) throws Exception {
    if (sfu == null) {
      throw new IllegalStateException("not started");
    }
    int port = sfu.port();
    sfu.close();
    heard.drainPermits();
    media.forgetReceiver();
    sfu = LinkServer.start("127.0.0.1", port, SECRET, Optional.empty(), media, keys -> {});
    assertTrue(heard.tryAcquire(10, TimeUnit.SECONDS), "the node did not hear of the restart");
  }

  @Override
  void leaveMedia() {
    remote().close();
  }

  private RemoteMediaNode remote() {
    if (remote == null) {
      throw new IllegalStateException("not connected");
    }
    return remote;
  }

  @AfterEach
  void disconnect() {
    remote().close();
    if (sfu != null) {
      sfu.close();
    }
  }

  /// The participants are in a process that was not restarted: the call goes on.
  @Override
  @Test
  void endsAnAcceptedCallThatNobodyComesBackToAfterARestart() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    join(call, "anna", 1);
    join(call, "ben", 2);
    shutDown();
    heard.drainPermits();
    startNode(Map.of());
    assertTrue(heard.tryAcquire(2, 10, TimeUnit.SECONDS));
    time.advance(Duration.ofMinutes(5));
    Phone again = node.phone("ben", "1");
    assertStatus("ended", again.ask("endCall", session(call)).get("call"));
    assertEquals(sessionId(call), media.awaitClosed());
  }

  @Test
  void endsTheCallsOfAnSfuThatIsGone() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    anna.event("onOutgoingCallAccepted");
    join(call, "anna", 1);
    join(call, "ben", 2);
    if (sfu != null) {
      sfu.close();
    }
    for (int i = 0; i < 200 && remote().problem() == null; i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    time.advance(Duration.ofSeconds(16));
    assertStatus("ended", anna.event("onCallEndedMessageReceived"));
    assertStatus("ended", ben.event("onCallEndedMessageReceived"));
  }

  @Test
  void ringsOnWhileTheSfuCannotBeReached() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    if (sfu != null) {
      sfu.close();
    }
    assertEquals("ERR_MEDIA_UNAVAILABLE", ben.refusal("acceptCall", session(call)));
    anna.event("onCallError");
    ben.ask("rejectCall", session(call, "rejected"));
    assertStatus("rejected", anna.event("onOutgoingCallRejected"));
  }
}
