package io.belfry.http.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.config.HttpConfig;
import io.belfry.http.ApiException;
import io.belfry.http.HttpResponse;
import io.belfry.http.Json;
import io.belfry.http.Operations;
import io.belfry.http.Routes;
import io.belfry.http.StaticFiles;
import io.prometheus.client.CollectorRegistry;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // the line ends are part of the protocol
final class HttpServerTest {
  private static final int MAX_BODY_BYTES = 2048;

  private final CollectorRegistry registry = new CollectorRegistry();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<@Nullable String> problem = new AtomicReference<>();
  private final CountDownLatch slow = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    Operations operations = new Operations(registry);
    operations.addReadiness("store", problem::get);
    Routes routes = new Routes();
    operations.contribute(routes);
    routes
        .get(
            "/v1/echo/{word}",
            request ->
                HttpResponse.data(
                    Map.of(
                        "word",
                        request.parameter("word"),
                        "q",
                        String.valueOf(request.query("q")),
                        "header",
                        String.valueOf(request.header("AuthToken")),
                        "thread",
                        Thread.currentThread().isVirtual())))
        .add(
            "OPTIONS",
            "/v1/offers",
            request -> HttpResponse.empty(200).withHeader("accept-post", "application/sdp"))
        .post("/v1/echo", request -> HttpResponse.data(request.json()))
        .get(
            "/v1/refuse",
            request -> {
              throw new ApiException(403, "ERR_NOT_PERMITTED", "No.", "because");
            })
        .get(
            "/v1/fail",
            request -> {
              throw new IOException("secret of the house");
            })
        .get(
            "/v1/slow",
            request -> {
              assertTrue(slow.await(10, TimeUnit.SECONDS));
              return HttpResponse.text(200, "text/plain", "slow");
            })
        .fallback(new StaticFiles(HttpServerTest.class.getClassLoader(), "web-test/"));
    server = HttpServer.start(config(List.of("https://app.example.org")), routes, registry);
  }

  static HttpConfig config(List<String> origins) {
    return new HttpConfig(
        "127.0.0.1", 0, Optional.empty(), MAX_BODY_BYTES, 16 * 1024, 100, origins, List.of(), 0, 0);
  }

  @AfterEach
  void stop() {
    slow.countDown();
    server.close();
    client.close();
  }

  private java.net.http.HttpRequest.Builder request(String path) {
    return java.net.http.HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private java.net.http.HttpResponse<String> get(String path, String... headers) throws Exception {
    java.net.http.HttpRequest.Builder request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void handsTheRequestToItsHandlerOnAVirtualThread() throws Exception {
    var response = get("/v1/echo/h%C3%A9?q=a%20b", "authToken", "t");
    assertEquals(200, response.statusCode());
    assertEquals(
        Json.readObject(
            "{\"data\":{\"word\":\"hé\",\"q\":\"a b\",\"header\":\"t\",\"thread\":true}}"),
        Json.readObject(response.body()));
    assertEquals("no-store", response.headers().firstValue("cache-control").orElseThrow());
  }

  @Test
  void refusesInTheShapeOfTheProtocol() throws Exception {
    var response = get("/v1/refuse");
    assertEquals(403, response.statusCode());
    assertEquals(
        "{\"error\":{\"code\":\"ERR_NOT_PERMITTED\",\"name\":\"ERR_NOT_PERMITTED\","
            + "\"message\":\"No.\",\"details\":\"because\"}}",
        response.body());
  }

  @Test
  void keepsADefectFromTheClient() throws Exception {
    var response = get("/v1/fail");
    assertEquals(500, response.statusCode());
    assertTrue(response.body().contains("ERR_INTERNAL"));
    assertFalse(response.body().contains("secret"), response.body());
  }

  @Test
  void answersUnknownPathsAndMethods() throws Exception {
    assertEquals(404, get("/v1/none.json").statusCode());
    var wrong =
        client.send(
            request("/v1/refuse").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    assertEquals(405, wrong.statusCode());
    assertEquals("GET", wrong.headers().firstValue("allow").orElseThrow());
    assertTrue(wrong.body().contains("ERR_METHOD_NOT_ALLOWED"));
  }

  @Test
  void refusesABodyThatIsNoJsonOrTooLarge() throws Exception {
    var noJson =
        client.send(
            request("/v1/echo").POST(BodyPublishers.ofString("<xml/>")).build(),
            BodyHandlers.ofString());
    assertEquals(400, noJson.statusCode());
    assertTrue(noJson.body().contains("ERR_BAD_REQUEST"));
    var large =
        client.send(
            request("/v1/echo")
                .POST(BodyPublishers.ofByteArray(new byte[MAX_BODY_BYTES + 1]))
                .build(),
            BodyHandlers.ofString());
    assertEquals(413, large.statusCode());
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET /v1/slow HTTP/1.1\r\nhost: x\r\n\r\n"
                  + "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      slow.countDown();
      String all;
      try (BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
        all = String.join("\n", in.lines().toList());
      }
      assertTrue(all.indexOf("slow") > 0, all);
      assertTrue(all.indexOf("slow") < all.indexOf("ok"), all);
    }
  }

  @Test
  void letsListedOriginsReadAnswers() throws Exception {
    var listed = get("/v1/echo/x", "Origin", "https://app.example.org");
    assertEquals(
        "https://app.example.org",
        listed.headers().firstValue("access-control-allow-origin").orElseThrow());
    var stranger = get("/v1/echo/x", "Origin", "https://evil.example.org");
    assertTrue(stranger.headers().firstValue("access-control-allow-origin").isEmpty());
  }

  @Test
  void answersPreflights() throws Exception {
    var response =
        client.send(
            request("/v1/echo")
                .method("OPTIONS", BodyPublishers.noBody())
                .headers(
                    "Origin", "https://app.example.org", "Access-Control-Request-Method", "POST")
                .build(),
            BodyHandlers.ofString());
    assertEquals(204, response.statusCode());
    assertTrue(
        response
            .headers()
            .firstValue("access-control-allow-headers")
            .orElseThrow()
            .contains("authtoken"));
  }

  @Test
  void aRouteMayAddToThePreflightsAnswer() throws Exception {
    var response =
        client.send(
            request("/v1/offers")
                .method("OPTIONS", BodyPublishers.noBody())
                .headers(
                    "Origin", "https://app.example.org", "Access-Control-Request-Method", "PATCH")
                .build(),
            BodyHandlers.ofString());
    assertEquals(200, response.statusCode());
    assertEquals("application/sdp", response.headers().firstValue("accept-post").orElseThrow());
    String methods = response.headers().firstValue("access-control-allow-methods").orElseThrow();
    assertTrue(methods.contains("PATCH"), methods);
    String headers = response.headers().firstValue("access-control-allow-headers").orElseThrow();
    assertTrue(headers.contains("authorization") && headers.contains("if-match"), headers);
    var read = get("/v1/echo/x", "Origin", "https://app.example.org");
    String exposed = read.headers().firstValue("access-control-expose-headers").orElseThrow();
    assertTrue(exposed.contains("location, etag, link, accept-patch"), exposed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/index.html", "/calls/history"})
  void servesThePageForItsOwnAddresses(String path) throws Exception {
    var response = get(path);
    assertEquals(200, response.statusCode());
    assertTrue(response.body().startsWith("<!doctype html>"));
    assertEquals("no-cache", response.headers().firstValue("cache-control").orElseThrow());
    assertTrue(response.headers().firstValue("content-security-policy").isPresent());
    assertTrue(
        response
            .headers()
            .firstValue("permissions-policy")
            .orElseThrow()
            .contains("camera=(self)"));
  }

  @Test
  void letsHashedFilesBeCachedForEver() throws Exception {
    var response = get("/assets/app-B3x9_kQz.js");
    assertTrue(response.headers().firstValue("cache-control").orElseThrow().contains("immutable"));
    assertTrue(
        response.headers().firstValue("content-type").orElseThrow().startsWith("text/javascript"));
  }

  @Test
  void doesNotSendAFileThatIsKnown() throws Exception {
    String etag = get("/").headers().firstValue("etag").orElseThrow();
    var response = get("/", "If-None-Match", etag);
    assertEquals(304, response.statusCode());
    assertEquals("", response.body());
  }

  @Test
  void zipsText() throws Exception {
    var response =
        client.send(
            request("/").header("Accept-Encoding", "br, gzip").build(), BodyHandlers.ofByteArray());
    assertEquals("gzip", response.headers().firstValue("content-encoding").orElseThrow());
    assertArrayEquals(
        get("/").body().getBytes(StandardCharsets.UTF_8),
        new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../logback-test.xml",
        "/assets/../../logback-test.xml",
        "/%2e%2e/logback-test.xml",
        "/..%5clogback-test.xml",
        "//logback-test.xml",
        "/.hidden",
      })
  void servesNothingOutsideOfTheFolder(String path) throws Exception {
    // By hand: a decent client would tidy the path before sending it.
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 404"), answer);
    }
  }

  @Test
  void tellsHealthReadinessAndMetrics() throws Exception {
    assertEquals(200, get("/healthz").statusCode());
    assertEquals(200, get("/readyz").statusCode());
    problem.set("the database does not answer");
    var unready = get("/readyz");
    assertEquals(503, unready.statusCode());
    assertTrue(unready.body().contains("the database does not answer"));
    String metrics = get("/metrics").body();
    assertTrue(metrics.contains("belfry_http_requests_total{route=\"/readyz\""), metrics);
    assertTrue(metrics.contains("jvm_memory_bytes_used"));
  }

  @Test
  void saysWhenThePortIsTaken() {
    HttpConfig taken =
        new HttpConfig(
            "127.0.0.1",
            server.port(),
            Optional.empty(),
            1024,
            16 * 1024,
            100,
            List.of(),
            List.of(),
            0,
            0);
    IOException refusal =
        assertThrows(
            IOException.class,
            () -> HttpServer.start(taken, new Routes(), new CollectorRegistry()));
    assertTrue(String.valueOf(refusal.getMessage()).contains(":" + server.port()));
  }
}
