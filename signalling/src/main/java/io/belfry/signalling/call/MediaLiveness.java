package io.belfry.signalling.call;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.media.MediaEvent;
import io.belfry.signalling.ring.RingInput;
import io.belfry.signalling.timer.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Turns what the SFU says about participants into what it means for calls. A user is in a session
/// with any of its devices, and out when the last one is gone and does not come back.
public final class MediaLiveness implements Consumer<MediaEvent> {
  /// A user whose connection was lost has had the SFU's grace period already; one who left may be
  /// reloading the page.
  static final Duration RETURN_GRACE = Duration.ofSeconds(5);

  private static final String CONNECTION_LOST = "connection-lost";
  private static final String SESSION_CLOSED = "session-closed";
  private static final String REPLACED = "replaced";

  private final CallService calls;
  private final Timers timers;
  private final Map<String, Map<String, Set<ParticipantId>>> present = new ConcurrentHashMap<>();

  /// Sessions whose last leaver was replaced.
  private final Set<String> replaced = ConcurrentHashMap.newKeySet();

  public MediaLiveness(CallService calls, Timers timers) {
    this.calls = calls;
    this.timers = timers;
  }

  @Override
  public void accept(MediaEvent event) {
    String sessionId = event.sessionId().value();
    switch (event) {
      case MediaEvent.UserJoined(_, var participant, var at) -> {
        replaced.remove(sessionId);
        add(sessionId, participant);
        calls.propose(sessionId, new RingInput.ParticipantJoined(participant.uid(), at));
      }
      case MediaEvent.UserLeft(_, var participant, var reason, var at) -> {
        if (reason.equals(REPLACED)) {
          replaced.add(sessionId);
        } else {
          replaced.remove(sessionId);
        }
        if (remove(sessionId, participant)) {
          onGone(sessionId, participant.uid(), reason, at);
        }
      }
      case MediaEvent.SessionEmptied(_, var at) -> {
        // Who takes an abandoned place of its own is out for a moment only.
        if (!replaced.remove(sessionId)) {
          calls.propose(sessionId, new RingInput.SessionEmptied(at));
        }
      }
      case MediaEvent.SessionClosed(_, var reason, var at) -> {
        replaced.remove(sessionId);
        Map<String, Set<ParticipantId>> left = present.remove(sessionId);
        if (reason.by() != null) {
          calls.propose(sessionId, new RingInput.SessionLost(reason.by().uid(), at));
          return;
        }
        // Nobody is in a session that is closed, so there is nothing to wait for.
        if (left != null) {
          left.keySet()
              .forEach(uid -> calls.propose(sessionId, new RingInput.ParticipantLeft(uid, at)));
        }
        calls.propose(sessionId, new RingInput.SessionLost(null, at));
      }
      case MediaEvent.SessionForgotten(_, var at) -> {
        replaced.remove(sessionId);
        present.remove(sessionId);
        calls.propose(sessionId, new RingInput.Recovered(at));
      }
      case MediaEvent.UserMuteChanged _ -> {
        // The participants were told; a call does not depend on it.
      }
    }
  }

  private void onGone(String sessionId, String uid, String reason, Instant at) {
    switch (reason) {
      case SESSION_CLOSED -> {
        // SessionClosed follows and says it for all.
      }
      case CONNECTION_LOST -> calls.propose(sessionId, new RingInput.ParticipantLeft(uid, at));
      default -> {
        var _ =
            timers.after(
                RETURN_GRACE,
                () -> {
                  if (!isPresent(sessionId, uid)) {
                    calls.propose(
                        sessionId, new RingInput.ParticipantLeft(uid, at.plus(RETURN_GRACE)));
                  }
                });
      }
    }
  }

  private void add(String sessionId, MediaEvent.Participant participant) {
    present.compute(
        sessionId,
        (id, known) -> {
          Map<String, Set<ParticipantId>> users = known == null ? new HashMap<>() : known;
          users
              .computeIfAbsent(participant.uid(), uid -> new HashSet<>())
              .add(participant.participantId());
          return users;
        });
  }

  /// @return whether it was the user's last one
  private boolean remove(String sessionId, MediaEvent.Participant participant) {
    boolean[] isLast = {false};
    present.computeIfPresent(
        sessionId,
        (id, users) -> {
          Set<ParticipantId> of = users.get(participant.uid());
          if (of != null && of.remove(participant.participantId()) && of.isEmpty()) {
            users.remove(participant.uid());
            isLast[0] = true;
          }
          return users.isEmpty() ? null : users;
        });
    return isLast[0];
  }

  private boolean isPresent(String sessionId, String uid) {
    boolean[] is = {false};
    present.computeIfPresent(
        sessionId,
        (id, users) -> {
          is[0] = users.containsKey(uid);
          return users;
        });
    return is[0];
  }
}
