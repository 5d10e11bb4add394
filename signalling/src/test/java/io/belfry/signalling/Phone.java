package io.belfry.signalling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.Json;
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

/// A device for tests: a WebSocket that tells answers from events.
final class Phone implements WebSocket.Listener, AutoCloseable {
  private static final int WAIT_SECONDS = 10;

  final CompletableFuture<Integer> closed = new CompletableFuture<>();
  final LinkedBlockingQueue<ObjectNode> events = new LinkedBlockingQueue<>();
  private final Map<Long, CompletableFuture<ObjectNode>> answers = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final StringBuilder partial = new StringBuilder();
  private final WebSocket socket;
  volatile long lastSeq;

  Phone(HttpClient client, int port) {
    socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/connect"), this)
            .join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      ObjectNode frame = Json.readObject(partial.toString());
      partial.setLength(0);
      if (frame.has("seq")) {
        lastSeq = frame.get("seq").longValue();
        events.add(frame);
      } else {
        CompletableFuture<ObjectNode> waiting = answers.remove(frame.get("re").longValue());
        if (waiting != null) {
          waiting.complete(frame);
        }
      }
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.complete(1006);
  }

  /// Sends a request and waits for its whole answer frame.
  ObjectNode request(String type, Map<String, ?> fields) throws Exception {
    long id = ids.incrementAndGet();
    CompletableFuture<ObjectNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode frame = Json.object().put("id", id).put("type", type);
    fields.forEach((name, value) -> frame.set(name, Json.toTree(value)));
    socket.sendText(frame.toString(), true).join();
    return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /// Sends a text as it is and waits for the frame that answers it.
  ///
  /// @param id of the request in it, 0 if it has none that can be used
  ObjectNode raw(long id, String text) throws Exception {
    CompletableFuture<ObjectNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket.sendText(text, true).join();
    return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /// Sends a text as it is.
  void send(String text) {
    socket.sendText(text, true).join();
  }

  /// The answer's `data`; a refusal fails the test.
  JsonNode ask(String type, Map<String, ?> fields) throws Exception {
    ObjectNode answer = request(type, fields);
    JsonNode data = answer.get("data");
    if (data == null) {
      throw new AssertionError(type + " was refused: " + answer);
    }
    return data;
  }

  /// The code of the refusal; an answer fails the test.
  String refusal(String type, Map<String, ?> fields) throws Exception {
    ObjectNode answer = request(type, fields);
    if (!answer.has("error")) {
      throw new AssertionError(type + " was answered: " + answer);
    }
    return answer.at("/error/code").textValue();
  }

  /// The call in the next event, which must be of this type.
  JsonNode event(String type) throws InterruptedException {
    JsonNode data = eventData(type);
    return data.has("call") ? data.get("call") : data;
  }

  /// All that the next event says.
  JsonNode eventData(String type) throws InterruptedException {
    ObjectNode event = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event came, wanted " + type);
    }
    if (!event.get("type").textValue().equals(type)) {
      throw new AssertionError("wanted " + type + ", got " + event);
    }
    return event.get("data");
  }

  /// Fails if an event has come. Answers come after events that were caused before, so a ping makes
  /// sure that none is on its way.
  void expectQuiet() throws Exception {
    ask("ping", Map.of());
    ObjectNode event = events.poll();
    if (event != null) {
      throw new AssertionError("unwanted: " + event);
    }
  }

  void acknowledge(long seq) {
    socket.sendText("{\"ack\":" + seq + "}", true).join();
  }

  int closeCode() throws Exception {
    return closed.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /// As when the network breaks.
  void cut() {
    socket.abort();
  }

  @Override
  public void close() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
  }
}
