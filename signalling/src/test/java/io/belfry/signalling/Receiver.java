package io.belfry.signalling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.belfry.http.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Somebody else's web server: notes what it is sent and answers as it is told.
final class Receiver implements AutoCloseable {
  private static final int WAIT_SECONDS = 20;

  final LinkedBlockingQueue<Received> requests = new LinkedBlockingQueue<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile boolean isSilent;

  record Received(String path, Map<String, String> headers, String text) {
    ObjectNode body() {
      return Json.readObject(text);
    }

    String header(String name) {
      String value = headers.get(name);
      if (value == null) {
        throw new AssertionError("no header " + name + " in " + headers);
      }
      return value;
    }
  }

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /// What POST requests get from now on.
  void answerWith(int code) {
    status = code;
  }

  /// Requests get no answer from now on.
  void fallSilent() {
    isSilent = true;
  }

  /// Serves a document to GET requests.
  void serve(String path, String json) {
    documents.put(path, json);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Map<String, String> headers = new ConcurrentHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    // What it is to answer was decided before anybody knows of the request.
    int code = status;
    requests.add(new Received(path, headers, text));
    if (isSilent) {
      try {
        closing.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    String document = documents.get(path);
    byte[] answer = document == null ? new byte[0] : document.getBytes(StandardCharsets.UTF_8);
    if (code / 100 == 3) {
      exchange.getResponseHeaders().set("location", url("/elsewhere"));
    }
    exchange.sendResponseHeaders(
        document == null ? code : 200, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  Received next() throws InterruptedException {
    Received received = requests.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (received == null) {
      throw new AssertionError("no request came");
    }
    return received;
  }

  /// Null if none comes in this time.
  @Nullable Received next(Duration within) throws InterruptedException {
    return requests.poll(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Nullable Received poll() {
    return requests.poll();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
