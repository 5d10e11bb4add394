package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.config.BelfryConfig;
import io.belfry.config.ConfigReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever strangers throw at a media port is counted, answered by nothing, and changes nothing.
class HostileDatagramTest {
  private static final Pattern COUNTER =
      Pattern.compile("belfry_sfu_datagrams_total\\{outcome=\"([a-z_]+)\",?} ([0-9.E]+)");

  /// A connectivity check for a user who is not here, with an integrity that nobody can have.
  private static final String STUN_FOR_NOBODY =
      "000100242112a442000102030405060708090a0b"
          + "00060009414141414141413a62000000"
          + "0008001400112233445566778899aabbccddeeff00112233";

  private static final String DTLS_CLIENT_HELLO = "16feff0000000000000000000401000000";
  private static final String RTP = "806000010000000000000001aabbccdd";
  private static final String RTCP = "80c9000100000001";

  @TempDir private Path data;

  @Test
  @Timeout(60)
  void eachKindIsCountedAsWhatItIs() throws Exception {
    Map<String, String> kinds =
        Map.of(
            "stun_invalid", STUN_FOR_NOBODY,
            "unknown_address", DTLS_CLIENT_HELLO,
            "unknown_protocol", "c0ffee");
    try (BelfryServer server = BelfryServer.start(config())) {
      for (Map.Entry<String, String> kind : kinds.entrySet()) {
        send(server, List.of(HexFormat.of().parseHex(kind.getValue())));
        awaitCount(server, kind.getKey(), 1);
      }
      send(server, List.of(HexFormat.of().parseHex(RTP), HexFormat.of().parseHex(RTCP)));
      awaitCount(server, "unknown_address", 3);
      assertUnharmed(server, 5);
    }
  }

  @RepeatedTest(3)
  @Timeout(60)
  void randomAndTruncatedDatagramsChangeNothingButACounter(RepetitionInfo repetition)
      throws Exception {
    int seed = repetition.getCurrentRepetition();
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> hostile = new java.util.ArrayList<>();
    byte[] check = HexFormat.of().parseHex(STUN_FOR_NOBODY);
    for (int length = 0; length < check.length; length++) {
      hostile.add(java.util.Arrays.copyOf(check, length));
    }
    for (int i = 0; i < 500; i++) {
      byte[] noise = new byte[random.nextInt(1, 1400)];
      random.nextBytes(noise);
      hostile.add(noise);
    }
    try (BelfryServer server = BelfryServer.start(config())) {
      send(server, hostile);
      awaitTotal(server, hostile.size(), "seed " + seed);
      assertUnharmed(server, hostile.size());
    }
  }

  private void assertUnharmed(BelfryServer server, int sent) throws Exception {
    String metrics = metrics(server);
    assertEquals(sent, total(metrics), metrics);
    for (String word : List.of("sent_packets_total", "transports", "failed_turns_total")) {
      assertTrue(metrics.contains("belfry_sfu_" + word + "{loop=\"0\",} 0.0"), metrics);
    }
  }

  private static void send(BelfryServer server, List<byte[]> datagrams) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      for (byte[] datagram : datagrams) {
        socket.send(
            new DatagramPacket(
                datagram,
                datagram.length,
                InetAddress.getLoopbackAddress(),
                server.udpPorts().getFirst()));
      }
    }
  }

  private static void awaitCount(BelfryServer server, String outcome, int count) throws Exception {
    while (counts(metrics(server)).getOrDefault(outcome, 0.0) != count) {
      Thread.onSpinWait(); // each look is a request; the test's time-out ends the wait
    }
  }

  private static void awaitTotal(BelfryServer server, int count, String seed) throws Exception {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (total(metrics(server)) != count) {
      assertTrue(System.nanoTime() < deadline, () -> seed + ": not all were counted");
    }
  }

  private static double total(String metrics) {
    return counts(metrics).values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static Map<String, Double> counts(String metrics) {
    Map<String, Double> counts = new HashMap<>();
    Matcher matcher = COUNTER.matcher(metrics);
    while (matcher.find()) {
      counts.put(matcher.group(1), Double.parseDouble(matcher.group(2)));
    }
    return counts;
  }

  private static String metrics(BelfryServer server) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(server.address() + "/metrics")).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  private BelfryConfig config() {
    return ConfigReader.withOverrides(
        Map.of(
            "belfry.http.host",
            "127.0.0.1",
            "belfry.http.port",
            "0",
            "belfry.sfu.udp.host",
            "127.0.0.1",
            "belfry.sfu.udp.port",
            "0",
            "belfry.sfu.warmUp",
            "false",
            "belfry.sfu.loops",
            "1",
            "belfry.dataDirectory",
            data.toString()));
  }
}
