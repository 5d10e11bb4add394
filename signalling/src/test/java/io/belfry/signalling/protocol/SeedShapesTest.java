package io.belfry.signalling.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.common.id.SessionId;
import io.belfry.http.Json;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.ring.RingInput;
import io.belfry.signalling.ring.Step;
import io.belfry.signalling.store.CallStore.StoredAction;
import io.belfry.signalling.store.User;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: a call is drawn as the calling API draws it, field by field. Method: each of its samples
/// is played through the ring machine at the sample's times and compared with the sample.
final class SeedShapesTest {
  private static final String RONALD = "cometchat-uid-6";
  private static final String HENRY = "cometchat-uid-7";
  private static final Map<String, ObjectNode> USERS =
      Map.of(RONALD, user(RONALD, "Ronald Jerry"), HENRY, user(HENRY, "Henry Marino"));

  private static ObjectNode user(String uid, String name) {
    return Shapes.user(
        new User(uid, name, "https://avatars.example.org/" + uid + ".webp", "default", null), true);
  }

  private static ObjectNode samples() {
    try (InputStream in = SeedShapesTest.class.getResourceAsStream("/seed/calls.json")) {
      return Objects.requireNonNull(Json.parseObject(Objects.requireNonNull(in).readAllBytes()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "initiated",
        "unanswered",
        "accepted",
        "ended",
        "rejected",
        "cancelled",
        "endAnswer",
        "busy"
      })
  void drawsTheSample(String name) {
    JsonNode sample = samples().get(name);
    Instant acted = Instant.ofEpochSecond(sample.get("sentAt").longValue());
    Step.Changed begun = begin(sample);
    Step.Changed last =
        switch (name) {
          case "initiated" -> begun;
          case "unanswered" -> step(begun, new RingInput.RingTimeout(acted));
          case "accepted" -> step(begun, new RingInput.Accept(HENRY, acted));
          case "rejected" -> step(begun, new RingInput.Reject(HENRY, CallStatus.REJECTED, acted));
          case "busy" -> step(begun, new RingInput.Reject(HENRY, CallStatus.BUSY, acted));
          case "cancelled" ->
              step(begun, new RingInput.Reject(RONALD, CallStatus.CANCELLED, acted));
          case "ended" -> end(begun, acted.minusSeconds(100), acted);
          default -> end(begun, Instant.ofEpochSecond(sample.get("joinedAt").longValue()), acted);
        };
    StoredAction stored =
        new StoredAction(
            Long.parseLong(sample.get("id").textValue()), Objects.requireNonNull(last.action()));
    Shapes.Parties parties = parties(last.next(), stored.action().actor());
    ObjectNode drawn =
        name.equals("endAnswer")
            ? Shapes.endAnswer(last.next(), stored, parties)
            : Shapes.call(last.next(), stored, parties);
    // Through text: a number in a tree that was built and in one that was read differ in type.
    assertEquals(sample.toPrettyString(), Json.readObject(drawn.toString()).toPrettyString());
  }

  private static Step.Changed begin(JsonNode sample) {
    Instant at = Instant.ofEpochSecond(sample.get("initiatedAt").longValue());
    return RingCall.initiate(
        new SessionId(sample.get("sessionId").textValue()),
        ReceiverType.USER,
        CallType.AUDIO,
        RONALD,
        HENRY,
        List.of(HENRY),
        null,
        at,
        at.plusSeconds(45));
  }

  private static Step.Changed end(Step.Changed begun, Instant joinedAt, Instant acted) {
    return step(
        step(begun, new RingInput.Accept(HENRY, joinedAt)), new RingInput.End(HENRY, acted));
  }

  private static Step.Changed step(Step.Changed before, RingInput input) {
    return assertInstanceOf(Step.Changed.class, before.next().step(input));
  }

  private static Shapes.Parties parties(RingCall call, String actor) {
    return new Shapes.Parties(
        shown(actor),
        shown(call.counterpartOf(actor)),
        shown(call.initiator()),
        shown(call.receiverId()));
  }

  private static ObjectNode shown(String uid) {
    return Objects.requireNonNull(USERS.get(uid));
  }
}
