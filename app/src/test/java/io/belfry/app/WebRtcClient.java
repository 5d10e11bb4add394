package io.belfry.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.PortAllocatorConfig;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A participant on an independent WebRTC implementation (libwebrtc by webrtc-java), speaking the
/// session socket's protocol.
final class WebRtcClient implements AutoCloseable {
  private static final long LIMIT_SECONDS = 15;

  /// What the client's network lets through.
  enum Network {
    ANY,
    TCP_ONLY
  }

  private final SocketClient socket;
  private final Network network;
  private final RTCPeerConnection publisher;
  private final RTCPeerConnection subscriber;

  /// @param onTrack told of each track that is received
  WebRtcClient(
      PeerConnectionFactory factory,
      SocketClient socket,
      Network network,
      Consumer<MediaStreamTrack> onTrack) {
    this.socket = socket;
    this.network = network;
    this.publisher = factory.createPeerConnection(configuration(network), observer(track -> {}));
    this.subscriber = factory.createPeerConnection(configuration(network), observer(onTrack));
  }

  static RTCConfiguration configuration(Network network) {
    RTCConfiguration configuration = new RTCConfiguration();
    // One socket on the wildcard address: it reaches the server over loopback from loopback.
    configuration.portAllocatorConfig =
        new PortAllocatorConfig()
            .setDisableAdapterEnumeration(true)
            .setDisableTcp(network != Network.TCP_ONLY)
            .setDisableUdp(network == Network.TCP_ONLY)
            .setEnableIpv6(true);
    return configuration;
  }

  static PeerConnectionObserver observer(Consumer<MediaStreamTrack> onTrack) {
    return new PeerConnectionObserver() {
      @Override
      public void onIceCandidate(RTCIceCandidate candidate) {
        // The server needs none: it learns addresses from the checks (RFC 8445 §2.5).
      }

      @Override
      public void onTrack(RTCRtpTransceiver transceiver) {
        onTrack.accept(transceiver.getReceiver().getTrack());
      }
    };
  }

  /// Joins the session that the token opens.
  void join(String token) throws Exception {
    socket.request(
        "join",
        Map.of("protocol", 1, "token", token, "isAudioMuted", false, "isVideoMuted", false));
  }

  /// Publishes the tracks.
  void publish(List<MediaStreamTrack> tracks) throws Exception {
    for (MediaStreamTrack track : tracks) {
      publisher.addTrack(track, List.of("stream"));
    }
    CompletableFuture<RTCSessionDescription> offered = new CompletableFuture<>();
    publisher.createOffer(new RTCOfferOptions(), created(offered));
    RTCSessionDescription offer = get(offered);
    setLocal(publisher, offer);
    JsonNode answer = socket.request("publish", Map.of("sdp", offer.sdp, "tracks", List.of()));
    setRemote(publisher, RTCSdpType.ANSWER, answer.get("sdp").textValue());
  }

  /// Answers the next offer of what the others publish.
  ///
  /// @return how many tracks it has
  int subscribe() throws Exception {
    JsonNode offer = socket.event("onSubscribeOffer");
    setRemote(subscriber, RTCSdpType.OFFER, offer.get("sdp").textValue());
    CompletableFuture<RTCSessionDescription> answered = new CompletableFuture<>();
    subscriber.createAnswer(new RTCAnswerOptions(), created(answered));
    RTCSessionDescription answer = get(answered);
    setLocal(subscriber, answer);
    socket.request(
        "subscribeAnswer",
        Map.of("revision", offer.get("revision").longValue(), "sdp", answer.sdp));
    return offer.get("tracks").size();
  }

  static CreateSessionDescriptionObserver created(CompletableFuture<RTCSessionDescription> result) {
    return new CreateSessionDescriptionObserver() {
      @Override
      public void onSuccess(RTCSessionDescription description) {
        result.complete(description);
      }

      @Override
      public void onFailure(String error) {
        result.completeExceptionally(new AssertionError(error));
      }
    };
  }

  static void setLocal(RTCPeerConnection connection, RTCSessionDescription description)
      throws Exception {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    connection.setLocalDescription(description, set(done));
    get(done);
  }

  private void setRemote(RTCPeerConnection connection, RTCSdpType type, String sdp)
      throws Exception {
    boolean isTcpOnly = network == Network.TCP_ONLY;
    describe(
        connection,
        type,
        isTcpOnly ? sdp.replaceAll("a=candidate:\\S+ \\d+ udp [^\r\n]*\r\n", "") : sdp);
  }

  /// Takes the other side's description.
  static void describe(RTCPeerConnection connection, RTCSdpType type, String sdp) throws Exception {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    connection.setRemoteDescription(new RTCSessionDescription(type, sdp), set(done));
    get(done);
  }

  private static SetSessionDescriptionObserver set(CompletableFuture<Boolean> done) {
    return new SetSessionDescriptionObserver() {
      @Override
      public void onSuccess() {
        done.complete(true);
      }

      @Override
      public void onFailure(String error) {
        done.completeExceptionally(new AssertionError(error));
      }
    };
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    publisher.close();
    subscriber.close();
    socket.close();
  }
}
