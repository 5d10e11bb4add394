package io.belfry.http.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A WebSocket client that keeps what it got.
final class TestSocket implements WebSocket.Listener {
  static final int WAIT_SECONDS = 10;

  final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
  final CompletableFuture<Integer> closed = new CompletableFuture<>();
  final CompletableFuture<Boolean> pinged = new CompletableFuture<>();
  final CompletableFuture<Boolean> pingedAgain = new CompletableFuture<>();
  private final StringBuilder partial = new StringBuilder();
  final WebSocket webSocket;

  TestSocket(HttpClient client, URI address, @Nullable String origin) {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    if (origin != null) {
      builder.header("Origin", origin);
    }
    webSocket = builder.buildAsync(address, this).join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      frames.add(partial.toString());
      partial.setLength(0);
    }
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
    if (!pinged.complete(true)) {
      pingedAgain.complete(true);
    }
    socket.request(1);
    return null; // the pong is the client's own doing
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    closed.complete(1006);
  }

  void send(String text) {
    webSocket.sendText(text, true).join();
  }

  ObjectNode receive() throws InterruptedException {
    String frame = frames.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (frame == null) {
      throw new AssertionError("no frame came; closed: " + closed);
    }
    return Json.readObject(frame);
  }

  int closeCode() throws Exception {
    return closed.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }
}
