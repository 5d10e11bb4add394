package io.belfry.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.http.ApiException;
import io.belfry.http.HttpRequest;
import io.belfry.http.Routes;
import io.belfry.http.socket.CloseCode;
import io.belfry.http.socket.JsonSocket;
import io.belfry.http.socket.JsonSocketHandler;
import io.belfry.http.socket.SocketOptions;
import io.prometheus.client.CollectorRegistry;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // the line ends are part of the protocol
final class JsonSocketTest {
  private static final SocketOptions PATIENT =
      new SocketOptions("hello", Duration.ofMinutes(1), Duration.ofMinutes(1));

  private final HttpClient client = HttpClient.newHttpClient();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final BlockingQueue<Handler> handlers = new LinkedBlockingQueue<>();
  private HttpServer server;

  /// A handler that notes what it is told.
  private static final class Handler implements JsonSocketHandler {
    final JsonSocket socket;
    final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
    final AtomicInteger inside = new AtomicInteger();

    Handler(JsonSocket socket) {
      this.socket = socket;
    }

    @Override
    public Object onRequest(String type, JsonNode fields) {
      assertEquals(1, inside.incrementAndGet(), "one request at a time");
      try {
        return switch (type) {
          case "hello" -> {
            socket.greeted();
            socket.afterAnswer(() -> socket.send(Map.of("seq", 1, "type", "welcome")));
            yield Map.of("virtual", Thread.currentThread().isVirtual());
          }
          case "leave" -> {
            socket.close(CloseCode.DONE, "left");
            yield Map.of();
          }
          case "flood" -> {
            byte[] kilobyte = new byte[1024];
            String text = new String(kilobyte, StandardCharsets.US_ASCII).replace('\0', 'x');
            for (int i = 0; i < 100_000; i++) {
              socket.send(Map.of("seq", i, "type", text));
            }
            yield Map.of();
          }
          case "push" -> {
            Thread other = Thread.ofVirtual().start(() -> socket.send(Map.of("seq", 7)));
            join(other);
            yield Map.of("pushed", true);
          }
          case "end" -> {
            join(
                Thread.ofVirtual()
                    .start(() -> {
                      socket.send(Map.of("seq", 7));
                      socket.close(CloseCode.SESSION_CLOSED, "over");
                    }));
            yield Map.of();
          }
          case "count" -> Map.of("n", fields.get("n"));
          default -> throw ApiException.unknownType(type);
        };
      } finally {
        inside.decrementAndGet();
      }
    }

    private static void join(Thread thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onAck(long seq) {
      socket.send(Map.of("acked", seq));
    }

    @Override
    public void onClosed(int code, String reason) {
      closes.add(code);
    }

    int closeCode() throws InterruptedException {
      Integer code = closes.poll(TestSocket.WAIT_SECONDS, TimeUnit.SECONDS);
      return code == null ? -1 : code;
    }
  }

  @BeforeEach
  void start() throws Exception {
    Routes routes =
        new Routes()
            .socket("/v1/connect", PATIENT, this::open)
            .socket(
                "/v1/strict",
                new SocketOptions("hello", Duration.ZERO, Duration.ofMinutes(1)),
                this::open)
            .socket(
                "/v1/drowsy",
                new SocketOptions("hello", Duration.ofMinutes(1), Duration.ofSeconds(1)),
                this::open)
            .socket(
                "/v1/silent",
                new SocketOptions("hello", Duration.ofMinutes(1), Duration.ZERO),
                this::open);
    server =
        HttpServer.start(
            HttpServerTest.config(List.of("https://app.example.org")), routes, registry);
  }

  private JsonSocketHandler open(JsonSocket socket, HttpRequest upgrade) {
    Handler handler = new Handler(socket);
    handlers.add(handler);
    return handler;
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  private URI address(String path) {
    return URI.create("ws://127.0.0.1:" + server.port() + path);
  }

  private TestSocket connect() {
    return new TestSocket(client, address("/v1/connect"), null);
  }

  private TestSocket greeted() throws InterruptedException {
    TestSocket socket = connect();
    socket.send("{\"id\":1,\"type\":\"hello\"}");
    socket.receive();
    socket.receive();
    return socket;
  }

  private Handler handler() throws InterruptedException {
    Handler handler = handlers.poll(TestSocket.WAIT_SECONDS, TimeUnit.SECONDS);
    if (handler == null) {
      throw new AssertionError("no socket was opened");
    }
    return handler;
  }

  @Test
  void greetsBeforeTheEventsFlow() throws Exception {
    TestSocket socket = connect();
    socket.send("{\"id\":1,\"type\":\"hello\"}");
    assertEquals("{\"re\":1,\"data\":{\"virtual\":true}}", socket.receive().toString());
    assertEquals("welcome", socket.receive().get("type").asText());
  }

  @Test
  void answersInOrderAndOneAtATime() throws Exception {
    TestSocket socket = greeted();
    for (int n = 1; n <= 200; n++) {
      socket.send("{\"id\":" + n + ",\"type\":\"count\",\"n\":" + n + "}");
    }
    for (int n = 1; n <= 200; n++) {
      assertEquals("{\"re\":" + n + ",\"data\":{\"n\":" + n + "}}", socket.receive().toString());
    }
  }

  @Test
  void answersBeforeWhatTheRequestCaused() throws Exception {
    TestSocket socket = greeted();
    socket.send("{\"id\":2,\"type\":\"push\"}");
    assertEquals("{\"re\":2,\"data\":{\"pushed\":true}}", socket.receive().toString());
    assertEquals("{\"seq\":7}", socket.receive().toString());
  }

  @Test
  void sendsWhatWasSaidBeforeAnotherClosesItDuringARequest() throws Exception {
    TestSocket socket = greeted();
    socket.send("{\"id\":2,\"type\":\"end\"}");
    assertEquals("{\"seq\":7}", socket.receive().toString());
    assertEquals(CloseCode.SESSION_CLOSED, socket.closeCode());
  }

  @Test
  void asksWhoIsSilentWhetherItIsThere() throws Exception {
    TestSocket socket = new TestSocket(client, address("/v1/drowsy"), null);
    socket.pinged.get(TestSocket.WAIT_SECONDS, TimeUnit.SECONDS);
    // The client has answered by itself, so there is a second one instead of an end.
    socket.pingedAgain.get(TestSocket.WAIT_SECONDS, TimeUnit.SECONDS);
    assertFalse(socket.closed.isDone());
  }

  @Test
  void handsOnAcknowledgements() throws Exception {
    TestSocket socket = greeted();
    socket.send("{\"ack\":5}");
    assertEquals("{\"acked\":5}", socket.receive().toString());
  }

  @Test
  void closesAfterTheAnswer() throws Exception {
    TestSocket socket = greeted();
    socket.send("{\"id\":2,\"type\":\"leave\"}");
    assertEquals("{\"re\":2,\"data\":{}}", socket.receive().toString());
    assertEquals(CloseCode.DONE, socket.closeCode());
    assertEquals(CloseCode.DONE, handler().closeCode());
  }

  @Test
  void tellsTheHandlerWhyTheClientLeft() throws Exception {
    TestSocket socket = greeted();
    socket.webSocket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
    Handler handler = handler();
    assertEquals(CloseCode.DONE, handler.closeCode());
    assertEquals(0, handler.closes.size());
  }

  @Test
  void noticesABrokenConnection() throws Exception {
    TestSocket socket = greeted();
    socket.webSocket.abort();
    assertEquals(CloseCode.ABNORMAL, handler().closeCode());
  }

  @Test
  void refusesTooLargeFrames() throws Exception {
    TestSocket socket = greeted();
    socket.send("\"" + "x".repeat(17 * 1024) + "\"");
    assertEquals(CloseCode.TOO_LARGE, socket.closeCode());
    assertEquals(CloseCode.TOO_LARGE, handler().closeCode());
  }

  @Test
  void refusesTooLargeFramesThatComeInPieces() throws Exception {
    TestSocket socket = greeted();
    socket.webSocket.sendText("x".repeat(10 * 1024), false).join();
    socket.webSocket.sendText("x".repeat(10 * 1024), true).join();
    assertEquals(CloseCode.TOO_LARGE, socket.closeCode());
  }

  @Test
  void refusesBinaryFrames() throws Exception {
    TestSocket socket = greeted();
    socket.webSocket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();
    assertEquals(CloseCode.ABUSE, socket.closeCode());
  }

  @Test
  void cutsOffWhoSendsRubbish() throws Exception {
    TestSocket socket = greeted();
    for (int i = 0; i < 21; i++) {
      socket.send("rubbish");
    }
    assertEquals(CloseCode.ABUSE, socket.closeCode());
  }

  @Test
  void closesWhoDoesNotGreet() throws Exception {
    TestSocket socket = new TestSocket(client, address("/v1/strict"), null);
    assertEquals(CloseCode.GREETING_TOO_LATE, socket.closeCode());
  }

  @Test
  void dropsWhoIsSilent() throws Exception {
    TestSocket socket = new TestSocket(client, address("/v1/silent"), null);
    assertEquals(CloseCode.ABNORMAL, socket.closeCode());
  }

  /// A raw client that never reads: its outbound buffer must end it, not the server's memory.
  @Test
  void cutsOffWhoDoesNotRead() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /v1/connect HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\n"
                      + "connection: upgrade\r\nsec-websocket-version: 13\r\n"
                      + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.read());
      }
      assertTrue(head.toString().startsWith("HTTP/1.1 101"), head.toString());
      socket.getOutputStream().write(masked("{\"id\":1,\"type\":\"hello\"}"));
      socket.getOutputStream().write(masked("{\"id\":2,\"type\":\"flood\"}"));
      assertEquals(CloseCode.ABUSE, handler().closeCode());
    }
  }

  private static byte[] masked(String text) {
    byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer frame = ByteBuffer.allocate(6 + payload.length);
    frame.put((byte) 0x81).put((byte) (0x80 | payload.length)).putInt(0).put(payload);
    return frame.array();
  }

  @Test
  void refusesPagesOfOtherOrigins() {
    CompletionException refusal =
        assertThrows(
            CompletionException.class,
            () -> new TestSocket(client, address("/v1/connect"), "https://evil.example.org"));
    assertTrue(refusal.toString().contains("WebSocketHandshakeException"), refusal.toString());
  }

  @Test
  void takesItsOwnPageAndListedOnes() {
    new TestSocket(client, address("/v1/connect"), "http://127.0.0.1:" + server.port());
    new TestSocket(client, address("/v1/connect"), "https://app.example.org");
  }

  @Test
  void tellsSocketsWhenItGoesAway() throws Exception {
    TestSocket socket = greeted();
    server.close();
    assertEquals(CloseCode.GOING_AWAY, socket.closeCode());
    assertEquals(CloseCode.GOING_AWAY, handler().closeCode());
  }

  @Test
  void countsSocketsAndFrames() throws Exception {
    greeted();
    assertEquals(
        1.0,
        registry.getSampleValue(
            "belfry_http_sockets", new String[] {"route"}, new String[] {"/v1/connect"}));
    assertEquals(
        1.0,
        registry.getSampleValue(
            "belfry_http_frames_total",
            new String[] {"route", "outcome"},
            new String[] {"/v1/connect", "ANSWERED"}));
  }
}
