package io.belfry.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A client of a JSON socket (docs/protocol.md §1), as somebody without our SDK would write it.
final class SocketClient implements WebSocket.Listener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LIMIT_SECONDS = 15;

  private final Map<Long, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
  private final AtomicLong nextId = new AtomicLong(1);
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  /// @param address of the server, `http://…`
  SocketClient(HttpClient http, String address, String path) throws Exception {
    this.socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(address.replaceFirst("http", "ws") + path), this)
            .get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /// Sends a request and waits for its answer.
  ///
  /// @throws AssertionError if it is refused
  JsonNode request(String type, Map<String, ?> fields) throws Exception {
    long id = nextId.getAndIncrement();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode frame = JSON.valueToTree(fields);
    frame.put("id", id).put("type", type);
    send(frame);
    JsonNode received = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (received.has("error")) {
      throw new AssertionError(type + " was refused: " + received.get("error"));
    }
    return received.get("data");
  }

  /// Waits for the next event of a type; others before it are passed over.
  JsonNode event(String type) throws InterruptedException {
    while (true) {
      JsonNode event = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no " + type + " came");
      }
      if (event.get("type").textValue().equals(type)) {
        return event.get("data");
      }
    }
  }

  private synchronized void send(JsonNode frame) {
    socket.sendText(frame.toString(), true).join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      receive(text.toString());
      text.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  private void receive(String frame) {
    try {
      JsonNode json = JSON.readTree(frame);
      CompletableFuture<JsonNode> answer =
          json.has("re") ? answers.remove(json.get("re").longValue()) : null;
      if (answer != null) {
        answer.complete(json);
      } else if (json.has("seq")) {
        events.add(json);
      }
    } catch (JsonProcessingException e) {
      throw new AssertionError(frame, e);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
