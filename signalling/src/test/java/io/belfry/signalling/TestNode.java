package io.belfry.signalling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.common.media.MediaNode;
import io.belfry.common.token.CallTokenSigner;
import io.belfry.config.BelfryConfig;
import io.belfry.config.ConfigReader;
import io.belfry.http.Json;
import io.belfry.http.Operations;
import io.belfry.http.Routes;
import io.belfry.http.server.HttpServer;
import io.belfry.signalling.timer.ManualTimers;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A whole signalling node on a free port, with a fake SFU and time turned by hand.
final class TestNode implements AutoCloseable {
  /// One for all: to make an RSA key takes longer than all the rest of a start.
  private static final String SIGNING_KEY = CallTokenSigner.generate().toPrivateJwk();

  final CollectorRegistry registry = new CollectorRegistry();
  final HttpClient client = HttpClient.newHttpClient();
  final BelfryConfig config;
  final SignallingNode node;
  final Routes routes;
  final HttpServer server;
  private @Nullable String authKey;

  private TestNode(BelfryConfig config, SignallingNode node, Routes routes, HttpServer server) {
    this.config = config;
    this.node = node;
    this.routes = routes;
    this.server = server;
  }

  /// Makes the operator's key of a store that has none, which no running node may hold.
  static String operatorKey(Path data, ManualTimers time) throws IOException {
    try (TestNode first =
        start(data, time, new FakeMediaNode(), Map.of("belfry.development", "false"))) {
      return first.node.firstApiKey().orElseThrow();
    } finally {
      time.forget();
    }
  }

  static TestNode start(
      Path data, ManualTimers time, MediaNode media, Map<String, String> overrides)
      throws IOException {
    Path key = data.resolve("call-token-key.json");
    if (Files.notExists(key)) {
      Files.writeString(key, SIGNING_KEY);
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("belfry.development", "true");
    settings.put("belfry.dataDirectory", data.toString());
    settings.put("belfry.http.host", "127.0.0.1");
    settings.put("belfry.http.port", "0");
    // Tests are quicker than people; those of the limits set them.
    settings.put("belfry.signalling.limits.callsPerMinutePerUser", "0");
    settings.putAll(overrides);
    BelfryConfig config = ConfigReader.withOverrides(settings);
    CollectorRegistry registry = new CollectorRegistry();
    Routes routes = new Routes();
    Operations operations = new Operations(registry);
    operations.contribute(routes);
    SignallingNode node =
        SignallingNode.start(config, routes, operations, media, registry, time, time);
    return new TestNode(config, node, routes, HttpServer.start(config.http(), routes, registry));
  }

  /// Sends a request; `body` null sends none.
  HttpResponse<String> http(String method, String path, @Nullable Object body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(Json.toBytes(body)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /// The answer's `data`; a refusal fails the test.
  JsonNode data(String method, String path, @Nullable Object body, String... headers)
      throws Exception {
    HttpResponse<String> response = http(method, path, body, headers);
    if (response.statusCode() != 200) {
      throw new AssertionError(method + " " + path + ": " + response.body());
    }
    return Json.readObject(response.body()).get("data");
  }

  /// Status and code of a refusal.
  String refusal(String method, String path, @Nullable Object body, String... headers)
      throws Exception {
    HttpResponse<String> response = http(method, path, body, headers);
    return response.statusCode()
        + " "
        + Json.readObject(response.body()).at("/error/code").textValue();
  }

  /// An auth token of a demo user.
  String logIn(String uid) throws Exception {
    if (authKey == null) {
      authKey = data("GET", "/v1/settings", null).get("authKey").textValue();
    }
    return data("POST", "/v1/login", Map.of("uid", uid, "authKey", authKey))
        .get("authToken")
        .textValue();
  }

  Phone open() {
    return new Phone(client, server.port());
  }

  /// A greeted device of a demo user, under a device id made of these.
  Phone phone(String uid, String device) throws Exception {
    Phone phone = open();
    phone.ask("hello", hello(logIn(uid), uid, device, null));
    return phone;
  }

  static Map<String, Object> hello(
      String token, String uid, String device, @Nullable Long lastSeq) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("protocol", 1);
    fields.put("authToken", token);
    fields.put("deviceId", "device-" + uid + "-" + device);
    if (lastSeq != null) {
      fields.put("lastSeq", lastSeq);
    }
    return fields;
  }

  static Map<String, Object> video(String receiver) {
    return Map.of("receiverId", receiver, "receiverType", "user", "callType", "video");
  }

  static Map<String, Object> group(String guid) {
    return Map.of("receiverId", guid, "receiverType", "group", "callType", "video");
  }

  static Map<String, Object> session(JsonNode call) {
    return Map.of("sessionId", call.get("sessionId").textValue());
  }

  static Map<String, Object> session(JsonNode call, String status) {
    return Map.of("sessionId", call.get("sessionId").textValue(), "status", status);
  }

  static ObjectNode object(JsonNode node) {
    return (ObjectNode) node;
  }

  @Override
  public void close() {
    server.close();
    node.close();
    client.close();
  }
}
