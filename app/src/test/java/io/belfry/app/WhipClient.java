package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A participant on an independent WebRTC implementation that offers once, over HTTP: by WHIP or by
/// WHEP, as its address says.
final class WhipClient implements AutoCloseable {
  private final HttpClient http;
  private final URI endpoint;
  private final String token;
  private final RTCPeerConnection connection;
  private URI resource;

  /// @param onTrack told of each track that is received
  WhipClient(
      PeerConnectionFactory factory,
      HttpClient http,
      URI endpoint,
      String token,
      Consumer<MediaStreamTrack> onTrack) {
    this.http = http;
    this.endpoint = endpoint;
    this.resource = endpoint;
    this.token = token;
    this.connection =
        factory.createPeerConnection(
            WebRtcClient.configuration(WebRtcClient.Network.ANY), WebRtcClient.observer(onTrack));
  }

  void publish(List<MediaStreamTrack> tracks) throws Exception {
    for (MediaStreamTrack track : tracks) {
      connect(track, RTCRtpTransceiverDirection.SEND_ONLY);
    }
    negotiate();
  }

  /// @param standIns one for each track to receive, of the same kind; they are not sent
  void receive(List<MediaStreamTrack> standIns) throws Exception {
    for (MediaStreamTrack track : standIns) {
      connect(track, RTCRtpTransceiverDirection.RECV_ONLY);
    }
    negotiate();
  }

  private void connect(MediaStreamTrack track, RTCRtpTransceiverDirection direction) {
    RTCRtpTransceiverInit options = new RTCRtpTransceiverInit();
    options.direction = direction;
    options.streamIds = List.of("stream");
    connection.addTransceiver(track, options);
  }

  private void negotiate() throws Exception {
    CompletableFuture<RTCSessionDescription> offered = new CompletableFuture<>();
    connection.createOffer(new RTCOfferOptions(), WebRtcClient.created(offered));
    RTCSessionDescription offer = WebRtcClient.get(offered);
    WebRtcClient.setLocal(connection, offer);
    HttpResponse<String> created =
        send(
            request(endpoint)
                .header("content-type", "application/sdp")
                .POST(BodyPublishers.ofString(offer.sdp)));
    assertEquals(201, created.statusCode(), created.body());
    resource = endpoint.resolve(created.headers().firstValue("location").orElseThrow());
    WebRtcClient.describe(connection, RTCSdpType.ANSWER, created.body());
  }

  /// @return the status
  int delete() throws Exception {
    return send(request(resource).DELETE()).statusCode();
  }

  private HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address).header("authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    connection.close();
  }
}
