package io.belfry.load;

import io.belfry.sfu.dtls.DtlsCertificate;
import io.belfry.sfu.dtls.DtlsClient;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.rtp.codec.CodecKind;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpProfile;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.net.http.HttpClient;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// One publisher or subscriber from its offer to its farewell. Blocks; on a virtual thread of its
/// own.
final class Participant {
  private static final long ICE_TIMEOUT_SECONDS = 10;

  /// The system may give less.
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;

  private final Tools tools;
  private final MediaThread thread;
  private final int number;
  private final String token;
  private @Nullable Resource resource;

  /// What all participants share.
  ///
  /// @param run sets this process apart from others in the session
  /// @param sentByTrack packets so far, two tracks for each publisher
  record Tools(
      LoadPlan plan,
      HttpClient http,
      SrtpCrypto crypto,
      DtlsCertificate certificate,
      SecureRandom random,
      long run,
      AtomicLongArray sentByTrack) {}

  /// @param number in [0, participants); publishers come first
  Participant(Tools tools, MediaThread thread, int number, String token) {
    this.tools = tools;
    this.thread = thread;
    this.number = number;
    this.token = token;
  }

  private boolean isPublisher() {
    return number < tools.plan.publishers();
  }

  /// Offers, connects, and leaves the rest to the media thread.
  void join() throws JoinException, InterruptedException {
    IceCredentials local = IceCredentials.generate(tools.random);
    List<OfferedSection> sections = sections();
    String offer = Offer.write(sections, isPublisher(), local, tools.certificate.fingerprint());
    Resource created =
        Resource.create(
            tools.http, tools.plan.endpoint(isPublisher() ? "whip" : "whep"), token, offer);
    resource = created;
    Answer answer = Answer.read(created.answer());
    Media media =
        isPublisher()
            ? new Publisher(tracks(sections), tools.run, thread.traffic)
            : new Subscriber(answer.clockRates(), tools.run, thread.traffic);
    Peer peer = new Peer(thread, open(), local, answer, media);
    try {
      connect(peer, answer);
    } catch (JoinException | InterruptedException e) {
      var _ =
          thread.ask(() -> {
            thread.remove(peer);
            return peer;
          });
      throw e;
    }
  }

  private void connect(Peer peer, Answer answer) throws JoinException, InterruptedException {
    await(
        thread.ask(() -> {
          thread.add(peer);
          return peer;
        }),
        "the generator has stopped");
    await(peer.nominated(), "none of the server's candidates answers: " + answer.candidates());
    DtlsClient dtls =
        new DtlsClient(
            tools.certificate,
            answer.fingerprint(),
            List.of(SrtpProfile.values()),
            tools.random,
            peer::sendHandshake);
    peer.expectHandshake(dtls);
    try (KeyingMaterial keys = dtls.handshake()) {
      await(
          thread.ask(() -> {
            peer.useKeys(tools.crypto, keys);
            return peer;
          }),
          "the generator has stopped");
    } catch (IOException e) {
      throw new JoinException("the DTLS handshake failed: " + e.getMessage(), e);
    }
  }

  private static DatagramChannel open() throws JoinException {
    try {
      DatagramChannel channel = DatagramChannel.open();
      channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
      channel.configureBlocking(false);
      return channel.bind(null);
    } catch (IOException e) {
      throw new JoinException("no socket: " + e.getMessage(), e);
    }
  }

  private static void await(CompletableFuture<?> step, String reason)
      throws JoinException, InterruptedException {
    try {
      step.get(ICE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new JoinException(reason, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new JoinException(String.valueOf(cause.getMessage()), e);
    }
  }

  /// A section for each track that is sent; or for each that may be received.
  private List<OfferedSection> sections() {
    List<OfferedSection> sections = new ArrayList<>();
    for (int seat = 0; seat < (isPublisher() ? 1 : tools.plan.seats()); seat++) {
      for (CodecKind codec : tools.plan.media().codecs()) {
        sections.add(new OfferedSection(codec, tools.random.nextInt()));
      }
    }
    return sections;
  }

  private List<SentTrack> tracks(List<OfferedSection> sections) {
    List<SentTrack> tracks = new ArrayList<>();
    for (int i = 0; i < sections.size(); i++) {
      tracks.add(
          new SentTrack(
              sections.get(i),
              2 * number + i,
              tools.plan.media(),
              tools.sentByTrack,
              tools.random.nextInt(1 << 15),
              tools.random.nextDouble()));
    }
    return tracks;
  }

  /// Deletes its resource, if it has one.
  void leave() throws InterruptedException {
    Resource created = resource;
    if (created != null) {
      created.delete(tools.http);
    }
  }
}
