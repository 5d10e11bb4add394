package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.belfry.config.BelfryConfig;
import io.belfry.config.ConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The load generator against a whole server over real sockets.
@Timeout(60)
class LoadTestCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path data;
  private static BelfryServer server;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws IOException {
    server = BelfryServer.start(config(data, Map.of()));
  }

  private static BelfryConfig config(Path data, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("belfry.http.host", "127.0.0.1");
    settings.put("belfry.http.port", "0");
    settings.put("belfry.sfu.udp.host", "127.0.0.1");
    settings.put("belfry.sfu.udp.port", "0");
    settings.put("belfry.sfu.warmUp", "false");
    settings.put("belfry.dataDirectory", data.toString());
    return ConfigReader.withOverrides(settings);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void whatIsPublishedArrivesAtEverySubscriberWithoutLoss() throws Exception {
    // On a busy machine a socket's buffer may run over: a packet in a hundred is allowed.
    int exitCode =
        load("load", server.address(), "--subscribers", "3", "--duration", "1s", "--ramp", "0s")
            .run("--max-loss", "1", "--json");
    JsonNode report = JSON.readTree(out.toString());
    assertEquals(0, exitCode, report::toPrettyString);
    assertEquals(4, report.get("joined").intValue());
    assertEquals(0, report.get("silentStreams").intValue());
    assertTrue(report.get("sentPackets").longValue() > 100, report::toPrettyString);
    assertTrue(report.get("receivedPackets").longValue() > 3 * 100, report::toPrettyString);
    assertTrue(report.get("delay").get("p50Millis").doubleValue() > 0, report::toPrettyString);
  }

  @Test
  void anHttpsServerIsCheckedWithTheCertificatesThatAreTrusted(@TempDir Path other)
      throws Exception {
    Path certificate = Path.of("../http/src/test/resources/tls/certificate.pem");
    Map<String, String> tls =
        Map.of(
            "belfry.http.tls.certificateFile", certificate.toString(),
            "belfry.http.tls.privateKeyFile", certificate.resolveSibling("key.pem").toString());
    try (BelfryServer secure = BelfryServer.start(config(other, tls))) {
      assertTrue(secure.address().startsWith("https://"), secure.address());
      Path tokens = other.resolve("tokens");
      Files.write(tokens, BelfryCommand.tokens(other, "load", "u", 2));
      String[] options = {"--subscribers", "1", "--duration", "500ms", "--ramp", "0s"};
      int exitCode =
          load("load", secure.address(), options)
              .run("--token-file", tokens.toString(), "--trust", certificate.toString());
      assertEquals(0, exitCode, () -> out + "\n" + err);
      exitCode = load("load", secure.address(), options).run("--token-file", tokens.toString());
      assertEquals(1, exitCode);
      assertTrue(out.toString().contains("PKIX path building failed"), out::toString);
    }
  }

  /// Long before the server would miss them.
  @Test
  void whoStopsItLeavesNobodyBehind() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of("load-test", "--session", "stopped", "--server", server.address()));
    command.addAll(List.of("--set", "belfry.dataDirectory=" + data, "--duration", "1h"));
    command.addAll(List.of("--subscribers", "3", "--ramp", "0s"));
    Path said = data.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      while (!Files.readString(said).contains("joined 4/4")) {
        assertTrue(process.isAlive(), Files.readString(said));
        TimeUnit.MILLISECONDS.sleep(50);
      }
      assertEquals(4, participants());
      process.destroy(); // SIGTERM; Ctrl-C takes the same way
      assertTrue(process.waitFor(15, TimeUnit.SECONDS), "it has stopped");
      assertEquals(0, participants(), Files.readString(said));
    } finally {
      process.destroyForcibly();
    }
  }

  private static int participants() throws Exception {
    URI metrics = URI.create(server.address() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("belfry_sfu_participants "))
          .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
          .sum();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"VP9", "H264", "AV1"})
  void everyCodecIsForwardedFromItsKeyFrameOn(String codec) {
    int exitCode =
        load(codec, server.address(), "--subscribers", "1", "--duration", "500ms", "--ramp", "0s")
            .run("--no-audio", "--video", codec, "--packet-size", "400", "--max-loss", "1");
    assertEquals(0, exitCode, () -> out + "\n" + err);
    assertTrue(out.toString().contains("2 of 2, 0 failed, 0 cut off"), out::toString);
  }

  @Test
  void whoCannotJoinIsCountedByReasonAndFailsTheTest() throws Exception {
    Path tokens = data.resolve("tokens");
    Files.write(tokens, List.of("not.a.token", "not.a.token", "not.a.token"));
    int exitCode =
        load("load", server.address(), "--subscribers", "2", "--ramp", "0s", "--duration", "1h")
            .run("--token-file", tokens.toString());
    assertEquals(1, exitCode);
    assertTrue(out.toString().contains("0 of 3, 3 failed"), out::toString);
    assertTrue(out.toString().contains("2 × /whep/load answered 401 ERR_TOKEN"), out::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--session a/b                            | --session is 1 to 128 characters",
        "--session s --server calls.example.org   | --server must be a URL such as",
        "--session s --publishers -1              | --publishers must not be negative",
        "--session s --publishers 0 --subscribers 0 | there is no test",
        "--session s --subscribers 9999           | together are at most 5000",
        "--session s --duration 0s                | --duration must be longer than nothing",
        "--session s --duration soon              | is not a time such as 30s, 5m or 500ms",
        "--session s --ramp -1s                   | --ramp is from 0s to 24h",
        "--session s --video VP7                  | --video is VP8, VP9, H264, AV1 or none, not VP7",
        "--session s --video none --no-audio      | leave nothing to send",
        "--session s --video-bitrate fast         | is not a bit rate such as 32000, 32k or 1.5M",
        "--session s --video-bitrate 1k           | --video-bitrate is from 30k to 100M",
        "--session s --audio-bitrate 1M           | --audio-bitrate is from 16k to 400k",
        "--session s --fps 0                      | --fps is from 1 to 120",
        "--session s --packet-size 1500           | --packet-size is from 100 to 1400",
        "--session s --max-loss 101               | --max-loss is from 0 to 100",
        "--session s --token-file nowhere         | --token-file cannot be read: nowhere",
        "--session s --trust nowhere              | --trust cannot be read: nowhere",
        "--session s --token-file /dev/null       | there are 0 tokens for 11 participants",
      })
  void aSettingThatCannotBeMeantIsToldInWords(String options, String sentence) {
    List<String> arguments = new ArrayList<>(List.of("load-test"));
    arguments.addAll(List.of(options.strip().split(" +", -1)));
    assertEquals(2, run(arguments), err::toString);
    assertTrue(err.toString().contains(sentence.strip()), err::toString);
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws IOException {
    Path tokens = data.resolve("tokens");
    Files.write(tokens, List.of("a", "b"));
    int exitCode =
        load("load", "http://127.0.0.1:1", "--subscribers", "1", "--ramp", "0s")
            .run("--token-file", tokens.toString());
    assertEquals(1, exitCode);
    assertTrue(out.toString().contains("no answer from http://127.0.0.1:1/whip"), out::toString);
  }

  private Invocation load(String session, String address, String... options) {
    List<String> arguments = new ArrayList<>(List.of("load-test", "--session", session));
    arguments.addAll(List.of("--server", address, "--set", "belfry.dataDirectory=" + data));
    arguments.addAll(List.of(options));
    return more -> {
      arguments.addAll(List.of(more));
      return run(arguments);
    };
  }

  private interface Invocation {
    int run(String... more);
  }

  private int run(List<String> arguments) {
    return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }
}
