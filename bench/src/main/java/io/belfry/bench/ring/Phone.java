package io.belfry.bench.ring;

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

/// One device.
final class Phone implements WebSocket.Listener {
  private static final long WAIT_SECONDS = 30;
  private static final long EVENTS_PER_ACK = 8;

  private final Map<Long, CompletableFuture<ObjectNode>> answers = new ConcurrentHashMap<>(2);
  private final LinkedBlockingQueue<Told> events = new LinkedBlockingQueue<>();
  private final AtomicLong ids = new AtomicLong();
  private final StringBuilder partial = new StringBuilder(0);
  private final WebSocket socket;

  /// An event, and when it came.
  record Told(String type, JsonNode call, long atNanos) {}

  Phone(HttpClient http, URI address) {
    socket = http.newWebSocketBuilder().buildAsync(address, this).join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
    long now = System.nanoTime();
    partial.append(text);
    if (isLast) {
      ObjectNode frame = Json.readObject(partial.toString());
      partial.setLength(0);
      if (frame.has("seq")) {
        long seq = frame.get("seq").longValue();
        if (seq % EVENTS_PER_ACK == 0) {
          send("{\"ack\":" + seq + "}");
        }
        events.add(new Told(frame.get("type").textValue(), frame.at("/data/call"), now));
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

  /// The answer's frame.
  CompletableFuture<ObjectNode> ask(String type, Map<String, ?> fields) {
    long id = ids.incrementAndGet();
    CompletableFuture<ObjectNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode frame = Json.object().put("id", id).put("type", type);
    fields.forEach((name, value) -> frame.set(name, Json.toTree(value)));
    send(frame.toString());
    return answer;
  }

  private synchronized void send(String text) {
    var _ = socket.sendText(text, true).join();
  }

  /// The answer's call; a refusal is a failure of the run.
  JsonNode call(String type, Map<String, ?> fields) {
    ObjectNode answer = ask(type, fields).orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
    if (answer.has("error")) {
      throw new IllegalStateException(type + ": " + answer.get("error"));
    }
    return answer.at("/data/call");
  }

  Told await(String type, String sessionId) throws InterruptedException {
    while (true) {
      Told told = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (told == null) {
        throw new IllegalStateException("no " + type + " came");
      }
      if (told.type().equals(type) && told.call().path("sessionId").asText().equals(sessionId)) {
        return told;
      }
    }
  }

  void forgetEvents() {
    events.clear();
  }
}
