package io.belfry.sfu.participant;

import io.belfry.http.ApiException;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.dtls.CertificateFingerprint;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.sdp.CodecPolicy;
import io.belfry.sfu.sdp.Fingerprint;
import io.belfry.sfu.sdp.IceFragment;
import io.belfry.sfu.sdp.MediaKind;
import io.belfry.sfu.sdp.OneShotOffer;
import io.belfry.sfu.sdp.PeerTransport;
import io.belfry.sfu.sdp.PublishAnswer;
import io.belfry.sfu.sdp.PublishedSection;
import io.belfry.sfu.sdp.RtpCodec;
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
  /// @throws ApiException `ERR_SDP_INVALID`, `ERR_BAD_REQUEST` or `ERR_TOO_MANY_TRACKS`: nothing
  ///   has changed then; `ERR_OVERLOADED`: some of it may be done, and the same offer does the rest
  String answer(String offer, Map<String, TrackSource> sources) {
    Transport current = transport;
    IceCredentials local =
        current == null ? IceCredentials.generate(session.sessions().random()) : current.local();
    PublishAnswer answer = negotiate(offer, local);
    if (answer.peer().isEmpty()) {
      // The client has stopped its last section and dropped the transport with it.
      version++;
      close();
      return answer.sdp();
    }
    PeerTransport peer = answer.peer().get();
    boolean isKept = current != null && current.peer().fingerprints().equals(peer.fingerprints());
    boolean isRestart = current != null && isOtherTransport(current.peer(), peer);
    if (isRestart || (current != null && !isKept)) {
      local = IceCredentials.generate(session.sessions().random());
      answer = negotiate(offer, local);
    }
    List<PublishedSection> sending =
        answer.sections().stream().filter(PublishedSection::isSending).toList();
    if (sending.size() > maxTracks) {
      throw new ApiException(
          422, "ERR_TOO_MANY_TRACKS", "A participant may publish " + maxTracks + " tracks.");
    }
    List<PublishedTrack> wanted = wanted(sending, sources, isKept ? tracks : Map.of());
    if (current != null && isKept) {
      if (isRestart) {
        session.command(current.id(), new Command.RestartIce(current.id(), local));
      }
      transport = new Transport(current.id(), local, peer);
    } else {
      Transport fresh = open(local, peer);
      close(); // another certificate is another client: the old transport is of no use to it
      transport = fresh;
    }
    version++;
    updateTracks(transport.id(), wanted);
    return answer.sdp();
  }

  private PublishAnswer negotiate(String offer, IceCredentials local) {
    return Refusals.orRefuse(
        PublishAnswer.to(
            offer,
            session.publishTransport(local),
            CodecPolicy.ALL,
            session.placement().roomId(),
            version + 1));
  }

  /// The one offer of WHIP: everything in it must be accepted.
  String answerOnce(String offer) {
    return answer(Refusals.orRefuse(OneShotOffer.checkSent(offer, CodecPolicy.ALL)), Map.of());
  }

  /// The state of ICE, while there is a transport.
  @Nullable IceState ice() {
    Transport current = transport;
    return current == null
        ? null
        : new IceState(
            current.id(),
            current.local(),
            new IceFragment(current.peer().usernameFragment(), current.peer().password()),
            tracks().stream().map(PublishedTrack::section).map(PublishedSection::mid).toList(),
            tracks().getFirst().section().kind());
  }

  /// Restarts ICE by what the client says of nothing else (RFC 9725 §4.3.3).
  ///
  /// @throws ApiException `ERR_OVERLOADED`; nothing has changed then
  void restart(IceFragment fresh) {
    Transport current = transport;
    if (current == null) {
      return;
    }
    IceCredentials local = IceCredentials.generate(session.sessions().random());
    session.command(current.id(), new Command.RestartIce(current.id(), local));
    PeerTransport peer = current.peer();
    transport =
        new Transport(
            current.id(),
            local,
            new PeerTransport(
                fresh.usernameFragment(), fresh.password(), peer.fingerprints(), peer.setup()));
  }

  private static boolean isOtherTransport(PeerTransport before, PeerTransport now) {
    return !before.usernameFragment().equals(now.usernameFragment())
        || !before.password().equals(now.password());
  }

  private Transport open(IceCredentials local, PeerTransport peer) {
    CertificateFingerprint certificate = expected(peer);
    long id = session.openTransport(participant, true, local);
    try {
      session.command(id, new Command.SetRemoteFingerprint(id, certificate));
    } catch (ApiException e) {
      session.closeTransport(id);
      throw e;
    }
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

  private List<PublishedTrack> wanted(
      List<PublishedSection> sending,
      Map<String, TrackSource> sources,
      Map<String, PublishedTrack> known) {
    return sending.stream()
        .map(section -> track(section, known.get(section.mid()), sources.get(section.mid())))
        .toList();
  }

  /// Each track is noted once the loop has its command, so that one that the loop cannot take is
  /// tried again with the next offer.
  private void updateTracks(long transportId, List<PublishedTrack> wanted) {
    List<Long> wantedIds = wanted.stream().map(PublishedTrack::producerId).toList();
    for (PublishedTrack track : tracks()) {
      if (!wantedIds.contains(track.producerId())) {
        session.placement().closeProducer(track.producerId());
        tracks.remove(track.section().mid());
      }
    }
    for (PublishedTrack track : wanted) {
      PublishedTrack known = tracks.get(track.section().mid());
      if (known == null || !known.spec().equals(track.spec())) {
        session.placement().produce(transportId, track.spec());
      }
      tracks.put(track.section().mid(), track);
    }
  }

  private PublishedTrack track(
      PublishedSection section, @Nullable PublishedTrack before, @Nullable TrackSource source) {
    boolean isVideo = section.kind() == MediaKind.VIDEO;
    boolean isSame = before != null && before.section().kind() == section.kind();
    PublishedTrack known = isSame ? before : null;
    TrackSource usual = known == null ? TrackSource.ofKind(isVideo) : known.source();
    TrackSource said = source == null ? usual : source;
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
      tracks.values().forEach(track -> session.placement().forgetProducer(track.producerId()));
      session.closeTransport(transport.id());
    }
    transport = null;
    tracks.clear();
  }
}
