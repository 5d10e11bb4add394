package io.belfry.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.http.Json;
import io.belfry.signalling.timer.ManualTimers;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The limits of users, devices and addresses, over real HTTP and WebSockets. The clients stand
/// behind a trusted proxy, which the test plays: the host's own address has no limit.
final class LimitsTest {
  private static final String HERE = "198.51.100.7";
  private static final String ELSEWHERE = "198.51.100.8";

  @TempDir private Path data;
  private final ManualTimers time = new ManualTimers(Instant.ofEpochSecond(1_772_009_087L));

  @SuppressWarnings("NullAway.Init") // each test starts its own
  private TestNode node;

  private void start(String setting, String value) throws Exception {
    node =
        TestNode.start(
            data,
            time,
            new FakeMediaNode(),
            Map.of("belfry.http.trustedProxies", "127.0.0.1", setting, value));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static void assertTooMany(HttpResponse<String> response) {
    assertEquals(429, response.statusCode(), response.body());
    JsonNode error = Json.readObject(response.body()).get("error");
    assertEquals("ERR_TOO_MANY_REQUESTS", error.get("code").textValue());
    long seconds = error.at("/details/retryAfter").longValue();
    assertTrue(seconds >= 1, response.body());
    assertEquals(
        Long.toString(seconds), response.headers().firstValue("retry-after").orElseThrow());
  }

  private static void assertTooMany(JsonNode answer) {
    assertEquals("ERR_TOO_MANY_REQUESTS", answer.at("/error/code").textValue(), answer.toString());
    assertTrue(answer.at("/error/details/retryAfter").longValue() >= 1, answer.toString());
  }

  private HttpResponse<String> settings(String address) throws Exception {
    return node.http("GET", "/v1/settings", null, "x-forwarded-for", address);
  }

  @Test
  void limitsRequestsOfAnAddress() throws Exception {
    start("belfry.http.requestsPerSecondPerAddress", "1");
    HttpResponse<String> last = settings(HERE);
    for (int i = 0; i < 8 && last.statusCode() == 200; i++) {
      last = settings("6.6.6.6, " + HERE);
    }
    assertTooMany(last);
    assertEquals(200, settings(ELSEWHERE).statusCode());
    assertEquals(200, settings("").statusCode(), "this host itself has no limit");
  }

  @Test
  void believesNobodyButTheProxy() throws Exception {
    node =
        TestNode.start(
            data,
            time,
            new FakeMediaNode(),
            Map.of("belfry.http.requestsPerSecondPerAddress", "1"));
    for (int i = 0; i < 20; i++) {
      assertEquals(200, settings(HERE).statusCode(), "it is this host, whatever it says");
    }
  }

  private WebSocket socket(String address) {
    return node.client
        .newWebSocketBuilder()
        .header("x-forwarded-for", address)
        .buildAsync(
            URI.create("ws://127.0.0.1:" + node.server.port() + "/v1/connect"),
            new WebSocket.Listener() {})
        .join();
  }

  @Test
  void limitsSocketsOfAnAddress() throws Exception {
    start("belfry.http.maxConnectionsPerAddress", "2");
    List<WebSocket> open = new ArrayList<>();
    open.add(socket(HERE));
    open.add(socket(HERE));
    CompletionException refusal = assertThrows(CompletionException.class, () -> socket(HERE));
    assertTrue(String.valueOf(refusal).contains("429") || refusal.getCause() != null);
    open.add(socket(ELSEWHERE));
    open.removeFirst().abort();
    for (int i = 0; i < 200; i++) {
      try {
        open.add(socket(HERE));
        open.forEach(WebSocket::abort);
        return;
      } catch (CompletionException e) {
        Thread.onSpinWait(); // the server has not seen yet that the other is gone
      }
    }
    throw new AssertionError("the place of a closed socket stays taken");
  }

  @Test
  void limitsDevicesOfAUser() throws Exception {
    start("belfry.signalling.limits.devicesPerUser", "2");
    node.phone("anna", "one");
    node.phone("anna", "two");
    Phone third = node.open();
    assertTooMany(
        third.request("hello", TestNode.hello(node.logIn("anna"), "anna", "three", null)));
    node.phone("ben", "one");
  }

  @Test
  void limitsMessagesOfADevice() throws Exception {
    start("belfry.signalling.limits.messagesPerSecondPerDevice", "1");
    Phone anna = node.phone("anna", "one");
    JsonNode answer = anna.request("ping", Map.of());
    for (int i = 0; i < 8 && answer.has("data"); i++) {
      answer = anna.request("ping", Map.of());
    }
    assertTooMany(answer);
    node.phone("anna", "two").ask("ping", Map.of());
  }

  @Test
  void limitsMessagesOfAUserOverAllDevicesAndRest() throws Exception {
    start("belfry.signalling.limits.messagesPerSecondPerUser", "1");
    String token = node.logIn("anna");
    Phone one = node.phone("anna", "one");
    Phone two = node.phone("anna", "two");
    Map<String, Object> none = Map.of("mode", "none");
    one.ask("subscribePresence", none);
    two.ask("subscribePresence", none);
    one.ask("subscribePresence", none);
    assertEquals(200, node.http("GET", "/v1/me", null, "authToken", token).statusCode());
    assertTooMany(node.http("GET", "/v1/me", null, "authToken", token));
    assertTooMany(two.request("subscribePresence", none));
    node.phone("ben", "one").ask("subscribePresence", none);
    time.advance(Duration.ofSeconds(1));
    two.ask("subscribePresence", none);
  }

  @Test
  void limitsCallAttemptsOfAUser() throws Exception {
    start("belfry.signalling.limits.callsPerMinutePerUser", "2");
    Phone anna = node.phone("anna", "one");
    for (int i = 0; i < 2; i++) {
      JsonNode call = anna.ask("initiateCall", TestNode.video("ben")).get("call");
      anna.ask("rejectCall", TestNode.session(call, "cancelled"));
    }
    JsonNode refusal = anna.request("initiateCall", TestNode.video("ben"));
    assertTooMany(refusal);
    assertEquals(30, refusal.at("/error/details/retryAfter").intValue());
    time.advance(Duration.ofSeconds(30));
    anna.ask("initiateCall", TestNode.video("ben"));
  }

  @Test
  void limitsWrongKeysOfAnAddress() throws Exception {
    start("belfry.signalling.limits.failedLoginsPerMinutePerAddress", "3");
    String token = node.logIn("anna");
    for (int i = 0; i < 3; i++) {
      assertEquals(
          "401 AUTH_ERR_APIKEY_NOT_FOUND",
          node.refusal("GET", "/v1/users", null, "apikey", "guess" + i, "x-forwarded-for", HERE));
    }
    assertTooMany(node.http("GET", "/v1/users", null, "apikey", "guess", "x-forwarded-for", HERE));
    assertTooMany(node.http("GET", "/v1/me", null, "authToken", token, "x-forwarded-for", HERE));
    node.data("GET", "/v1/me", null, "authToken", token, "x-forwarded-for", ELSEWHERE);
    time.advance(Duration.ofSeconds(20));
    node.data("GET", "/v1/me", null, "authToken", token, "x-forwarded-for", HERE);
  }
}
