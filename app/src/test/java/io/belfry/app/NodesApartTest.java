package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.belfry.config.BelfryConfig;
import io.belfry.config.ConfigReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `belfry signalling` and `belfry sfu`: the real nodes, joined by their control connection.
class NodesApartTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET = "a secret of this test";

  @TempDir private Path data;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void aCallIsRungHereAndJoinedThere() throws Exception {
    try (SfuServer sfu = SfuServer.start(config(Map.of()));
        SignallingServer signalling = SignallingServer.start(signallingConfig(sfu))) {
      awaitReady(signalling.address());
      String key =
          read("GET", signalling.address() + "/v1/settings", null).get("authKey").textValue();
      String annaToken = logIn(signalling, "anna", key);
      String benToken = logIn(signalling, "ben", key);
      try (SocketClient anna = device(signalling, "anna", annaToken);
          SocketClient ben = device(signalling, "ben", benToken)) {
        anna.request(
            "initiateCall",
            Map.of("receiverId", "ben", "receiverType", "user", "callType", "audio"));
        String session = ben.event("onIncomingCallReceived").at("/call/sessionId").textValue();
        ben.request("acceptCall", Map.of("sessionId", session));
        anna.event("onOutgoingCallAccepted");
        try (SocketClient inside = join(signalling, sfu, session, annaToken);
            SocketClient other = join(signalling, sfu, session, benToken)) {
          inside.event("onUserJoined");
          // The SFU hears of the end, and tells who is in.
          ben.request("endCall", Map.of("sessionId", session));
          for (SocketClient one : List.of(inside, other)) {
            JsonNode closed = one.event("onSessionClosed");
            assertEquals("ended", closed.at("/reason").textValue());
            assertEquals("ben", closed.at("/by/uid").textValue());
            assertEquals("Ben Okafor", closed.at("/by/name").textValue());
          }
          anna.event("onCallEndedMessageReceived");
        }
      }
    }
  }

  @Test
  void callsOfAnSfuThatIsGoneEndWithAnEvent() throws Exception {
    SfuServer sfu = SfuServer.start(config(Map.of()));
    try (SignallingServer signalling = SignallingServer.start(signallingConfig(sfu))) {
      awaitReady(signalling.address());
      String key =
          read("GET", signalling.address() + "/v1/settings", null).get("authKey").textValue();
      String annaToken = logIn(signalling, "anna", key);
      try (SocketClient anna = device(signalling, "anna", annaToken);
          SocketClient ben = device(signalling, "ben", logIn(signalling, "ben", key))) {
        anna.request(
            "initiateCall",
            Map.of("receiverId", "ben", "receiverType", "user", "callType", "audio"));
        String session = ben.event("onIncomingCallReceived").at("/call/sessionId").textValue();
        ben.request("acceptCall", Map.of("sessionId", session));
        sfu.close();
        assertEquals(
            "ended", anna.event("onCallEndedMessageReceived").at("/call/status").textValue());
        ben.event("onCallEndedMessageReceived");
      }
    } finally {
      sfu.close();
    }
  }

  @Test
  void callsOfAnSfuThatIsRestartedGoOn() throws Exception {
    SfuServer sfu = SfuServer.start(config(Map.of()));
    Map<String, String> samePorts =
        Map.of(
            "belfry.http.port",
            Integer.toString(URI.create(sfu.address()).getPort()),
            "belfry.sfu.control.port",
            Integer.toString(sfu.controlPort()));
    try (SignallingServer signalling = SignallingServer.start(signallingConfig(sfu, "1m"))) {
      awaitReady(signalling.address());
      String key =
          read("GET", signalling.address() + "/v1/settings", null).get("authKey").textValue();
      String annaToken = logIn(signalling, "anna", key);
      try (SocketClient anna = device(signalling, "anna", annaToken);
          SocketClient ben = device(signalling, "ben", logIn(signalling, "ben", key))) {
        anna.request(
            "initiateCall",
            Map.of("receiverId", "ben", "receiverType", "user", "callType", "audio"));
        String session = ben.event("onIncomingCallReceived").at("/call/sessionId").textValue();
        ben.request("acceptCall", Map.of("sessionId", session));
        join(signalling, sfu, session, annaToken).close();
        sfu.close();
        sfu = SfuServer.start(config(samePorts));
        awaitReady(signalling.address());
        awaitJoined(signalling, sfu, session, annaToken);
        assertEquals(
            "ended",
            ben.request("endCall", Map.of("sessionId", session)).at("/call/status").textValue());
      }
    } finally {
      sfu.close();
    }
  }

  /// The session is opened again a moment after the nodes have found each other.
  private void awaitJoined(
      SignallingServer signalling, SfuServer sfu, String session, String authToken)
      throws Exception {
    AssertionError refused = new AssertionError("not tried");
    for (int i = 0; i < 100; i++) {
      try {
        join(signalling, sfu, session, authToken).close();
        return;
      } catch (AssertionError e) {
        refused = e;
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    throw refused;
  }

  @Test
  void whatIsMissingIsSaidInWords() {
    StartupException sfu =
        assertThrows(
            StartupException.class,
            () -> SfuServer.start(config(Map.of("belfry.sfu.control.secret", ""))));
    assertTrue(String.valueOf(sfu.getMessage()).contains("belfry.sfu.control.secret"));
    StartupException signalling =
        assertThrows(StartupException.class, () -> SignallingServer.start(config(Map.of())));
    assertTrue(String.valueOf(signalling.getMessage()).contains("belfry.signalling.media.host"));
  }

  private SocketClient join(
      SignallingServer signalling, SfuServer sfu, String session, String authToken)
      throws Exception {
    JsonNode answer =
        read(
            "POST",
            signalling.address() + "/v1/calls/" + session + "/token",
            Map.of(),
            "authToken",
            authToken);
    assertEquals(sessionUrl(sfu), answer.get("url").textValue());
    SocketClient client = new SocketClient(http, sfu.address(), "/v1/session");
    client.request(
        "join",
        Map.of(
            "protocol",
            1,
            "token",
            answer.get("token").textValue(),
            "isAudioMuted",
            false,
            "isVideoMuted",
            false));
    return client;
  }

  private SocketClient device(SignallingServer signalling, String uid, String token)
      throws Exception {
    SocketClient client = new SocketClient(http, signalling.address(), "/v1/connect");
    client.request(
        "hello", Map.of("protocol", 1, "authToken", token, "deviceId", "device-of-" + uid));
    return client;
  }

  private String logIn(SignallingServer signalling, String uid, String key) throws Exception {
    return read("POST", signalling.address() + "/v1/login", Map.of("uid", uid, "authKey", key))
        .get("authToken")
        .textValue();
  }

  private void awaitReady(String address) throws Exception {
    for (int i = 0; i < 200; i++) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(address + "/readyz")).build(),
              BodyHandlers.ofString());
      if (response.statusCode() == 200) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("never ready");
  }

  private JsonNode read(String method, String url, @Nullable Object body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body()).get("data");
  }

  private static String sessionUrl(SfuServer sfu) {
    return sfu.address().replaceFirst("http", "ws") + "/v1/session";
  }

  private BelfryConfig signallingConfig(SfuServer sfu) {
    return signallingConfig(sfu, "1s");
  }

  private BelfryConfig signallingConfig(SfuServer sfu, String lostAfter) {
    return config(
        Map.of(
            "belfry.development",
            "true",
            "belfry.signalling.media.host",
            "127.0.0.1",
            "belfry.signalling.media.port",
            Integer.toString(sfu.controlPort()),
            "belfry.signalling.media.secret",
            SECRET,
            "belfry.signalling.media.sessionUrl",
            sessionUrl(sfu),
            "belfry.signalling.media.lostAfter",
            lostAfter));
  }

  private BelfryConfig config(Map<String, String> changes) {
    Map<String, String> settings = new HashMap<>();
    settings.put("belfry.http.host", "127.0.0.1");
    settings.put("belfry.http.port", "0");
    settings.put("belfry.sfu.udp.host", "127.0.0.1");
    settings.put("belfry.sfu.udp.port", "0");
    settings.put("belfry.sfu.warmUp", "false");
    settings.put("belfry.sfu.control.port", "0");
    settings.put("belfry.sfu.control.secret", SECRET);
    settings.put("belfry.dataDirectory", data.toString());
    settings.putAll(changes);
    return ConfigReader.withOverrides(settings);
  }
}
