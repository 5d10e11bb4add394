package io.belfry.sfu.participant;

import io.belfry.http.ApiException;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.dtls.CertificateFingerprint;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.sdp.CodecPolicy;
import io.belfry.sfu.sdp.Fingerprint;
import io.belfry.sfu.sdp.MediaKind;
import io.belfry.sfu.sdp.PeerTransport;
import io.belfry.sfu.sdp.PublishAnswer;
import io.belfry.sfu.sdp.PublishedSection;
import io.belfry.sfu.sdp.RtpCodec;
import io.belfry.sfu.sdp.SdpResult;
import io.belfry.sfu.sdp.StreamSsrcs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a participant sends: its publish transport and the tracks on it. The client offers, this
/// answers. Under the session's lock.
final class Publication {
  private final Participant participant;
  private final Session session;
  private final int maxTracks;
  private final Map<String, PublishedTrack> tracks = new LinkedHashMap<>();
  private @Nullable Transport transport;
  private long version;

  /// @param peer the client's side, by which a restart of ICE is recognised (RFC 8839 §4.4.1.1)
  private record Transport(long id, IceCredentials local, PeerTransport peer) {}

  Publication(Participant participant, Session session, int maxTracks) {
    this.participant = participant;
    this.session = session;
    this.maxTracks = maxTracks;
  }

  List<PublishedTrack> tracks() {
    return List.copyOf(tracks.values());
  }

  /// Takes an offer.
  ///
  /// @param sources what each section is, by MID
  /// @return the answer's SDP
  /// @throws ApiException `ERR_SDP_INVALID`, `ERR_TOO_MANY_TRACKS` or `ERR_OVERLOADED`; nothing has
  ///   changed then
  String answer(String offer, Map<String, TrackSource> sources) {
    Transport current = transport;
    IceCredentials local =
        current == null ? IceCredentials.generate(session.sessions().random()) : current.local();
    PublishAnswer answer = negotiate(offer, local);
    boolean isRestart = current != null && isOtherTransport(current.peer(), answer.peer());
    if (isRestart) {
      local = IceCredentials.generate(session.sessions().random());
      answer = negotiate(offer, local);
    }
    List<PublishedSection> sending =
        answer.sections().stream().filter(PublishedSection::isSending).toList();
    if (sending.size() > maxTracks) {
      throw new ApiException(
          403, "ERR_TOO_MANY_TRACKS", "A participant may publish " + maxTracks + " tracks.");
    }
    version++;
    transport = open(current, local, answer.peer(), isRestart);
    updateTracks(sending, sources);
    return answer.sdp();
  }

  private PublishAnswer negotiate(String offer, IceCredentials local) {
    SdpResult<PublishAnswer> result =
        PublishAnswer.to(
            offer, session.localTransport(local), CodecPolicy.ALL, session.roomId(), version + 1);
    return switch (result) {
      case SdpResult.Ok<PublishAnswer>(var answer) -> answer;
      case SdpResult.Bad<PublishAnswer>(var error, var sentence) ->
          throw new ApiException(400, "ERR_SDP_INVALID", sentence, error.name());
    };
  }

  private static boolean isOtherTransport(PeerTransport before, PeerTransport now) {
    return !before.usernameFragment().equals(now.usernameFragment())
        || !before.password().equals(now.password());
  }

  private Transport open(
      @Nullable Transport current, IceCredentials local, PeerTransport peer, boolean isRestart) {
    if (current != null && current.peer().fingerprints().equals(peer.fingerprints())) {
      if (isRestart) {
        session.command(new Command.RestartIce(current.id(), local));
      }
      return new Transport(current.id(), local, peer);
    }
    if (current != null) {
      close(); // another certificate is another client: the old transport is of no use to it
    }
    long id = session.openTransport(participant, true, local);
    session.command(new Command.SetRemoteFingerprint(id, expected(peer)));
    return new Transport(id, local, peer);
  }

  /// The first fingerprint whose algorithm proves something.
  static CertificateFingerprint expected(PeerTransport peer) {
    for (Fingerprint fingerprint : peer.fingerprints()) {
      if (CertificateFingerprint.isSupported(fingerprint.algorithm())) {
        return new CertificateFingerprint(fingerprint.algorithm(), fingerprint.value());
      }
    }
    throw new ApiException(
        400, "ERR_SDP_INVALID", "The fingerprint must be sha-256, sha-384 or sha-512.");
  }

  private void updateTracks(List<PublishedSection> sending, Map<String, TrackSource> sources) {
    List<String> mids = sending.stream().map(PublishedSection::mid).toList();
    for (PublishedTrack track : tracks()) {
      if (!mids.contains(track.section().mid())) {
        tracks.remove(track.section().mid());
        session.command(new Command.CloseProducer(track.producerId()));
      }
    }
    for (PublishedSection section : sending) {
      PublishedTrack known = tracks.get(section.mid());
      PublishedTrack track = track(section, known, sources.get(section.mid()));
      tracks.put(section.mid(), track);
      Transport current = transport;
      if (current != null && (known == null || !known.spec().equals(track.spec()))) {
        session.command(new Command.Produce(current.id(), track.spec()));
      }
    }
  }

  private PublishedTrack track(
      PublishedSection section, @Nullable PublishedTrack known, @Nullable TrackSource source) {
    boolean isVideo = section.kind() == MediaKind.VIDEO;
    TrackSource before = known == null ? TrackSource.ofKind(isVideo) : known.source();
    TrackSource said = source == null ? before : source;
    if (said.isVideo() != isVideo) {
      throw new ApiException(
          400, "ERR_BAD_REQUEST", "Section " + section.mid() + " is no " + said.wireName() + ".");
    }
    long producerId = known == null ? session.sessions().newId() : known.producerId();
    return new PublishedTrack(
        producerId,
        participant.id(),
        participant.token().uid(),
        said,
        participant.id() + "-" + producerId,
        section,
        spec(producerId, section, isVideo));
  }

  private static ProducerSpec spec(long producerId, PublishedSection section, boolean isVideo) {
    List<ProducerSpec.Codec> codecs = new ArrayList<>();
    for (RtpCodec codec : section.codecs()) {
      var identity = section.identities().get(codec.payloadType());
      if (identity != null) {
        codecs.add(
            new ProducerSpec.Codec(
                identity.kind(),
                codec.payloadType(),
                codec.rtxPayloadType(),
                codec.feedback().contains("nack")));
      }
    }
    return new ProducerSpec(
        producerId,
        section.mid(),
        isVideo,
        List.copyOf(codecs),
        section.extensions(),
        encodings(section).toList());
  }

  private static Stream<ProducerSpec.Encoding> encodings(PublishedSection section) {
    if (!section.rids().isEmpty()) {
      return section.rids().stream().map(rid -> new ProducerSpec.Encoding(rid, 0, 0));
    }
    return section.streams().stream().map(Publication::encoding);
  }

  private static ProducerSpec.Encoding encoding(StreamSsrcs ssrcs) {
    return new ProducerSpec.Encoding("", ssrcs.ssrc(), ssrcs.hasRtx() ? ssrcs.rtxSsrc() : 0);
  }

  /// The transport has ended by itself; the next offer opens another.
  void onTransportLost(long transportId) {
    if (transport != null && transport.id() == transportId) {
      close();
    }
  }

  void close() {
    if (transport != null) {
      session.closeTransport(transport.id());
    }
    transport = null;
    tracks.clear();
  }
}
