package io.belfry.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.MediaEvent;
import io.belfry.http.Json;
import io.belfry.signalling.timer.ManualTimers;
import io.belfry.signalling.webhook.Signature;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks as docs/protocol.md §7 has them, over real HTTP.
final class WebhookTest {
  @TempDir private Path data;
  private final ManualTimers time = new ManualTimers(Instant.ofEpochSecond(1_772_009_087L));
  private final FakeMediaNode media = new FakeMediaNode();
  private TestNode node;
  private Receiver receiver;
  private String key;

  @BeforeEach
  void start() throws Exception {
    receiver = new Receiver();
    key = TestNode.operatorKey(data, time);
    node = startNode(Map.of());
  }

  private TestNode startNode(Map<String, String> overrides) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("belfry.signalling.webhooks.allowPrivateAddresses", "true");
    settings.put("belfry.signalling.webhooks.timeout", "1s");
    settings.putAll(overrides);
    return TestNode.start(data, time, media.expectOpens(10), settings);
  }

  @AfterEach
  void stop() {
    node.close();
    receiver.close();
  }

  private String add(String id, String path, List<String> triggers) throws Exception {
    return node.data(
            "POST",
            "/v1/webhooks",
            Map.of("id", id, "url", receiver.url(path), "triggers", triggers),
            "apikey",
            key)
        .at("/webhook/secret")
        .textValue();
  }

  private JsonNode deliveries(String query) throws Exception {
    return node.data("GET", "/v1/webhooks/deliveries?" + query, null, "apikey", key)
        .get("deliveries");
  }

  /// Rings and cancels.
  private String cancelledCall(Phone anna) throws Exception {
    JsonNode call = anna.ask("initiateCall", TestNode.video("ben")).get("call");
    anna.ask("rejectCall", TestNode.session(call, "cancelled"));
    return call.get("sessionId").textValue();
  }

  /// Waits for what an endpoint's worker notes after its request was answered.
  private JsonNode awaitDelivery(String query) throws Exception {
    for (int i = 0; i < 2000; i++) {
      JsonNode found = deliveries(query);
      if (!found.isEmpty()) {
        return found;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("no delivery is " + query + ": " + deliveries(""));
  }

  @Test
  void tellsARingInTheShapeOfTheCallingApiAndSigned() throws Exception {
    String secret = add("crm", "/hook", List.of());
    Phone anna = node.phone("anna", "one");
    JsonNode call = anna.ask("initiateCall", TestNode.video("ben")).get("call");
    Receiver.Received request = receiver.next();
    assertEquals("/hook", request.path());
    assertEquals(
        Signature.of(secret, request.header("x-belfry-timestamp"), request.text()),
        request.header("x-belfry-signature"));
    assertEquals("1772009087", request.header("x-belfry-timestamp"));
    assertEquals("call_initiated", request.header("x-belfry-trigger"));
    assertEquals("1", request.header("x-belfry-attempt"));
    JsonNode body = request.body();
    assertEquals(
        "crm:call_initiated:" + call.get("id").textValue() + ":1772009087",
        request.header("idempotency-key"));
    assertEquals("call_initiated", body.get("trigger").textValue());
    assertEquals("crm", body.get("webhook").textValue());
    assertEquals("belfry", body.get("appId").textValue());
    assertEquals("local", body.get("region").textValue());
    JsonNode told = body.at("/data/call");
    for (String field :
        List.of("id", "sessionId", "conversationId", "category", "type", "receiverType")) {
      assertEquals(call.get(field), told.get(field), field);
    }
    assertEquals("anna", told.get("sender").textValue());
    assertEquals("ben", told.get("receiver").textValue());
    assertEquals(1_772_009_087L, told.get("sentAt").longValue());
    assertEquals("initiated", told.at("/data/action").textValue());
    assertEquals("Anna Lindqvist", told.at("/data/entities/by/entity/name").textValue());
    assertEquals("user", told.at("/data/entities/on/entityType").textValue());
    assertEquals("ben", told.at("/data/entities/on/entity/uid").textValue());
  }

  @Test
  void tellsAWholeCallInOrder() throws Exception {
    add("crm", "/hook", List.of());
    Phone anna = node.phone("anna", "one");
    Phone ben = node.phone("ben", "one");
    JsonNode call = anna.ask("initiateCall", TestNode.video("ben")).get("call");
    ben.ask("acceptCall", TestNode.session(call));
    String sessionId = call.get("sessionId").textValue();
    join(sessionId, "anna", 1);
    join(sessionId, "ben", 2);
    time.advance(Duration.ofSeconds(65));
    anna.ask("endCall", TestNode.session(call));
    List<String> triggers = new ArrayList<>();
    JsonNode last = Json.object();
    for (int i = 0; i < 7; i++) {
      last = receiver.next().body();
      triggers.add(last.get("trigger").textValue());
    }
    assertEquals(
        List.of(
            "call_initiated",
            "call_started",
            "call_participant_joined",
            "call_participant_joined",
            "call_participant_left",
            "call_participant_left",
            "call_ended"),
        triggers);
    JsonNode ended = last.get("data");
    assertEquals(sessionId, ended.get("sessionId").textValue());
    assertEquals(2, ended.get("all_occupants").size());
    assertEquals(65, ended.get("destroyed_at").longValue() - ended.get("created_at").longValue());
    assertEquals("false", ended.at("/all_occupants/0/audio_call").textValue());
  }

  private void join(String sessionId, String uid, int number) {
    media.raise(
        new MediaEvent.UserJoined(
            new SessionId(sessionId), FakeMediaNode.participant(uid, number), time.instant()));
  }

  @Test
  void filtersByTrigger() throws Exception {
    add("some", "/some", List.of("call_cancelled"));
    cancelledCall(node.phone("anna", "one"));
    assertEquals("call_cancelled", receiver.next().body().get("trigger").textValue());
    assertEquals(1, awaitDelivery("state=delivered").size());
    assertEquals(1, deliveries("").size());
  }

  @Test
  void triesAgainLaterAndKeepsTheOrderOfTheCall() throws Exception {
    add("crm", "/hook", List.of());
    receiver.answerWith(500);
    String sessionId = cancelledCall(node.phone("anna", "one"));
    Receiver.Received first = receiver.next();
    assertEquals("call_initiated", first.body().get("trigger").textValue());
    JsonNode pending = awaitTried("call_initiated", 1);
    assertEquals(500, pending.get("lastStatus").intValue());
    assertEquals("pending", pending.get("state").textValue());
    assertEquals(sessionId, pending.get("sessionId").textValue());
    assertEquals(null, receiver.poll(), "the second waits for the first");
    receiver.answerWith(204);
    Receiver.Received again = advanceToRetry();
    assertEquals(first.text(), again.text());
    assertEquals(first.header("idempotency-key"), again.header("idempotency-key"));
    assertEquals("2", again.header("x-belfry-attempt"));
    assertNotEquals(first.header("x-belfry-signature"), again.header("x-belfry-signature"));
    assertEquals("call_cancelled", receiver.next().body().get("trigger").textValue());
  }

  /// The next request, whose time the worker sets only after it has noted the try before.
  private Receiver.Received advanceToRetry() throws Exception {
    for (int i = 0; i < 200; i++) {
      time.advance(Duration.ofMillis(500));
      Receiver.Received received = receiver.next(Duration.ofMillis(100));
      if (received != null) {
        return received;
      }
    }
    throw new AssertionError("it is not tried again");
  }

  private JsonNode awaitTried(String trigger, int attempts) throws Exception {
    for (int i = 0; i < 2000; i++) {
      for (JsonNode delivery : deliveries("")) {
        if (delivery.get("trigger").textValue().equals(trigger)
            && delivery.get("attempts").intValue() >= attempts) {
          return delivery;
        }
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("not tried " + attempts + " times: " + deliveries(""));
  }

  @Test
  void givesUpAfterADayAndReplays() throws Exception {
    add("crm", "/hook", List.of("call_initiated"));
    receiver.answerWith(503);
    cancelledCall(node.phone("anna", "one"));
    receiver.next();
    awaitTried("call_initiated", 1);
    int tries = 1;
    while (deliveries("state=failed").isEmpty()) {
      time.advance(Duration.ofMinutes(20));
      int seen = tries;
      while (receiver.poll() != null) {
        tries++;
      }
      if (tries > seen) {
        awaitTried("call_initiated", tries);
      }
      assertTrue(tries < 100, "for ever");
    }
    assertTrue(tries > 20, "tries: " + tries);
    JsonNode failed = deliveries("state=failed").get(0);
    assertTrue(
        failed.get("finishedAt").longValue() - failed.get("createdAt").longValue() >= 22 * 3600);
    receiver.answerWith(200);
    long id = failed.get("id").longValue();
    node.data("POST", "/v1/webhooks/deliveries/" + id + "/replay", Map.of(), "apikey", key);
    Receiver.Received replayed = receiver.next();
    assertEquals(failed.get("idempotencyKey").textValue(), replayed.header("idempotency-key"));
    assertEquals(id, awaitDelivery("state=delivered").get(0).get("id").longValue());
    assertTrue(deliveries("state=failed").isEmpty());
    assertEquals(
        0,
        node.data("POST", "/v1/webhooks/crm/replay", Map.of(), "apikey", key)
            .get("replayed")
            .intValue());
    assertEquals(
        replayed.body(),
        node.data("GET", "/v1/webhooks/deliveries/" + id, null, "apikey", key)
            .at("/delivery/body"));
  }

  @Test
  void aDeadReceiverDelaysNobodyElse() throws Exception {
    try (Receiver dead = new Receiver()) {
      dead.fallSilent();
      node.data("POST", "/v1/webhooks", Map.of("id", "dead", "url", dead.url("/")), "apikey", key);
      add("alive", "/alive", List.of());
      Phone anna = node.phone("anna", "one");
      Set<String> sessions = new HashSet<>();
      for (int i = 0; i < 20; i++) {
        sessions.add(cancelledCall(anna));
      }
      Map<String, List<String>> told = new HashMap<>();
      for (int i = 0; i < 40; i++) {
        JsonNode body = receiver.next().body();
        told.computeIfAbsent(
                body.at("/data/call/sessionId").textValue(), session -> new ArrayList<>())
            .add(body.get("trigger").textValue());
      }
      assertEquals(sessions, told.keySet());
      told.values()
          .forEach(each -> assertEquals(List.of("call_initiated", "call_cancelled"), each));
    }
  }

  @Test
  void followsNoRedirect() throws Exception {
    add("crm", "/hook", List.of("call_initiated"));
    receiver.answerWith(307);
    cancelledCall(node.phone("anna", "one"));
    assertEquals("/hook", receiver.next().path());
    assertEquals(307, awaitTried("call_initiated", 1).get("lastStatus").intValue());
    assertEquals(null, receiver.poll());
  }

  @Test
  void keepsWhatWasNotDeliveredOverARestart() throws Exception {
    add("crm", "/hook", List.of("call_cancelled"));
    receiver.answerWith(500);
    cancelledCall(node.phone("anna", "one"));
    receiver.next();
    awaitTried("call_cancelled", 1);
    node.close();
    time.forget();
    receiver.answerWith(200);
    node = startNode(Map.of());
    assertEquals("call_cancelled", advanceToRetry().body().get("trigger").textValue());
  }

  @Test
  void asksNoPrivateAddressUnlessAllowed() throws Exception {
    node.close();
    time.forget();
    node = startNode(Map.of("belfry.signalling.webhooks.allowPrivateAddresses", "false"));
    add("inside", "/hook", List.of("call_initiated"));
    cancelledCall(node.phone("anna", "one"));
    JsonNode tried = awaitTried("call_initiated", 1);
    assertTrue(tried.get("lastError").textValue().contains("private"), tried.toString());
    assertFalse(tried.has("lastStatus"));
    assertEquals(null, receiver.poll());
  }

  @Test
  void writesNothingWithoutEndpointsAndForgetsRemovedOnes() throws Exception {
    Phone anna = node.phone("anna", "one");
    cancelledCall(anna);
    add("crm", "/hook", List.of());
    assertTrue(deliveries("").isEmpty(), "what was before it is not told");
    node.data("PUT", "/v1/webhooks/crm", Map.of("enabled", false), "apikey", key);
    cancelledCall(anna);
    node.data("PUT", "/v1/webhooks/crm", Map.of("enabled", true), "apikey", key);
    assertTrue(deliveries("").isEmpty());
    node.data("DELETE", "/v1/webhooks/crm", null, "apikey", key);
    cancelledCall(anna);
    assertTrue(deliveries("").isEmpty());
    assertEquals(null, receiver.poll());
  }

  @Test
  void aNewSecretSignsTheNextRequest() throws Exception {
    String before = add("crm", "/hook", List.of("call_initiated"));
    String after =
        node.data("POST", "/v1/webhooks/crm/secret", Map.of(), "apikey", key)
            .at("/webhook/secret")
            .textValue();
    assertNotEquals(before, after);
    cancelledCall(node.phone("anna", "one"));
    Receiver.Received request = receiver.next();
    assertEquals(
        Signature.of(after, request.header("x-belfry-timestamp"), request.text()),
        request.header("x-belfry-signature"));
  }
}
