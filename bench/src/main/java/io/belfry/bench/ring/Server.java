package io.belfry.bench.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The server under load, as an operator sees it.
///
/// @param address `http://host:port`
/// @param pid of its process on this machine
record Server(HttpClient http, String address, String apiKey, long pid) {

  /// Makes a user, if it is not there, and an auth token for it.
  String logIn(String uid) throws IOException, InterruptedException {
    post("/v1/users", Map.of("uid", uid, "name", uid));
    JsonNode data = post("/v1/users/" + uid + "/auth_tokens", Map.of());
    if (data == null) {
      throw new IOException("no token for " + uid);
    }
    return data.get("authToken").textValue();
  }

  private @Nullable JsonNode post(String path, Map<String, ?> body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(address + path))
                .header("apikey", apiKey)
                .POST(BodyPublishers.ofByteArray(Json.toBytes(body)))
                .build(),
            BodyHandlers.ofString());
    return response.statusCode() == 200 ? Json.readObject(response.body()).get("data") : null;
  }

  Phone phone(String uid, String token, String deviceId) {
    Phone phone = new Phone(http, URI.create(address.replaceFirst("http", "ws") + "/v1/connect"));
    var _ =
        phone.ask("hello", Map.of("protocol", 1, "authToken", token, "deviceId", deviceId)).join();
    return phone;
  }

  long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /// What lives in the server's heap, after a full collection.
  long liveHeapKib() throws IOException, InterruptedException {
    run("GC.run");
    return run("GC.heap_info")
        .lines()
        .filter(line -> line.contains("used"))
        .map(line -> line.replaceAll(".*used (\\d+)K.*", "$1"))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }

  private String run(String command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }
}
