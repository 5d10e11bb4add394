package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import io.belfry.config.BelfryConfig;
import io.belfry.config.ConfigReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A call between two clients of an independent WebRTC implementation: what one shows and sounds,
/// the other sees and hears.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64") // what the implementation is built for
class IndependentClientTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path data;
  private final HttpClient http = HttpClient.newHttpClient();

  @ParameterizedTest
  @CsvSource({"127.0.0.1, ANY", "::1, ANY", "127.0.0.1, TCP_ONLY"})
  @Timeout(60)
  void whatOneShowsAndSoundsTheOtherSeesAndHears(String mediaHost, WebRtcClient.Network network)
      throws Exception {
    try (BelfryServer server = BelfryServer.start(config(mediaHost))) {
      Call call = ring(server.address());
      try (Studio studio = new Studio();
          WebRtcClient anna = client(studio.factory, server.address(), network, track -> {});
          WebRtcClient ben =
              client(studio.listener, server.address(), network, studio.watcher::watch)) {
        anna.join(call.callerToken());
        ben.join(call.calleeToken());
        anna.publish(studio.tracks());
        assertEquals(2, ben.subscribe());
        studio.play();
        studio.watcher.awaitPicturesAndSound();
        assertEquals(network == WebRtcClient.Network.TCP_ONLY, tcpConnections(server) > 0);
      } finally {
        call.close();
      }
    }
  }

  /// Nobody rings: the tokens open the session. The watcher is there first, and its sections are
  /// filled without another offer.
  @Test
  @Timeout(60)
  void whatIsPublishedByWhipIsSeenAndHeardByWhep() throws Exception {
    try (BelfryServer server = BelfryServer.start(config("127.0.0.1"));
        Studio studio = new Studio()) {
      List<String> tokens = BelfryCommand.tokens(data, "stage", "guest", 2);
      URI whip = URI.create(server.address() + "/whip/stage");
      URI whep = URI.create(server.address() + "/whep/stage?participant=guest-1");
      try (WhipClient watcher =
              new WhipClient(studio.listener, http, whep, tokens.get(1), studio.watcher::watch);
          WhipClient publisher =
              new WhipClient(studio.factory, http, whip, tokens.get(0), track -> {})) {
        watcher.receive(studio.silentTracks());
        publisher.publish(studio.tracks());
        studio.play();
        studio.watcher.awaitPicturesAndSound();
        assertEquals(200, publisher.delete());
        assertEquals(404, publisher.delete());
        assertEquals(200, watcher.delete());
      }
    }
  }

  /// A NAT forgets what it knows in the middle of a call: neither client notices, or nominates
  /// anything, but both go on checking.
  @Test
  @Timeout(60)
  void clientsWhoseAddressesChangeAreFollowed() throws Exception {
    InetSocketAddress front = freePort(InetAddress.ofLiteral("127.0.0.2"));
    InetSocketAddress behind =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), front.getPort());
    Map<String, String> settings =
        Map.of(
            "belfry.sfu.loops", "1",
            "belfry.sfu.udp.port", Integer.toString(front.getPort()),
            "belfry.sfu.tcp.enabled", "false",
            "belfry.sfu.announcedAddresses", "127.0.0.2");
    try (BelfryServer server = BelfryServer.start(config("127.0.0.1", settings));
        Nat nat = new Nat(front, behind);
        Studio studio = new Studio()) {
      List<String> tokens = BelfryCommand.tokens(data, "stage", "guest", 2);
      URI whip = URI.create(server.address() + "/whip/stage");
      URI whep = URI.create(server.address() + "/whep/stage");
      try (WhipClient watcher =
              new WhipClient(studio.listener, http, whep, tokens.get(1), studio.watcher::watch);
          WhipClient publisher =
              new WhipClient(studio.factory, http, whip, tokens.get(0), track -> {})) {
        watcher.receive(studio.silentTracks());
        publisher.publish(studio.tracks());
        studio.play();
        studio.watcher.awaitPicturesAndSound();
        nat.rebind();
        studio.watcher.awaitMore(60);
        assertEquals(200, publisher.delete(), "still the same participants");
        assertEquals(200, watcher.delete());
      }
    }
  }

  private static InetSocketAddress freePort(InetAddress host) throws IOException {
    try (DatagramChannel probe = DatagramChannel.open().bind(new InetSocketAddress(host, 0))) {
      return (InetSocketAddress) probe.getLocalAddress();
    }
  }

  private WebRtcClient client(
      PeerConnectionFactory factory,
      String address,
      WebRtcClient.Network network,
      java.util.function.Consumer<MediaStreamTrack> onTrack)
      throws Exception {
    return new WebRtcClient(
        factory, new SocketClient(http, address, "/v1/session"), network, onTrack);
  }

  /// A call that has been accepted, with the tokens of both sides.
  private record Call(
      SocketClient caller, SocketClient callee, String callerToken, String calleeToken) {
    void close() {
      caller.close();
      callee.close();
    }
  }

  /// Rings and answers over the device sockets.
  private Call ring(String address) throws Exception {
    String authKey = get(address, "/v1/settings").get("authKey").textValue();
    String annaToken = logIn(address, "anna", authKey);
    String benToken = logIn(address, "ben", authKey);
    SocketClient anna = device(address, annaToken);
    SocketClient ben = device(address, benToken);
    anna.request(
        "initiateCall", Map.of("receiverId", "ben", "receiverType", "user", "callType", "video"));
    String session = ben.event("onIncomingCallReceived").get("call").get("sessionId").textValue();
    ben.request("acceptCall", Map.of("sessionId", session));
    anna.event("onOutgoingCallAccepted");
    return new Call(
        anna, ben, callToken(address, session, annaToken), callToken(address, session, benToken));
  }

  private SocketClient device(String address, String authToken) throws Exception {
    SocketClient socket = new SocketClient(http, address, "/v1/connect");
    socket.request(
        "hello",
        Map.of(
            "protocol", 1, "authToken", authToken, "deviceId", "device-" + authToken.hashCode()));
    return socket;
  }

  private String logIn(String address, String uid, String authKey) throws Exception {
    Map<String, String> body = Map.of("uid", uid, "authKey", authKey);
    return post(address, "/v1/login", "", body).get("authToken").textValue();
  }

  private String callToken(String address, String session, String authToken) throws Exception {
    String path = "/v1/calls/" + session + "/token";
    return post(address, path, authToken, Map.of()).get("token").textValue();
  }

  private JsonNode get(String address, String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(address + path)).build());
  }

  private JsonNode post(String address, String path, String authToken, Map<String, String> body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path))
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (!authToken.isEmpty()) {
      request.header("authToken", authToken);
    }
    return send(request.build());
  }

  private JsonNode send(HttpRequest request) throws Exception {
    var response = http.send(request, BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body()).get("data");
  }

  private double tcpConnections(BelfryServer server) throws Exception {
    String metrics =
        http.send(
                HttpRequest.newBuilder(URI.create(server.address() + "/metrics")).build(),
                BodyHandlers.ofString())
            .body();
    return metrics
        .lines()
        .filter(line -> line.startsWith("belfry_sfu_tcp_connections "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }

  private BelfryConfig config(String mediaHost) {
    return config(mediaHost, Map.of());
  }

  private BelfryConfig config(String mediaHost, Map<String, String> more) {
    Map<String, String> sets = new HashMap<>();
    sets.put("belfry.development", "true");
    sets.put("belfry.http.host", "127.0.0.1");
    sets.put("belfry.http.port", "0");
    sets.put("belfry.sfu.udp.port", "0");
    sets.put("belfry.sfu.warmUp", "false");
    sets.put("belfry.sfu.udp.host", mediaHost);
    sets.put("belfry.dataDirectory", data.toString());
    sets.putAll(more);
    return ConfigReader.withOverrides(sets);
  }
}
