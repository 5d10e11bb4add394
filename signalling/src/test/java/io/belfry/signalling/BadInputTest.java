package io.belfry.signalling;

import static io.belfry.signalling.TestNode.video;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.signalling.timer.ManualTimers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: every kind of bad input gets a code and a sentence, changes nothing, gives no stack trace,
/// and the connection survives it. Method: each is sent on a socket that is then used to ring.
final class BadInputTest {
  private static final long ID = 77;

  @TempDir private static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    node =
        TestNode.start(
            data,
            new ManualTimers(Instant.ofEpochSecond(1_772_009_087L)),
            new FakeMediaNode(),
            Map.of("belfry.http.maxFrameBytes", "16 KiB"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  static Stream<Arguments> badInput() {
    return Stream.of(
        input("no JSON", 0, "{\"id\":77,", "ERR_BAD_REQUEST"),
        input("no object", 0, "[1,2]", "ERR_BAD_REQUEST"),
        input("empty", 0, "", "ERR_BAD_REQUEST"),
        input("no id", 0, "{\"type\":\"ping\"}", "ERR_BAD_REQUEST"),
        input("an id below one", 0, "{\"id\":0,\"type\":\"ping\"}", "ERR_BAD_REQUEST"),
        input("no type", 77, "{\"id\":77}", "ERR_BAD_REQUEST"),
        input("unknown message", 77, "{\"id\":77,\"type\":\"fly\"}", "ERR_UNKNOWN_TYPE"),
        input("bad ack", 0, "{\"ack\":\"all\"}", "ERR_BAD_REQUEST"),
        input("second greeting", 77, hello(1, "\"x\""), "ERR_BAD_REQUEST"),
        initiate("unknown user", "'nobody','user','video'", "", "ERR_UID_NOT_FOUND"),
        initiate("unknown group", "'nowhere','group','video'", "", "ERR_GUID_NOT_FOUND"),
        initiate("self-call", "'anna','user','video'", "", "ERR_CALLING_SELF"),
        initiate("unknown receiver type", "'ben','room','video'", "", "ERR_BAD_REQUEST"),
        initiate("unknown call type", "'ben','user','smell'", "", "ERR_BAD_REQUEST"),
        initiate("ringing time too short", "'ben','user','video'", "4", "ERR_BAD_REQUEST"),
        initiate("ringing time too long", "'ben','user','video'", "301", "ERR_BAD_REQUEST"),
        initiate("ringing time no number", "'ben','user','video'", "'long'", "ERR_BAD_REQUEST"),
        input("no receiver", 77, "{\"id\":77,\"type\":\"initiateCall\"}", "ERR_BAD_REQUEST"),
        session("acceptCall", "", "ERR_EMPTY_CALL_SESSION_ID"),
        session("rejectCall", "\"sessionId\":\"\"", "ERR_EMPTY_CALL_SESSION_ID"),
        session("endCall", "\"sessionId\":\"v1.no.such.call\"", "ERR_CALL_SESSION_NOT_FOUND"),
        session("acceptCall", "\"sessionId\":\"v1.no.such.call\"", "ERR_CALL_SESSION_NOT_FOUND"),
        session("rejectCall", "\"sessionId\":\"v1.x\",\"status\":\"ended\"", "ERR_BAD_REQUEST"),
        session("acceptCall", "\"sessionId\":7", "ERR_BAD_REQUEST"),
        session("subscribePresence", "\"mode\":\"everybody\"", "ERR_BAD_REQUEST"),
        session("subscribePresence", "\"mode\":\"roles\"", "ERR_BAD_REQUEST"));
  }

  private static Arguments input(String name, long id, String frame, String code) {
    return Arguments.of(name, id, frame, code);
  }

  private static Arguments initiate(String name, String parts, String timeout, String code) {
    String[] part = parts.split(",", -1);
    String frame =
        "{'id':77,'type':'initiateCall','receiverId':%s,'receiverType':%s,'callType':%s%s}"
            .formatted(
                part[0], part[1], part[2], timeout.isEmpty() ? "" : ",'timeoutSeconds':" + timeout);
    return Arguments.of(name, ID, frame.replace('\'', '"'), code);
  }

  private static Arguments session(String type, String fields, String code) {
    String more = fields.isEmpty() ? "" : "," + fields;
    return Arguments.of(
        type + " " + fields, ID, "{\"id\":77,\"type\":\"" + type + "\"" + more + "}", code);
  }

  private static String hello(int protocol, String token) {
    return "{\"id\":77,\"type\":\"hello\",\"protocol\":%d,\"authToken\":%s,\"deviceId\":\"device-1\"}"
        .formatted(protocol, token);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badInput")
  void isRefusedAndChangesNothing(String name, long id, String frame, String code)
      throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    assertRefusal(code, anna.raw(id, frame));
    ben.expectQuiet();
    anna.expectQuiet();
    // The caller is free and the connection works.
    JsonNode call = anna.ask("initiateCall", video("ben")).get("call");
    ben.event("onIncomingCallReceived");
    anna.ask("rejectCall", TestNode.session(call, "cancelled"));
    ben.event("onIncomingCallCancelled");
  }

  private static void assertRefusal(String code, ObjectNode answer) {
    JsonNode error = answer.get("error");
    assertEquals(code, error.get("code").textValue(), answer::toString);
    assertTrue(error.hasNonNull("name") && error.has("details"), answer::toString);
    String message = error.get("message").textValue();
    assertTrue(message.matches("[A-Z].*[.!]"), message);
    assertFalse(message.contains("Exception") || answer.toString().contains("\\tat "), message);
  }

  @Test
  void aWrongVersionIsRefusedAndClosed() throws Exception {
    Phone phone = node.open();
    assertRefusal("ERR_PROTOCOL_VERSION", phone.raw(ID, hello(2, "\"x\"")));
    assertEquals(4426, phone.closeCode());
  }

  @Test
  void aForeignTokenIsRefusedAndClosed() throws Exception {
    Phone phone = node.open();
    assertRefusal("AUTH_ERR_AUTH_TOKEN_NOT_FOUND", phone.raw(ID, hello(1, "\"x\"")));
    assertEquals(4401, phone.closeCode());
  }

  @Test
  void nothingIsHeardBeforeTheGreeting() throws Exception {
    Phone phone = node.open();
    assertRefusal("ERR_NOT_GREETED", phone.raw(ID, "{\"id\":77,\"type\":\"endCall\"}"));
    Map<String, Object> fields =
        new HashMap<>(TestNode.hello(node.logIn("anna"), "anna", "2", null));
    phone.ask("hello", fields);
  }

  @Test
  void anOversizedFrameEndsTheSocketAndNothingElse() throws Exception {
    Phone other = node.phone("ben", "1");
    Phone phone = node.phone("anna", "1");
    phone.send("{\"id\":77,\"type\":\"" + "x".repeat(17 * 1024) + "\"}");
    assertEquals(1009, phone.closeCode());
    other.expectQuiet();
  }

  @Test
  void whoIsAbusiveIsCutOff() throws Exception {
    Phone phone = node.phone("anna", "1");
    for (int i = 0; i < 21; i++) {
      phone.send("nonsense");
    }
    assertEquals(1008, phone.closeCode());
  }
}
