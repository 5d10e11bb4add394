package io.belfry.sfu.participant;

import io.belfry.common.token.CallToken;
import io.belfry.http.ApiException;
import io.belfry.sfu.sdp.IceFragment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The participants of a session that come by one offer over HTTP: publishers by WHIP (RFC 9725)
/// and receivers by WHEP. They have no socket, so they are gone when their transport is.
/// Thread-safe by the session's lock.
public final class HttpAccess {
  /// As long as ICE tries, with some time for DTLS.
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(40);

  private final Session session;

  HttpAccess(Session session) {
    this.session = session;
  }

  /// What came of an offer.
  ///
  /// @param answer the SDP
  /// @param iceTag names the ICE session, see {@link #iceTag}
  public record Entry(Participant participant, String answer, String iceTag) {}

  /// Lets a user in who publishes (WHIP).
  ///
  /// @throws ApiException as {@link Session#join} and {@link Session#publish}; nothing has changed
  ///   then
  public Entry ingest(CallToken token, String offer) {
    return session.locked(() -> {
      Participant joined = newParticipant(token, Access.WHIP, false);
      String answer = answerOrClose(joined, () -> joined.publication().answerOnce(offer));
      List<PublishedTrack> tracks = joined.publication().tracks();
      joined.setMuted(
          tracks.stream().allMatch(track -> track.source().isVideo()),
          tracks.stream().noneMatch(track -> track.source().isVideo()));
      Entry entry = admit(joined, answer);
      session.refreshOthers(joined);
      return entry;
    });
  }

  /// Lets a user in who receives (WHEP).
  ///
  /// @param wantedFrom ids or uids of the participants to receive; empty for all
  /// @throws ApiException as {@link Session#join}, `ERR_SDP_INVALID`; nothing has changed then
  public Entry play(CallToken token, String offer, Set<String> wantedFrom) {
    return session.locked(() -> {
      Participant joined = newParticipant(token, Access.WHEP, true);
      Playback playback = new Playback(joined, session, wantedFrom);
      joined.downlink(playback);
      return admit(joined, answerOrClose(joined, () -> playback.answer(offer)));
    });
  }

  private Participant newParticipant(CallToken token, Access access, boolean isMuted) {
    session.requireOpen();
    session.requirePlace();
    return session.newParticipant(
        session.sessions().newParticipantId(), token, access, isMuted, isMuted);
  }

  private static String answerOrClose(Participant participant, Supplier<String> answer) {
    try {
      return answer.get();
    } catch (RuntimeException e) {
      participant.closeTransports();
      throw e;
    }
  }

  private Entry admit(Participant joined, String answer) {
    session.admit(joined);
    session.sessions().after(CONNECT_TIMEOUT, () -> leaveUnlessConnected(joined));
    return new Entry(joined, answer, iceOf(joined).local().usernameFragment());
  }

  private void leaveUnlessConnected(Participant participant) {
    session.locked(() -> {
      if (session.isMember(participant) && !participant.isConnected()) {
        session.remove(participant, "connection-lost");
      }
      return participant;
    });
  }

  /// A participant that came over HTTP.
  ///
  /// @param key its {@link Participant#resumeKey}, which nobody else knows
  /// @throws ApiException `ERR_SESSION_NOT_FOUND`, `ERR_PARTICIPANT_NOT_FOUND`
  public Participant find(Access access, String key) {
    return session.locked(() -> {
      session.requireOpen();
      return session.members().stream()
          .filter(each -> each.access() == access && each.hasResumeKey(key))
          .findFirst()
          .orElseThrow(() ->
              new ApiException(
                  404, "ERR_PARTICIPANT_NOT_FOUND", "The participant is not here (any more)."));
    });
  }

  /// What came of an ICE fragment.
  ///
  /// @param tag names the ICE session that goes on
  /// @param answer the server's own fragment, when this was a restart
  public record IceResult(String tag, Optional<String> answer) {}

  /// The name of a participant's ICE session (RFC 9725 §4.3.1), which changes with every restart.
  public String iceTag(Participant participant) {
    return session.locked(() -> {
      session.requireMember(participant);
      return iceOf(participant).local().usernameFragment();
    });
  }

  /// Takes what a participant says of its end of the transport: other credentials restart ICE, the
  /// same ones bring candidates, which a server that sends no checks has no use for.
  ///
  /// @param isExpected tells by its name whether the ICE session is the one that is meant
  /// @throws ApiException `ERR_SDP_INVALID`, `ERR_PRECONDITION_FAILED`, `ERR_OVERLOADED`
  public IceResult updateIce(
      Participant participant, String fragment, Predicate<String> isExpected) {
    IceFragment said = Refusals.orRefuse(IceFragment.parse(fragment));
    return session.locked(() -> {
      session.requireMember(participant);
      IceState ice = iceOf(participant);
      if (!isExpected.test(ice.local().usernameFragment())) {
        throw new ApiException(
            412, "ERR_PRECONDITION_FAILED", "The ICE session is another one by now.");
      }
      if (said.equals(ice.remote())) {
        return new IceResult(ice.local().usernameFragment(), Optional.empty());
      }
      if (participant.downlink() instanceof Playback playback) {
        playback.restart(said);
      } else {
        participant.publication().restart(said);
      }
      IceState fresh = iceOf(participant);
      String answer =
          IceFragment.write(
              session.localTransport(fresh.local(), fresh.transportId()),
              fresh.bundle(),
              fresh.first());
      return new IceResult(fresh.local().usernameFragment(), Optional.of(answer));
    });
  }

  private static IceState iceOf(Participant participant) {
    IceState ice =
        participant.downlink() instanceof Playback playback
            ? playback.ice()
            : participant.publication().ice();
    if (ice == null) {
      throw Sessions.notFound();
    }
    return ice;
  }
}
