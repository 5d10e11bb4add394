package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.config.BelfryConfig;
import io.belfry.config.ConfigReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both nodes together, over real sockets on free ports.
class BelfryServerTest {
  private static final Pattern METRIC = Pattern.compile("(?<=`)belfry_[a-z_]+(?=`)");

  @TempDir Path data;

  @Test
  void allPartsAreReadyBehindOneAddress() throws Exception {
    try (BelfryServer server = BelfryServer.start(config(Map.of()))) {
      assertTrue(server.address().startsWith("http://127.0.0.1:"), server.address());
      assertEquals(200, get(server.address(), "/healthz").statusCode());
      HttpResponse<String> readiness = get(server.address(), "/readyz");
      assertEquals(200, readiness.statusCode(), readiness.body());
      assertTrue(readiness.body().contains("\"media\":\"ready\""), readiness.body());
      assertTrue(readiness.body().contains("\"store\":\"ready\""), readiness.body());

      String metrics = get(server.address(), "/metrics").body();
      assertTrue(metrics.contains("\nbelfry_"), metrics);
      assertTrue(metrics.contains("\njvm_memory_"), metrics);
    }
  }

  @Test
  void everyMetricIsInTheManual() throws Exception {
    Set<String> documented = new TreeSet<>();
    Matcher names = METRIC.matcher(Files.readString(Path.of("../docs/operations.md")));
    while (names.find()) {
      documented.add(names.group());
    }
    Set<String> exported = new TreeSet<>();
    try (BelfryServer server = BelfryServer.start(config(Map.of()))) {
      for (String line : get(server.address(), "/metrics").body().lines().toList()) {
        if (line.startsWith("# TYPE belfry_") && !line.contains("_created ")) {
          exported.add(line.split(" ", -1)[2]);
        }
      }
    }
    assertEquals(exported, documented);
  }

  @Test
  void demoUsersAreThereInDevelopmentModeOnly() throws Exception {
    try (BelfryServer server = BelfryServer.start(config(Map.of("belfry.development", "true")))) {
      String settings = get(server.address(), "/v1/settings").body();
      assertTrue(settings.contains("\"development\":true"), settings);
      assertTrue(settings.contains("\"authKey\""), settings);
      assertTrue(server.firstApiKey().isEmpty());
    }
  }

  @Test
  void iceServersReachClientsOfEveryKind() throws Exception {
    Map<String, String> settings =
        Map.of(
            "belfry.sfu.iceServers.urls",
            "stun:stun.example.org,turn:turn.example.org:3478?transport=udp",
            "belfry.sfu.iceServers.secret",
            "north");
    try (HttpClient client = HttpClient.newHttpClient();
        BelfryServer server = BelfryServer.start(config(settings))) {
      String token = BelfryCommand.tokens(data, "s", "anna", 1).getFirst();
      HttpResponse<String> options =
          client.send(
              HttpRequest.newBuilder(URI.create(server.address() + "/whip/s"))
                  .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                  .header("authorization", "Bearer " + token)
                  .build(),
              BodyHandlers.ofString());
      assertEquals(200, options.statusCode());
      assertEquals(2, options.headers().allValues("link").size(), "a header for each server");
      try (SocketClient socket = new SocketClient(client, server.address(), "/v1/session")) {
        JsonNode servers =
            socket.request("join", Map.of("protocol", 1, "token", token)).get("iceServers");
        assertEquals(2, servers.size(), servers::toString);
        assertEquals("stun:stun.example.org", servers.get(0).get("urls").get(0).textValue());
        assertTrue(servers.get(1).get("username").textValue().endsWith(":anna-1"));
        assertEquals(28, servers.get(1).get("credential").textValue().length());
      }
    }
  }

  @Test
  void outsideOfDevelopmentModeTheFirstStartMakesAnApiKeyAndTheSecondDoesNot() throws Exception {
    try (BelfryServer server = BelfryServer.start(config(Map.of()))) {
      String settings = get(server.address(), "/v1/settings").body();
      assertTrue(settings.contains("\"development\":false"), settings);
      assertTrue(!settings.contains("authKey"), settings);
      assertTrue(server.firstApiKey().isPresent());
    }
    try (BelfryServer server = BelfryServer.start(config(Map.of()))) {
      assertTrue(server.firstApiKey().isEmpty());
    }
  }

  @Test
  void aTakenPortIsNamedAndNothingIsLeftBehind(@TempDir Path otherData) throws Exception {
    try (BelfryServer server = BelfryServer.start(config(Map.of()))) {
      String port = String.valueOf(URI.create(server.address()).getPort());
      BelfryConfig same =
          config(Map.of("belfry.http.port", port, "belfry.dataDirectory", otherData.toString()));

      IOException e = assertThrows(IOException.class, () -> BelfryServer.start(same).close());
      assertTrue(String.valueOf(e.getMessage()).contains(port), e::getMessage);
      // The database file would still be locked if the failed start had kept it open.
      BelfryServer.start(config(Map.of("belfry.dataDirectory", otherData.toString()))).close();
    }
  }

  @Test
  void nobodyAnswersAfterItIsClosed() throws Exception {
    BelfryServer server = BelfryServer.start(config(Map.of()));
    String address = server.address();
    server.close();
    server.close();

    assertThrows(ConnectException.class, () -> get(address, "/healthz"));
  }

  private BelfryConfig config(Map<String, String> changes) {
    Map<String, String> settings = new HashMap<>();
    settings.put("belfry.http.host", "127.0.0.1");
    settings.put("belfry.http.port", "0");
    settings.put("belfry.sfu.udp.host", "127.0.0.1");
    settings.put("belfry.sfu.udp.port", "0");
    settings.put("belfry.sfu.warmUp", "false");
    settings.put("belfry.dataDirectory", data.toString());
    settings.putAll(changes);
    return ConfigReader.withOverrides(settings);
  }

  private static HttpResponse<String> get(String address, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString());
    }
  }
}
