package io.belfry.signalling.push;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.Json;
import io.belfry.signalling.call.CallService;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.Shapes;
import io.belfry.signalling.push.PushProvider.Kind;
import io.belfry.signalling.push.PushProvider.Outcome;
import io.belfry.signalling.push.PushProvider.PushMessage;
import io.belfry.signalling.ring.Leg;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.store.CallStore;
import io.belfry.signalling.store.PushTokenStore;
import io.belfry.signalling.store.PushTokenStore.PushToken;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides who gets a push: a callee without a connected device when the call begins to ring it,
/// also one whose last device goes while it rings, or whom the node's restart cut off; and again,
/// whoever got one, when it rings no longer.
public final class Pushes implements CallService.ChangeListener, Devices.Listener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pushes.class);

  private static final int MAX_AT_ONCE = 32;
  private static final int MAX_WAITING = 10_000;
  private static final int TRIES = 3;
  private static final Duration PAUSE = Duration.ofMillis(500);

  /// A phone that is off must not ring for a call of an hour ago, nor miss that it has stopped.
  private static final Duration CANCEL_LIFETIME = Duration.ofSeconds(30);

  private static final int COLLAPSE_KEY_CHARS = 40;

  private final PushProvider provider;
  private final PushTokenStore tokens;
  private final CallStore calls;
  private final UserStore users;
  private final Devices devices;
  private final Clock clock;
  private final Counter pushes;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore atOnce = new Semaphore(MAX_AT_ONCE);
  private final AtomicInteger waiting = new AtomicInteger();

  /// Whose phone was told that a call rings, and what is still to be sent about it, in order.
  private final Map<Ringing, CompletableFuture<Void>> told = new ConcurrentHashMap<>();

  private record Ringing(String sessionId, String uid) {}

  /// @param pushes counts what came of each, see {@link #metric}
  public Pushes(
      PushProvider provider,
      PushTokenStore tokens,
      CallStore calls,
      UserStore users,
      Devices devices,
      Clock clock,
      Counter pushes) {
    this.provider = provider;
    this.tokens = tokens;
    this.calls = calls;
    this.users = users;
    this.devices = devices;
    this.clock = clock;
    this.pushes = pushes;
  }

  /// What is measured of pushes; it is there, and stays 0, without a push service as well.
  public static Counter metric(CollectorRegistry registry) {
    return Counter.build("belfry_signalling_pushes", "Push requests, by what came of them.")
        .labelNames("event", "outcome")
        .register(registry);
  }

  @Override
  public void onChanged(@Nullable RingCall before, RingCall next) {
    for (String uid : next.ringing()) {
      ringIfAway(next, uid);
    }
    if (before != null) {
      for (String uid : before.ringing()) {
        Leg leg = next.leg(uid);
        if (leg == null || !leg.isRinging()) {
          cancel(next, uid);
        }
      }
    }
  }

  @Override
  public void onOnline(String uid) {
    // Its device is told by itself.
  }

  @Override
  public void onOffline(String uid) {
    for (String sessionId : calls.ringing(uid)) {
      calls
          .find(sessionId)
          .map(CallStore.Versioned::call)
          .filter(call -> call.ringing().contains(uid))
          .ifPresent(call -> ringIfAway(call, uid));
    }
  }

  private void ringIfAway(RingCall call, String uid) {
    if (devices.isConnected(uid)) {
      return;
    }
    told.computeIfAbsent(
        new Ringing(call.sessionId().value(), uid),
        key ->
            CompletableFuture.runAsync(
                guarded(Kind.RING, () -> send(Kind.RING, call, uid)), threads));
  }

  private void cancel(RingCall call, String uid) {
    Ringing key = new Ringing(call.sessionId().value(), uid);
    told.computeIfPresent(
        key,
        (same, earlier) -> {
          CompletableFuture<Void> last =
              earlier.thenRunAsync(
                  guarded(Kind.CANCEL, () -> send(Kind.CANCEL, call, uid)), threads);
          var _ = last.whenComplete((done, failure) -> told.remove(key, last));
          return last;
        });
  }

  /// Bounded, and never failing: what comes after it must come.
  private Runnable guarded(Kind kind, Runnable work) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      count(kind, "dropped");
      return () -> {};
    }
    return () -> {
      atOnce.acquireUninterruptibly();
      try {
        work.run();
      } catch (RuntimeException e) {
        log.error("push.failed", e);
      } finally {
        atOnce.release();
        waiting.decrementAndGet();
      }
    };
  }

  private void send(Kind kind, RingCall call, String uid) {
    List<PushToken> phones = tokens.of(uid);
    if (phones.isEmpty()) {
      return;
    }
    ObjectNode shown = draw(kind, call, uid);
    String sessionId = call.sessionId().value();
    String collapseKey = sessionId.substring(Math.max(0, sessionId.length() - COLLAPSE_KEY_CHARS));
    for (PushToken phone : phones) {
      send(
          new PushMessage(
              kind,
              phone,
              shown,
              collapseKey,
              kind == Kind.RING ? call.ringUntil() : clock.instant().plus(CANCEL_LIFETIME)));
    }
  }

  private void send(PushMessage message) {
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      Outcome outcome = Outcome.FAILED;
      String cause = "refused";
      try {
        outcome = provider.send(message);
      } catch (IOException | RuntimeException e) {
        cause = String.valueOf(e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      count(message.kind(), outcome.name().toLowerCase(Locale.ROOT));
      switch (outcome) {
        case SENT -> {
          log.info(
              "push.sent event={} uid={} platform={}",
              message.kind().word(),
              message.token().uid(),
              message.token().platform());
          return;
        }
        case TOKEN_GONE -> {
          tokens.remove(message.token().token(), null);
          log.info("push.token_gone uid={}", message.token().uid());
          return;
        }
        case FAILED ->
            log.warn(
                "push.not_sent event={} uid={} attempt={} cause={}",
                message.kind().word(),
                message.token().uid(),
                attempt,
                cause);
      }
      if (!pause(attempt) || !clock.instant().isBefore(message.expiresAt())) {
        return;
      }
    }
  }

  private static boolean pause(int attempt) {
    if (attempt == TRIES) {
      return false;
    }
    try {
      Thread.sleep(PAUSE.multipliedBy(attempt));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private ObjectNode draw(Kind kind, RingCall call, String uid) {
    ObjectNode shown =
        Json.object()
            .put("sessionId", call.sessionId().value())
            .put("conversationId", call.conversationId())
            .put("type", call.type().word())
            .put("receiverType", call.receiverType().word())
            .put("receiverId", call.receiverId())
            .put("initiatedAt", call.initiatedAt().getEpochSecond())
            .put("ringUntil", call.ringUntil().getEpochSecond())
            .put("status", statusFor(kind, call, uid));
    shown.set(
        "callInitiator",
        users
            .findUser(call.initiator())
            .map(Pushes::shape)
            .orElseGet(() -> Json.object().put("uid", call.initiator())));
    if (call.receiverType() == ReceiverType.GROUP) {
      users
          .findGroup(call.receiverId())
          .ifPresent(group -> shown.set("callReceiver", Shapes.group(group)));
    }
    if (call.metadata() != null) {
      shown.set("metadata", Json.readObject(call.metadata()));
    }
    return shown;
  }

  private static ObjectNode shape(User user) {
    ObjectNode shape = Shapes.user(user, true);
    shape.remove("status");
    return shape;
  }

  /// Why it rings no longer: what became of the call, or what this user did elsewhere.
  private static String statusFor(Kind kind, RingCall call, String uid) {
    if (kind == Kind.RING) {
      return "initiated";
    }
    Leg leg = call.leg(uid);
    return leg != null && leg.state() == Leg.LegState.REJECTED && !call.isOver()
        ? "rejected"
        : call.status().word();
  }

  private void count(Kind kind, String outcome) {
    pushes.labels(kind.word(), outcome).inc();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
