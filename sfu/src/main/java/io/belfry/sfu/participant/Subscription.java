package io.belfry.sfu.participant;

import io.belfry.http.ApiException;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.sdp.CodecIdentity;
import io.belfry.sfu.sdp.PublishedSection;
import io.belfry.sfu.sdp.SdpResult;
import io.belfry.sfu.sdp.SendTrack;
import io.belfry.sfu.sdp.StreamSsrcs;
import io.belfry.sfu.sdp.SubscribeAnswer;
import io.belfry.sfu.sdp.SubscribeOffer;
import io.belfry.sfu.sdp.SubscribedSection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a participant receives: its subscribe transport and the receptions on it. This offers, the
/// client answers; one offer is out at a time. Under the session's lock.
final class Subscription implements Downlink {
  private final Participant participant;
  private final Session session;

  /// By producer id.
  private final Map<Long, Reception> receptions = new LinkedHashMap<>();

  /// SSRCs of this transport, also of receptions that ended: one must never be used again under the
  /// same keys (RFC 3711 §9.1).
  private final Set<Integer> usedSsrcs = new HashSet<>();

  private @Nullable SubscribeOffer offer;
  private long transportId;
  private long revision;
  private boolean isOffered;
  private boolean isDirty;
  private boolean hasFingerprint;

  private static final class Reception {
    final PublishedTrack track;
    final StreamSsrcs ssrcs;
    final String mid;
    long consumerId;

    /// The offer that first had it.
    long offeredIn;

    Reception(PublishedTrack track, StreamSsrcs ssrcs, String mid) {
      this.track = track;
      this.ssrcs = ssrcs;
      this.mid = mid;
    }
  }

  Subscription(Participant participant, Session session) {
    this.participant = participant;
    this.session = session;
  }

  /// Offers if something changed.
  @Override
  public void refresh(List<PublishedTrack> wanted) {
    Map<Long, PublishedTrack> byId = new LinkedHashMap<>();
    wanted.forEach(track -> byId.put(track.producerId(), track));
    for (Reception reception : List.copyOf(receptions.values())) {
      PublishedTrack now = byId.get(reception.track.producerId());
      if (now == null || !now.isSameForReceivers(reception.track)) {
        end(reception);
      }
    }
    for (PublishedTrack track : byId.values()) {
      if (!receptions.containsKey(track.producerId())) {
        begin(track);
      }
    }
    offerIfDue();
  }

  private void begin(PublishedTrack track) {
    SubscribeOffer current = offer;
    if (current == null) {
      current = openTransport();
    }
    StreamSsrcs ssrcs = new StreamSsrcs(newSsrc(), newSsrc(), track.source().isVideo());
    SendTrack send =
        new SendTrack(
            track.section().kind(),
            identities(track.section()),
            ssrcs,
            track.owner().value(),
            // One stream for camera and microphone, so that they are played in step; another for
            // the screen and its sound.
            track.owner() + (track.isScreen() ? "-screen" : "-main"),
            track.trackId());
    Reception reception = new Reception(track, ssrcs, current.add(send));
    receptions.put(track.producerId(), reception);
    isDirty = true;
  }

  private static List<CodecIdentity> identities(PublishedSection section) {
    return section.codecs().stream()
        .map(codec -> section.identities().get(codec.payloadType()))
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private void end(Reception reception) {
    receptions.remove(reception.track.producerId());
    if (reception.consumerId != 0) {
      session.command(transportId, new Command.CloseConsumer(reception.consumerId));
    }
    if (offer != null) {
      offer.remove(reception.mid);
    }
    isDirty = true;
  }

  private SubscribeOffer openTransport() {
    IceCredentials local = IceCredentials.generate(session.sessions().random());
    transportId = session.openTransport(participant, false, local);
    hasFingerprint = false;
    SubscribeOffer fresh =
        new SubscribeOffer(session.localTransport(local, transportId), transportId);
    offer = fresh;
    return fresh;
  }

  private int newSsrc() {
    int ssrc = session.sessions().random().nextInt();
    return ssrc != 0 && usedSsrcs.add(ssrc) ? ssrc : newSsrc();
  }

  private void offerIfDue() {
    SubscribeOffer current = offer;
    if (!isDirty || isOffered || current == null) {
      return;
    }
    isDirty = false;
    isOffered = true;
    revision++;
    List<Map<String, Object>> tracks = new ArrayList<>();
    for (Reception reception : receptions.values()) {
      reception.offeredIn = reception.offeredIn == 0 ? revision : reception.offeredIn;
      tracks.add(describe(reception));
    }
    participant.tell(
        "onSubscribeOffer", Map.of("revision", revision, "sdp", current.sdp(), "tracks", tracks));
  }

  private static Map<String, Object> describe(Reception reception) {
    PublishedTrack track = reception.track;
    return Map.of(
        "mid", reception.mid,
        "participantId", track.owner().value(),
        "uid", track.uid(),
        "kind", track.source().isVideo() ? "video" : "audio",
        "source", track.source().wireName(),
        "trackId", track.trackId());
  }

  /// Takes the client's answer.
  ///
  /// @return false if it answers no offer that is out
  /// @throws ApiException `ERR_SDP_INVALID`; the offer stays out
  boolean onAnswer(long answered, String sdp) {
    SubscribeOffer current = offer;
    if (!isOffered || answered != revision || current == null) {
      return false;
    }
    switch (current.answer(sdp)) {
      case SdpResult.Bad<SubscribeAnswer>(var error, var sentence) ->
          throw new ApiException(400, "ERR_SDP_INVALID", sentence, error.name());
      case SdpResult.Ok<SubscribeAnswer>(var answer) -> accept(answer);
    }
    isOffered = false;
    offerIfDue();
    return true;
  }

  private void accept(SubscribeAnswer answer) {
    if (!hasFingerprint) {
      session.command(
          transportId,
          new Command.SetRemoteFingerprint(transportId, Publication.expected(answer.peer())));
      hasFingerprint = true;
    }
    for (Reception reception : receptions.values()) {
      // What came since the offer is in the next one; its section may still be the last track's.
      if (reception.consumerId == 0 && reception.offeredIn != 0) {
        answer.section(reception.mid).ifPresent(section -> consume(reception, section));
      }
    }
  }

  private void consume(Reception reception, SubscribedSection section) {
    reception.consumerId = session.sessions().newId();
    session.command(
        transportId,
        new Command.Consume(
            transportId,
            Consumers.spec(
                reception.consumerId,
                reception.track,
                section,
                reception.ssrcs,
                false,
                reception.track.owner().value())));
  }

  /// Offers again with new ICE credentials (RFC 8445 §9).
  void restart() {
    SubscribeOffer current = offer;
    if (current == null) {
      return;
    }
    IceCredentials local = IceCredentials.generate(session.sessions().random());
    session.command(transportId, new Command.RestartIce(transportId, local));
    current.transport(session.localTransport(local, transportId));
    isOffered = false;
    isDirty = true;
    offerIfDue();
  }

  /// The transport has ended by itself: everything is offered again on another.
  @Override
  public void onTransportLost(long lost) {
    if (offer == null || lost != transportId) {
      return;
    }
    List<PublishedTrack> tracks =
        receptions.values().stream().map(reception -> reception.track).toList();
    close();
    refresh(tracks);
  }

  @Override
  public void close() {
    if (offer != null) {
      session.closeTransport(transportId);
    }
    offer = null;
    isOffered = false;
    isDirty = false;
    receptions.clear();
    usedSsrcs.clear();
  }
}
