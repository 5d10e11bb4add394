package io.belfry.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.CloseReason;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.token.CallToken;
import io.belfry.common.token.CallTokenVerifier;
import io.belfry.signalling.timer.ManualTimers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Links for guests, and sessions to try things in.
final class GuestsTest {
  private static final String HERE = "198.51.100.7";

  @TempDir private Path data;
  private final ManualTimers time = new ManualTimers(Instant.ofEpochSecond(1_772_009_087L));
  private final FakeMediaNode media = new FakeMediaNode();

  @SuppressWarnings("NullAway.Init") // each test starts its own
  private TestNode node;

  @SuppressWarnings("NullAway.Init")
  private Phone anna;

  @SuppressWarnings("NullAway.Init")
  private Phone ben;

  @AfterEach
  void stop() {
    node.close();
  }

  private void start(String... settings) throws Exception {
    Map<String, String> all = new HashMap<>(Map.of("belfry.http.trustedProxies", "127.0.0.1"));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    node = TestNode.start(data, time, media.expectOpens(1), all);
    anna = node.phone("anna", "one");
    ben = node.phone("ben", "one");
  }

  /// A call of anna with ben that goes on.
  private JsonNode call() throws Exception {
    JsonNode call = anna.ask("initiateCall", TestNode.video("ben")).get("call");
    ben.ask("acceptCall", TestNode.session(call));
    return call;
  }

  private static String link(JsonNode call) {
    return "/v1/calls/" + call.get("sessionId").textValue() + "/guest_link";
  }

  private String grant(JsonNode call) throws Exception {
    return node.data("POST", link(call), null, "authToken", node.logIn("anna"))
        .get("grant")
        .textValue();
  }

  private String refusal(String grant) throws Exception {
    return node.refusal(
        "POST", "/v1/guests", Map.of("grant", grant, "name", "Greta"), "x-forwarded-for", HERE);
  }

  private CallToken accepted(JsonNode answer) {
    CallTokenVerifier verifier = new CallTokenVerifier(node.node.callTokenJwks());
    return assertInstanceOf(
            CallTokenVerifier.Result.Accepted.class,
            verifier.verify(answer.get("token").textValue(), time.instant()))
        .token();
  }

  @Test
  void letsAGuestIntoThatCallOnlyAndNobodyOpensItByThat() throws Exception {
    start();
    JsonNode call = call();
    Map<String, Object> asked = Map.of("grant", grant(call), "name", " Greta ");
    JsonNode guest = node.data("POST", "/v1/guests", asked);
    assertEquals(call.get("sessionId"), guest.get("sessionId"));
    assertEquals("Greta (guest)", guest.get("name").textValue());
    assertEquals("video", guest.get("callType").textValue());
    CallToken token = accepted(guest);
    assertEquals(call.get("sessionId").textValue(), token.sessionId().value());
    assertTrue(token.uid().matches("guest-[0-9a-f]{16}"), token.uid());
    assertTrue(token.mayPublish() && token.maySubscribe() && !token.mayOpen());
    assertTrue(
        !token.uid().equals(accepted(node.data("POST", "/v1/guests", asked)).uid()),
        "two who come by one link are two");
  }

  @Test
  void theCallOutlivesAGuestAndTheLinkDoesNotOutliveTheCall() throws Exception {
    start();
    JsonNode call = call();
    String grant = grant(call);
    SessionId sessionId = new SessionId(call.get("sessionId").textValue());
    var guest = FakeMediaNode.participant("guest-1", 3);
    media.raise(new MediaEvent.UserJoined(sessionId, guest, time.instant()));
    media.raise(new MediaEvent.UserLeft(sessionId, guest, "connection-lost", time.instant()));
    assertEquals(
        "200 null",
        node.refusal("POST", "/v1/guests", Map.of("grant", grant, "name", "Greta")),
        "it goes on");
    ben.ask("endCall", TestNode.session(call));
    assertEquals("409 ERR_CALL_TERMINATED", refusal(grant));
    assertEquals(
        new CloseReason(CloseReason.ENDED, new CloseReason.Person("ben", "Ben Okafor")),
        media.reasons.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void onlyWhoIsInTheCallInvites() throws Exception {
    start();
    JsonNode ringing = anna.ask("initiateCall", TestNode.video("ben")).get("call");
    String annas = node.logIn("anna");
    assertEquals(
        "409 ERR_CALL_NOT_STARTED", node.refusal("POST", link(ringing), null, "authToken", annas));
    ben.ask("acceptCall", TestNode.session(ringing));
    assertEquals(
        "403 ERR_CALL_NOT_A_PART",
        node.refusal("POST", link(ringing), null, "authToken", node.logIn("emi")));
    assertEquals("401 AUTH_ERR_AUTH_TOKEN_NOT_FOUND", node.refusal("POST", link(ringing), null));
  }

  @Test
  void refusesLinksThatAreOldOrMadeUp() throws Exception {
    start("belfry.signalling.guestLinkLifetime", "1m");
    JsonNode call = call();
    String grant = grant(call);
    String token =
        node.data(
                "POST",
                "/v1/calls/" + call.get("sessionId").textValue() + "/token",
                null,
                "authToken",
                node.logIn("anna"))
            .get("token")
            .textValue();
    assertEquals("401 ERR_GUEST_LINK_INVALID", refusal(token), "a call token is no grant");
    assertEquals("401 ERR_GUEST_LINK_INVALID", refusal(grant.substring(1)));
    time.advance(Duration.ofSeconds(60));
    assertEquals("401 ERR_GUEST_LINK_INVALID", refusal(grant));
  }

  @Test
  void takesNoGuestsWhereTheyAreSwitchedOff() throws Exception {
    start("belfry.signalling.guestsAllowed", "false");
    JsonNode call = call();
    assertEquals(
        "403 ERR_GUESTS_NOT_ALLOWED",
        node.refusal("POST", link(call), null, "authToken", node.logIn("anna")));
    assertEquals("403 ERR_GUESTS_NOT_ALLOWED", refusal("x"));
    assertTrue(!node.data("GET", "/v1/settings", null).get("guestsAllowed").booleanValue());
  }

  @Test
  void limitsGuestsOfACallAndOfAnAddress() throws Exception {
    start("belfry.signalling.limits.guestsPerMinutePerCall", "2");
    String grant = grant(call());
    assertEquals("200 null", refusal(grant));
    assertEquals("200 null", refusal(grant));
    assertEquals("429 ERR_TOO_MANY_REQUESTS", refusal(grant));
    node.close();
    time.forget();
    start("belfry.signalling.limits.guestsPerMinutePerAddress", "1");
    assertEquals("401 ERR_GUEST_LINK_INVALID", refusal("x"));
    assertEquals("429 ERR_TOO_MANY_REQUESTS", refusal("x"));
  }

  @Test
  void givesAUserASessionToTryThingsIn() throws Exception {
    start("belfry.signalling.limits.callsPerMinutePerUser", "2");
    String path = "/v1/me/test_session";
    String annas = node.logIn("anna");
    CallToken token = accepted(node.data("POST", path, null, "authToken", annas));
    assertTrue(token.mayOpen() && token.uid().equals("anna"));
    assertEquals(time.instant().plusSeconds(60), token.expiresAt());
    CallToken next = accepted(node.data("POST", path, null, "authToken", annas));
    assertTrue(!token.sessionId().equals(next.sessionId()));
    assertEquals("429 ERR_TOO_MANY_REQUESTS", node.refusal("POST", path, null, "authToken", annas));
  }
}
