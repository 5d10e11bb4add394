package io.belfry.sfu.participant;

import io.belfry.http.ApiException;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.sdp.CodecPolicy;
import io.belfry.sfu.sdp.MediaKind;
import io.belfry.sfu.sdp.PlaybackOffer;
import io.belfry.sfu.sdp.SdpResult;
import io.belfry.sfu.sdp.SentStream;
import io.belfry.sfu.sdp.StreamSsrcs;
import io.belfry.sfu.sdp.SubscribedSection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a participant receives that offered its sections once and for all (WHEP): each section has
/// a stream of its own, and carries a track while there is one for it. Under the session's lock.
final class Playback implements Downlink {
  private final Participant participant;
  private final Session session;
  private final Set<String> wantedFrom;
  private final List<Slot> slots = new ArrayList<>();
  private long transportId;

  /// A section, and the track that it carries now.
  private static final class Slot {
    final SubscribedSection section;
    final StreamSsrcs ssrcs;
    @Nullable PublishedTrack track;
    long consumerId;

    Slot(SubscribedSection section, StreamSsrcs ssrcs) {
      this.section = section;
      this.ssrcs = ssrcs;
    }
  }

  /// @param wantedFrom ids or uids of participants; empty for all
  Playback(Participant participant, Session session, Set<String> wantedFrom) {
    this.participant = participant;
    this.session = session;
    this.wantedFrom = Set.copyOf(wantedFrom);
  }

  /// Takes the one offer there is.
  ///
  /// @return the answer's SDP
  /// @throws ApiException `ERR_SDP_INVALID`, `ERR_OVERLOADED`
  String answer(String sdp) {
    PlaybackOffer offer =
        switch (PlaybackOffer.parse(sdp, CodecPolicy.ALL)) {
          case SdpResult.Ok<PlaybackOffer>(var read) -> read;
          case SdpResult.Bad<PlaybackOffer>(var error, var sentence) ->
              throw new ApiException(400, "ERR_SDP_INVALID", sentence, error.name());
        };
    IceCredentials local = IceCredentials.generate(session.sessions().random());
    transportId = session.openTransport(participant, false, local);
    session.command(
        new Command.SetRemoteFingerprint(transportId, Publication.expected(offer.peer())));
    Set<Integer> used = new HashSet<>();
    Map<String, SentStream> streams = new HashMap<>();
    Map<MediaKind, Integer> seats = new HashMap<>();
    for (SubscribedSection section : offer.sections()) {
      boolean isVideo = section.kind() == MediaKind.VIDEO;
      boolean hasRtx = section.codecs().values().stream().anyMatch(codec -> codec.hasRtx());
      StreamSsrcs ssrcs = new StreamSsrcs(newSsrc(used), newSsrc(used), isVideo && hasRtx);
      slots.add(new Slot(section, ssrcs));
      // The first audio and the first video section are a pair, and so on.
      String seat = participant.id() + "-" + seats.merge(section.kind(), 1, Integer::sum);
      streams.put(
          section.mid(),
          new SentStream(ssrcs, cname(), seat, seat + (isVideo ? "-video" : "-audio")));
    }
    return offer.answer(session.localTransport(local), streams, transportId);
  }

  private String cname() {
    return participant.id().value();
  }

  private int newSsrc(Set<Integer> used) {
    int ssrc = session.sessions().random().nextInt();
    return ssrc != 0 && used.add(ssrc) ? ssrc : newSsrc(used);
  }

  @Override
  public void refresh(List<PublishedTrack> published) {
    List<PublishedTrack> wanted = published.stream().filter(this::isWanted).toList();
    for (Slot slot : slots) {
      PublishedTrack carried = slot.track;
      if (carried != null && wanted.stream().noneMatch(carried::isSameForReceivers)) {
        free(slot);
      }
    }
    for (PublishedTrack track : wanted) {
      boolean isCarried =
          slots.stream()
              .map(slot -> slot.track)
              .filter(Objects::nonNull)
              .anyMatch(track::isSameForReceivers);
      if (!isCarried) {
        fill(track);
      }
    }
  }

  private boolean isWanted(PublishedTrack track) {
    return wantedFrom.isEmpty()
        || wantedFrom.contains(track.uid())
        || wantedFrom.contains(track.owner().value());
  }

  private void free(Slot slot) {
    session.command(new Command.CloseConsumer(slot.consumerId));
    slot.track = null;
    slot.consumerId = 0;
  }

  private void fill(PublishedTrack track) {
    for (Slot slot : slots) {
      if (slot.track == null && slot.section.kind() == track.section().kind()) {
        long consumerId = session.sessions().newId();
        session.command(
            new Command.Consume(
                transportId, Consumers.spec(consumerId, track, slot.section, slot.ssrcs, cname())));
        slot.track = track;
        slot.consumerId = consumerId;
        return;
      }
    }
  }

  @Override
  public void onTransportLost(long lost) {
    // The participant is gone with it.
  }

  @Override
  public void close() {
    if (transportId != 0) {
      session.closeTransport(transportId);
    }
    transportId = 0;
    slots.clear();
  }
}
