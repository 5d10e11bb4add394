package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a server that is killed (SIGKILL) during a storm of calls forgets nothing that it
/// answered, and leaves no call open for ever. Method: users ring each other over sockets and write
/// down each answer; the process is killed at some instant and started again; each user's call must
/// then be as it was last answered, or further, and when nobody comes back all calls must be over.
/// A webhook's receiver must be told of all of them in the end, in order.
final class KilledServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> USERS = List.of("anna", "ben", "chiara", "david");
  private static final String ADMIN_KEY = "Admin API key, shown this once: ";
  private static final Pattern ACTIVE =
      Pattern.compile("belfry_signalling_active_calls\\{status=\"(\\w+)\",\\} ([0-9.]+)");

  @TempDir private Path data;
  private final HttpClient http = HttpClient.newHttpClient();

  /// By user: the session and the status of the last answer.
  private final Map<String, String[]> answered = new ConcurrentHashMap<>();

  /// By session: the triggers that the webhook's receiver was told, tries of the same event once.
  private final Map<String, List<String>> told = new ConcurrentHashMap<>();

  private final Set<String> keys = ConcurrentHashMap.newKeySet();
  private final Set<String> begun = ConcurrentHashMap.newKeySet();

  private record Running(Process process, String address, String adminKey)
      implements AutoCloseable {
    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void answersAreKeptAndNoCallStaysOpen() throws Exception {
    long seed = System.nanoTime();
    List<String> tokens = new ArrayList<>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::receive);
    receiver.start();
    try (Running server = start()) {
      String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
      operate(server, "/v1/webhooks", Map.of("id", "all", "url", url));
      for (String uid : USERS) {
        operate(server, "/v1/users", Map.of("uid", uid, "name", uid));
        tokens.add(
            operate(server, "/v1/users/" + uid + "/auth_tokens", Map.of())
                .at("/data/authToken")
                .textValue());
      }
      List<Thread> storm = new ArrayList<>();
      for (int pair = 0; pair < USERS.size(); pair += 2) {
        int caller = pair;
        storm.add(Thread.ofVirtual().start(() -> rage(server, caller, tokens)));
      }
      while (answered.size() < USERS.size() / 2) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      TimeUnit.MILLISECONDS.sleep(200 + new SplittableRandom(seed).nextInt(1500));
      server.process.destroyForcibly().waitFor();
      for (Thread thread : storm) {
        thread.join();
      }
    }
    try (Running server = start()) {
      for (int i = 0; i < USERS.size(); i += 2) {
        try (SocketClient caller = device(server, USERS.get(i), tokens.get(i))) {
          check(seed, USERS.get(i), caller);
        }
      }
      awaitNoCalls(server, seed);
      awaitAllTold(seed);
    } finally {
      receiver.stop(0);
    }
  }

  private void receive(HttpExchange exchange) throws IOException {
    JsonNode event = JSON.readTree(exchange.getRequestBody());
    if (keys.add(exchange.getRequestHeaders().getFirst("idempotency-key"))) {
      JsonNode call = event.at("/data/call/sessionId");
      String session =
          call.isMissingNode() ? event.at("/data/sessionId").textValue() : call.textValue();
      told.computeIfAbsent(session, of -> new CopyOnWriteArrayList<>())
          .add(event.get("trigger").textValue());
    }
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private JsonNode operate(Running server, String path, Map<String, String> body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address + path))
            .header("apikey", server.adminKey)
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    return JSON.readTree(answer.body());
  }

  private boolean isAllOver(Set<String> ends) {
    return told.keySet().containsAll(begun)
        && told.values().stream().allMatch(story -> ends.contains(story.getLast()));
  }

  private void awaitAllTold(long seed) throws Exception {
    Set<String> ends = Set.of("call_cancelled", "call_ended", "call_unanswered");
    for (int i = 0; i < 300 && !isAllOver(ends); i++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    for (String session : begun) {
      List<String> story = told.getOrDefault(session, List.of());
      assertTrue(
          story.equals(List.of("call_initiated", "call_cancelled"))
              || story.equals(List.of("call_initiated", "call_unanswered"))
              || story.equals(List.of("call_initiated", "call_started", "call_ended")),
          () -> "seed " + seed + ": " + session + ": " + story);
    }
  }

  /// Rings, accepts and ends until the server is gone.
  private void rage(Running server, int caller, List<String> tokens) {
    String uid = USERS.get(caller);
    String callee = USERS.get(caller + 1);
    try (SocketClient from = device(server, uid, tokens.get(caller));
        SocketClient to = device(server, callee, tokens.get(caller + 1))) {
      for (int i = 0; ; i++) {
        String session =
            note(
                uid,
                from.request(
                    "initiateCall",
                    Map.of("receiverId", callee, "receiverType", "user", "callType", "audio")));
        if (i % 3 == 0) {
          note(
              uid, from.request("rejectCall", Map.of("sessionId", session, "status", "cancelled")));
        } else {
          note(uid, to.request("acceptCall", Map.of("sessionId", session)));
          note(uid, from.request("endCall", Map.of("sessionId", session)));
        }
      }
    } catch (Exception | AssertionError gone) {
      // The server was killed.
    }
  }

  private String note(String uid, JsonNode answer) {
    String session = answer.at("/call/sessionId").textValue();
    begun.add(session);
    answered.put(uid, new String[] {session, answer.at("/call/status").textValue()});
    return session;
  }

  private void check(long seed, String uid, SocketClient device) throws Exception {
    String[] last = answered.get(uid);
    assertNotNull(last, uid);
    String now;
    try {
      // A call that is over says so; one that is not is ended by this, or refuses it.
      device.request("endCall", Map.of("sessionId", last[0]));
      now = "ongoing";
    } catch (AssertionError refused) {
      String why = String.valueOf(refused.getMessage());
      now =
          why.contains("ERR_CALL_TERMINATED")
              ? "over"
              : why.contains("ERR_CALL_NOT_STARTED") ? "initiated" : why;
    }
    List<String> allowed =
        switch (last[1]) {
          case "initiated" -> List.of("initiated", "ongoing", "over");
          case "ongoing" -> List.of("ongoing", "over");
          default -> List.of("over");
        };
    String found = now;
    assertTrue(
        allowed.contains(found),
        () -> "seed " + seed + ": " + uid + " was told " + last[1] + ", it is " + found);
  }

  private void awaitNoCalls(Running server, long seed) throws Exception {
    double active = -1;
    for (int i = 0; i < 300 && active != 0; i++) {
      TimeUnit.MILLISECONDS.sleep(100);
      active = 0;
      Matcher each = ACTIVE.matcher(text(server, "/metrics"));
      while (each.find()) {
        active += Double.parseDouble(each.group(2));
      }
    }
    assertEquals(0, active, "seed " + seed);
  }

  private Running start() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run"));
    Map.of(
            "belfry.dataDirectory",
            data.toString(),
            "belfry.http.port",
            "0",
            "belfry.sfu.udp.host",
            "127.0.0.1",
            "belfry.sfu.udp.port",
            "0",
            "belfry.sfu.warmUp",
            "false",
            "belfry.signalling.limits.callsPerMinutePerUser",
            "0",
            "belfry.signalling.ringTimeout",
            "5s",
            "belfry.signalling.joinTimeout",
            "2s",
            "belfry.signalling.disconnectGrace",
            "1s",
            "belfry.signalling.webhooks.allowPrivateAddresses",
            "true")
        .forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    String adminKey = "";
    while (line != null && !line.startsWith("Belfry is ready: ")) {
      adminKey = line.startsWith(ADMIN_KEY) ? line.substring(ADMIN_KEY.length()) : adminKey;
      line = out.readLine();
    }
    assertNotNull(line, "the server did not start");
    // Somebody must read what it says, or it waits.
    Thread.ofVirtual().start(() -> out.lines().forEach(said -> {}));
    return new Running(process, line.substring("Belfry is ready: ".length()), adminKey);
  }

  private SocketClient device(Running server, String uid, String token) throws Exception {
    SocketClient client = new SocketClient(http, server.address, "/v1/connect");
    client.request(
        "hello", Map.of("protocol", 1, "authToken", token, "deviceId", "device-of-" + uid));
    return client;
  }

  private String text(Running server, String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(server.address + path)).build(),
            BodyHandlers.ofString())
        .body();
  }
}
