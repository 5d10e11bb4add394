package io.belfry.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.signalling.timer.ManualTimers;
import io.belfry.signalling.webhook.Signature;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pushes as docs/protocol.md §8 has them, over real HTTP and WebSockets.
final class PushTest {
  @TempDir private Path data;
  private final ManualTimers time = new ManualTimers(Instant.ofEpochSecond(1_772_009_087L));
  private final FakeMediaNode media = new FakeMediaNode();
  private TestNode node;
  private Receiver service;

  @BeforeEach
  void start() throws Exception {
    service = new Receiver();
    node = startNode();
  }

  private TestNode startNode() throws Exception {
    return TestNode.start(
        data,
        time,
        media.expectOpens(10),
        Map.of(
            "belfry.signalling.push.url", service.url("/push"),
            "belfry.signalling.push.timeout", "1s",
            "belfry.signalling.push.secret", "a shared secret"));
  }

  @AfterEach
  void stop() {
    node.close();
    service.close();
  }

  private void register(String uid, String token, String platform) throws Exception {
    node.data(
        "POST",
        "/v1/me/push_tokens",
        Map.of("token", token, "platform", platform),
        "authToken",
        node.logIn(uid));
  }

  private static JsonNode ring(Phone caller) throws Exception {
    return caller.ask("initiateCall", TestNode.video("ben")).get("call");
  }

  @Test
  void wakesACalleeWithoutADeviceAndStopsWhenTheCallerDoes() throws Exception {
    register("ben", "token-of-bens-phone", "fcm_android");
    Phone anna = node.phone("anna", "one");
    JsonNode call = ring(anna);
    Receiver.Received push = service.next();
    assertEquals(
        Signature.of("a shared secret", push.header("x-belfry-timestamp"), push.text()),
        push.header("x-belfry-signature"));
    JsonNode body = push.body();
    assertEquals("ring", body.get("event").textValue());
    assertEquals("ben", body.get("uid").textValue());
    assertEquals("token-of-bens-phone", body.get("token").textValue());
    assertEquals(call.get("sessionId"), body.at("/call/sessionId"));
    assertEquals("initiated", body.at("/call/status").textValue());
    assertEquals("Anna Lindqvist", body.at("/call/callInitiator/name").textValue());
    JsonNode fcm = body.at("/fcm/message");
    assertEquals("token-of-bens-phone", fcm.get("token").textValue());
    assertEquals("HIGH", fcm.at("/android/priority").textValue());
    assertEquals("45s", fcm.at("/android/ttl").textValue());
    assertTrue(fcm.at("/data/callInitiator").isTextual(), "FCM takes texts only");
    assertFalse(body.has("apns"));

    anna.ask("rejectCall", TestNode.session(call, "cancelled"));
    JsonNode cancel = service.next().body();
    assertEquals("cancel", cancel.get("event").textValue());
    assertEquals("cancelled", cancel.at("/call/status").textValue());
    assertEquals(fcm.at("/android/collapse_key"), cancel.at("/fcm/message/android/collapse_key"));
  }

  @Test
  void theRingGoesOnWhenTheDeviceThenConnects() throws Exception {
    register("ben", "voip-token", "apns_voip");
    Phone anna = node.phone("anna", "one");
    JsonNode call = ring(anna);
    JsonNode apns = service.next().body().get("apns");
    assertEquals("voip", apns.at("/headers/apns-push-type").textValue());
    assertEquals(
        Long.toString(1_772_009_087L + 45), apns.at("/headers/apns-expiration").textValue());
    assertTrue(apns.at("/headers/apns-collapse-id").textValue().length() <= 64);
    assertEquals(call.get("sessionId"), apns.at("/payload/call/sessionId"));

    time.advance(Duration.ofSeconds(30));
    Phone ben = node.phone("ben", "phone");
    assertEquals(call.get("sessionId"), ben.event("onIncomingCallReceived").get("sessionId"));
    ben.ask("acceptCall", TestNode.session(call));
    anna.event("onOutgoingCallAccepted");
    JsonNode cancel = service.next().body();
    assertEquals("cancel", cancel.get("event").textValue());
    assertEquals("ongoing", cancel.at("/call/status").textValue());
    assertEquals("background", cancel.at("/apns/headers/apns-push-type").textValue());
  }

  @Test
  void leavesConnectedCalleesAloneUntilTheirLastDeviceGoes() throws Exception {
    register("ben", "bens", "fcm_web");
    Phone ben = node.phone("ben", "one");
    Phone anna = node.phone("anna", "one");
    JsonNode call = ring(anna);
    ben.event("onIncomingCallReceived");
    assertEquals(null, service.poll());
    ben.cut();
    time.awaitTask(Duration.ofSeconds(10));
    time.advance(Duration.ofSeconds(10));
    assertEquals(call.get("sessionId"), service.next().body().at("/call/sessionId"));
    time.advance(Duration.ofSeconds(35));
    JsonNode cancel = service.next().body();
    assertEquals("unanswered", cancel.at("/call/status").textValue());
  }

  @Test
  void aFailingServiceDelaysNoRing() throws Exception {
    register("ben", "bens", "fcm_web");
    service.fallSilent();
    Phone anna = node.phone("anna", "one");
    JsonNode call = ring(anna);
    service.next();
    anna.ask("rejectCall", TestNode.session(call, "cancelled"));
    JsonNode second = ring(anna);
    Phone ben = node.phone("ben", "one");
    assertEquals(second.get("sessionId"), ben.event("onIncomingCallReceived").get("sessionId"));
    ben.ask("acceptCall", TestNode.session(second));
    anna.event("onOutgoingCallAccepted");
  }

  @Test
  void triesAgainAndForgetsTokensThatAreGone() throws Exception {
    register("ben", "bens", "fcm_web");
    service.answerWith(503);
    Phone anna = node.phone("anna", "one");
    JsonNode call = ring(anna);
    service.next();
    service.answerWith(410);
    assertEquals("ring", service.next().body().get("event").textValue());
    anna.ask("rejectCall", TestNode.session(call, "cancelled"));
    String ben = node.logIn("ben");
    for (int i = 0; i < 2000; i++) {
      if (node.data("GET", "/v1/me/push_tokens", null, "authToken", ben)
          .get("pushTokens")
          .isEmpty()) {
        return;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("the token is still there");
  }

  @Test
  void ringsAgainAfterARestart() throws Exception {
    register("ben", "bens", "fcm_web");
    JsonNode call = ring(node.phone("anna", "one"));
    service.next();
    node.close();
    time.forget();
    media.forgetReceiver();
    node = startNode();
    assertEquals(call.get("sessionId"), service.next().body().at("/call/sessionId"));
  }

  @Test
  void registersOverTheSocketAndTakesATokenAlongToTheNextUser() throws Exception {
    Phone ben = node.phone("ben", "one");
    JsonNode answer =
        ben.ask(
            "registerPushToken",
            Map.of("token", "t-1", "platform", "apns_voip", "providerId", "ios-app"));
    String token = node.logIn("ben");
    JsonNode listed =
        node.data("GET", "/v1/me/push_tokens", null, "authToken", token).get("pushTokens");
    assertEquals(answer.get("id"), listed.get(0).get("id"));
    assertEquals("ios-app", listed.get(0).get("providerId").textValue());
    register("emi", "t-1", "apns_voip");
    assertTrue(
        node.data("GET", "/v1/me/push_tokens", null, "authToken", token)
            .get("pushTokens")
            .isEmpty());
    Phone emi = node.phone("emi", "one");
    emi.ask("unregisterPushToken", Map.of("token", "t-1"));
    assertEquals(
        "ERR_BAD_REQUEST",
        emi.refusal("registerPushToken", Map.of("token", "", "platform", "apns")));
    assertEquals(
        "ERR_BAD_REQUEST",
        emi.refusal("registerPushToken", Map.of("token", "t", "platform", "Über")));
  }
}
