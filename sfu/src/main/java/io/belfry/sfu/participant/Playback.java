package io.belfry.sfu.participant;

import io.belfry.http.ApiException;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.sdp.CodecPolicy;
import io.belfry.sfu.sdp.IceFragment;
import io.belfry.sfu.sdp.MediaKind;
import io.belfry.sfu.sdp.PlaybackOffer;
import io.belfry.sfu.sdp.RtpCodec;
import io.belfry.sfu.sdp.SentStream;
import io.belfry.sfu.sdp.StreamSsrcs;
import io.belfry.sfu.sdp.SubscribedSection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a participant receives that offered its sections once and for all (WHEP): each section has
/// a stream of its own, and carries a track while there is one for it. Under the session's lock.
///
/// The first audio and the first video section are a seat, the second ones the next, and so on: who
/// is heard on a seat is seen on it, as far as the sections last.
final class Playback implements Downlink {
  /// How well a section suits a track; the first is best.
  private enum Fit {
    BESIDE_ITS_SIBLING,
    ON_A_FREE_SEAT,
    BESIDE_ANOTHER
  }

  private final Participant participant;
  private final Session session;
  private final Set<String> wantedFrom;
  private final List<Slot> slots = new ArrayList<>();
  private IceCredentials local;
  private IceFragment remote = new IceFragment("", "");
  private long transportId;

  /// A section, and the track that it carries now.
  private static final class Slot {
    final SubscribedSection section;
    final StreamSsrcs ssrcs;
    final int seat;
    @Nullable PublishedTrack track;
    long consumerId;

    Slot(SubscribedSection section, StreamSsrcs ssrcs, int seat) {
      this.section = section;
      this.ssrcs = ssrcs;
      this.seat = seat;
    }

    boolean carries(PublishedTrack other) {
      return track != null && track.isSameForReceivers(other);
    }

    boolean canCarry(PublishedTrack other) {
      return track == null
          && section.kind() == other.section().kind()
          && other.section().identities().values().stream().anyMatch(section.codecs()::containsKey);
    }
  }

  /// @param wantedFrom ids or uids of participants; empty for all
  Playback(Participant participant, Session session, Set<String> wantedFrom) {
    this.participant = participant;
    this.session = session;
    this.wantedFrom = Set.copyOf(wantedFrom);
    this.local = IceCredentials.generate(session.sessions().random());
  }

  /// Takes the one offer there is.
  ///
  /// @return the answer's SDP
  /// @throws ApiException `ERR_SDP_INVALID`, `ERR_TOO_MANY_TRACKS`, `ERR_OVERLOADED`
  String answer(String sdp) {
    PlaybackOffer offer = Refusals.orRefuse(PlaybackOffer.parse(sdp, CodecPolicy.ALL));
    remote = new IceFragment(offer.peer().usernameFragment(), offer.peer().password());
    var expected = Publication.expected(offer.peer());
    transportId = session.openTransport(participant, false, local);
    session.command(transportId, new Command.SetRemoteFingerprint(transportId, expected));
    Set<Integer> used = new HashSet<>();
    Map<MediaKind, Integer> seats = new HashMap<>();
    Map<String, SentStream> streams = new HashMap<>();
    for (SubscribedSection section : offer.sections()) {
      boolean isVideo = section.kind() == MediaKind.VIDEO;
      boolean hasRtx = section.codecs().values().stream().anyMatch(RtpCodec::hasRtx);
      StreamSsrcs ssrcs = new StreamSsrcs(newSsrc(used), newSsrc(used), isVideo && hasRtx);
      int seat = seats.merge(section.kind(), 1, Integer::sum);
      slots.add(new Slot(section, ssrcs, seat));
      String stream = participant.id() + "-" + seat;
      streams.put(
          section.mid(),
          new SentStream(ssrcs, cname(seat), stream, stream + (isVideo ? "-video" : "-audio")));
    }
    return offer.answer(session.localTransport(local, transportId), streams, transportId);
  }

  private String cname(int seat) {
    return participant.id() + "-" + seat;
  }

  private int newSsrc(Set<Integer> used) {
    int ssrc = session.sessions().random().nextInt();
    return ssrc != 0 && used.add(ssrc) ? ssrc : newSsrc(used);
  }

  @Override
  public void refresh(List<PublishedTrack> published) {
    List<PublishedTrack> wanted = published.stream().filter(this::isWanted).toList();
    for (Slot slot : slots) {
      if (slot.track != null && wanted.stream().noneMatch(slot::carries)) {
        free(slot);
      }
    }
    for (PublishedTrack track : wanted) {
      if (slots.stream().noneMatch(slot -> slot.carries(track))) {
        Slot best = best(track);
        if (best != null) {
          fill(best, track);
        }
      }
    }
  }

  private boolean isWanted(PublishedTrack track) {
    return wantedFrom.isEmpty()
        || wantedFrom.contains(track.uid())
        || wantedFrom.contains(track.owner().value());
  }

  private void free(Slot slot) {
    session.command(transportId, new Command.CloseConsumer(slot.consumerId));
    slot.track = null;
    slot.consumerId = 0;
  }

  private @Nullable Slot best(PublishedTrack track) {
    Slot best = null;
    for (Slot slot : slots) {
      if (slot.canCarry(track)
          && (best == null || fit(slot, track).compareTo(fit(best, track)) < 0)) {
        best = slot;
      }
    }
    return best;
  }

  private Fit fit(Slot candidate, PublishedTrack track) {
    Fit fit = Fit.ON_A_FREE_SEAT;
    for (Slot slot : slots) {
      PublishedTrack other = slot.track;
      if (slot.seat == candidate.seat && other != null) {
        if (other.isInStepWith(track)) {
          return Fit.BESIDE_ITS_SIBLING;
        }
        fit = Fit.BESIDE_ANOTHER;
      }
    }
    return fit;
  }

  private void fill(Slot slot, PublishedTrack track) {
    long consumerId = session.sessions().newId();
    session.command(
        transportId,
        new Command.Consume(
            transportId,
            Consumers.spec(consumerId, track, slot.section, slot.ssrcs, true, cname(slot.seat))));
    slot.track = track;
    slot.consumerId = consumerId;
  }

  /// The state of ICE.
  IceState ice() {
    return new IceState(
        transportId,
        local,
        remote,
        slots.stream().map(slot -> slot.section.mid()).toList(),
        slots.getFirst().section.kind());
  }

  /// Restarts ICE.
  ///
  /// @throws ApiException `ERR_OVERLOADED`; nothing has changed then
  void restart(IceFragment fresh) {
    IceCredentials next = IceCredentials.generate(session.sessions().random());
    session.command(transportId, new Command.RestartIce(transportId, next));
    local = next;
    remote = fresh;
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
