package io.belfry.signalling.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.id.SessionId;
import io.belfry.config.DatabaseConfig;
import io.belfry.signalling.ring.CallAction;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.ring.RingInput;
import io.belfry.signalling.ring.Step;
import io.belfry.signalling.store.CallStore.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every store must do, whichever database is behind it.
abstract class StoreContract {
  private static final Instant NOW = Instant.ofEpochMilli(1_772_009_087_123L);

  @TempDir Path data;
  private Database database;

  /// A database of this test's own, which may be opened twice.
  abstract DatabaseConfig config();

  @BeforeEach
  void open() {
    database = Database.open(config(), data);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Step.Changed begin(String id, String caller, String callee) {
    return RingCall.initiate(
        new SessionId(id),
        ReceiverType.USER,
        CallType.VIDEO,
        caller,
        callee,
        List.of(callee),
        "{\"topic\":\"tea\"}",
        NOW,
        NOW.plusSeconds(45));
  }

  private Outcome create(Step.Changed step) {
    return database.calls().create(step.next(), Objects.requireNonNull(step.action()));
  }

  private Outcome update(long version, Step.Changed from, Step.Changed to) {
    return database
        .calls()
        .update(new CallStore.Versioned(version, from.next()), to.next(), to.action());
  }

  private static Step.Changed step(RingCall call, RingInput input) {
    return assertInstanceOf(Step.Changed.class, call.step(input));
  }

  @Test
  void readsACallAsItWasStored() {
    Step.Changed begun = begin("v1.a", "anna", "ben");
    assertInstanceOf(Outcome.Stored.class, create(begun));
    assertEquals(
        Optional.of(new CallStore.Versioned(1, begun.next())), database.calls().find("v1.a"));

    Step.Changed accepted = step(begun.next(), new RingInput.Accept("ben", NOW.plusSeconds(5)));
    update(1, begun, accepted);
    assertEquals(
        Optional.of(new CallStore.Versioned(2, accepted.next())), database.calls().find("v1.a"));

    Step.Changed ended = step(accepted.next(), new RingInput.End("anna", NOW.plusSeconds(9)));
    update(2, accepted, ended);
    assertEquals(
        Optional.of(new CallStore.Versioned(3, ended.next())), database.calls().find("v1.a"));
  }

  @Test
  void numbersActionsUpwardsOverAllCalls() {
    Outcome.Stored first =
        assertInstanceOf(Outcome.Stored.class, create(begin("v1.a", "anna", "ben")));
    Outcome.Stored second =
        assertInstanceOf(Outcome.Stored.class, create(begin("v1.b", "chiara", "david")));
    assertTrue(
        Objects.requireNonNull(second.action()).id() > Objects.requireNonNull(first.action()).id());
    assertEquals(Optional.of(second.action()), database.calls().lastAction("v1.b"));
  }

  @Test
  void refusesAChangeFromAnOldVersion() {
    Step.Changed begun = begin("v1.a", "anna", "ben");
    create(begun);
    Step.Changed accepted = step(begun.next(), new RingInput.Accept("ben", NOW));
    Step.Changed cancelled =
        step(begun.next(), new RingInput.Reject("anna", CallStatus.CANCELLED, NOW));
    assertInstanceOf(Outcome.Stored.class, update(1, begun, cancelled));
    assertInstanceOf(Outcome.Conflict.class, update(1, begun, accepted));
    assertEquals(cancelled.next(), database.calls().find("v1.a").orElseThrow().call());
    assertEquals(
        CallStatus.CANCELLED, database.calls().lastAction("v1.a").orElseThrow().action().status());
  }

  @Test
  void keepsAUserToOneCall() {
    Step.Changed begun = begin("v1.a", "anna", "ben");
    create(begun);
    assertInstanceOf(Outcome.UserBusy.class, create(begin("v1.b", "anna", "chiara")));
    assertTrue(database.calls().find("v1.b").isEmpty(), "nothing of it was stored");
    assertEquals(Optional.of("v1.a"), database.calls().engagedIn("anna"));
    assertTrue(database.calls().engagedIn("ben").isEmpty());

    Step.Changed cancelled =
        step(begun.next(), new RingInput.Reject("anna", CallStatus.CANCELLED, NOW));
    update(1, begun, cancelled);
    assertInstanceOf(Outcome.Stored.class, create(begin("v1.b", "anna", "chiara")));
  }

  @Test
  void keepsAGroupToOneCall() {
    Step.Changed first = beginGroup("v1.a", "anna");
    create(first);
    assertInstanceOf(Outcome.GroupBusy.class, create(beginGroup("v1.b", "ben")));
    Step.Changed over = step(first.next(), new RingInput.Reject("anna", CallStatus.CANCELLED, NOW));
    update(1, first, over);
    assertInstanceOf(Outcome.Stored.class, create(beginGroup("v1.b", "ben")));
  }

  private static Step.Changed beginGroup(String id, String caller) {
    return RingCall.initiate(
        new SessionId(id),
        ReceiverType.GROUP,
        CallType.VIDEO,
        caller,
        "team",
        List.of("chiara"),
        null,
        NOW,
        NOW.plusSeconds(45));
  }

  /// Goal: of many who change a call at once exactly one wins. Method: threads with one version.
  @Test
  void letsOneOfManyWin() throws Exception {
    Step.Changed begun = begin("v1.a", "anna", "ben");
    create(begun);
    List<Callable<Outcome>> racers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Step.Changed accepted = step(begun.next(), new RingInput.Accept("ben", NOW.plusSeconds(i)));
      racers.add(() -> update(1, begun, accepted));
    }
    int winners = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Outcome> result : threads.invokeAll(racers)) {
        winners += result.get() instanceof Outcome.Stored ? 1 : 0;
      }
    }
    assertEquals(1, winners);
  }

  /// The same for a user who begins many calls at once.
  @Test
  void letsOneOfManyFirstCallsWin() throws Exception {
    List<Callable<Outcome>> racers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Step.Changed begun = begin("v1." + i, "anna", "ben");
      racers.add(() -> create(begun));
    }
    int winners = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Outcome> result : threads.invokeAll(racers)) {
        winners += result.get() instanceof Outcome.Stored ? 1 : 0;
      }
    }
    assertEquals(1, winners);
    assertEquals(1, database.calls().active().size());
  }

  @Test
  void findsCallsThatAreNotOverAndThoseThatRing() {
    Step.Changed begun = begin("v1.a", "anna", "ben");
    create(begun);
    create(begin("v1.b", "chiara", "ben"));
    assertEquals(List.of("v1.a", "v1.b"), database.calls().active());
    assertEquals(Set.of("v1.a", "v1.b"), Set.copyOf(database.calls().ringing("ben")));
    Step.Changed rejected =
        step(begun.next(), new RingInput.Reject("ben", CallStatus.REJECTED, NOW));
    update(1, begun, rejected);
    assertEquals(List.of("v1.b"), database.calls().active());
    assertEquals(List.of("v1.b"), database.calls().ringing("ben"));
  }

  @Test
  void remembersOverARestart() {
    database.users().createUser(new User("anna", "Anna", null, "default", null), NOW);
    database.users().setLastActive("anna", NOW);
    create(begin("v1.a", "anna", "ben"));
    database.close();
    database = Database.open(config(), data);
    assertEquals(
        Optional.of(new User("anna", "Anna", null, "default", NOW)),
        database.users().findUser("anna"));
    assertEquals(List.of("v1.a"), database.calls().active());
  }

  @Test
  void keepsHashesAndSettings() {
    CredentialStore store = database.credentials();
    database.users().createUser(new User("anna", "Anna", null, "default", null), NOW);
    store.addAuthToken("a".repeat(64), "anna", NOW, NOW.plusSeconds(60));
    assertEquals(Optional.of("anna"), store.findAuthToken("a".repeat(64), NOW.plusSeconds(59)));
    assertTrue(store.findAuthToken("a".repeat(64), NOW.plusSeconds(60)).isEmpty());
    store.putApiKey("admin", "b".repeat(64), "full", NOW);
    assertEquals(Optional.of("full"), store.findApiKey("b".repeat(64), NOW));
    store.putApiKey("admin", "c".repeat(64), "full", NOW);
    assertTrue(store.findApiKey("b".repeat(64), NOW).isEmpty());
    assertTrue(store.hasApiKeys("full"));
    assertFalse(store.hasApiKeys("auth"));
    assertEquals("one", store.putSettingIfAbsent("key", "one"));
    assertEquals("one", store.putSettingIfAbsent("key", "two"));
  }

  @Test
  void knowsFriendsByTheirGroups() {
    for (String uid : List.of("anna", "ben", "chiara")) {
      database.users().createUser(new User(uid, uid, null, "default", null), NOW);
    }
    database.users().createGroup("team", "Team", "public", null, null, NOW);
    database.users().addMembers("team", List.of("anna", "ben"), NOW);
    database.users().addMembers("team", List.of("ben"), NOW);
    assertEquals(Set.of("ben"), database.users().friendsOf("anna"));
    assertEquals(Set.of(), database.users().friendsOf("chiara"));
    assertEquals(2, database.users().findGroup("team").orElseThrow().membersCount());
  }

  @Test
  void noticesAnActionWithoutACall() {
    CallAction action = new CallAction("anna", CallStatus.ENDED, NOW, null);
    Step.Changed begun = begin("v1.none", "anna", "ben");
    assertInstanceOf(
        Outcome.Conflict.class,
        database.calls().update(new CallStore.Versioned(7, begun.next()), begun.next(), action));
  }

  // ---- history, outbox, webhooks, keys

  /// Goal: what is told outside is written with the change, in its order, and only for somebody.
  @Test
  void writesTheOutboxWithEachChange() {
    WebhookStore webhooks = database.webhooks();
    create(begin("v1.before", "chiara", "david"));
    assertEquals(List.of(), webhooks.outbox(100), "nobody wants to hear");
    webhooks.create(
        new WebhookStore.Webhook("crm", "https://x", Set.of("call_ended"), "s", true, NOW));
    Step.Changed begun = begin("v1.a", "anna", "ben");
    create(begun);
    Step.Changed accepted = step(begun.next(), new RingInput.Accept("ben", NOW.plusSeconds(5)));
    update(1, begun, accepted);
    Step.Changed joined =
        step(accepted.next(), new RingInput.ParticipantJoined("ben", NOW.plusSeconds(6)));
    update(2, accepted, joined);
    Step.Changed ended = step(joined.next(), new RingInput.End("anna", NOW.plusSeconds(65)));
    update(3, joined, ended);
    assertInstanceOf(Outcome.Conflict.class, update(3, joined, ended));
    List<WebhookStore.OutboxEntry> entries = webhooks.outbox(100);
    assertEquals(
        List.of(
            "call_initiated",
            "call_started",
            "call_participant_joined",
            "call_participant_left",
            "call_ended"),
        entries.stream().map(WebhookStore.OutboxEntry::kind).toList());
    assertTrue(entries.stream().allMatch(entry -> entry.sessionId().equals("v1.a")));

    webhooks.fanOut(
        entries,
        List.of(
            new WebhookStore.NewDelivery("crm", "v1.a", "call_ended", "k1", "{}"),
            new WebhookStore.NewDelivery("crm", "v1.a", "call_ended", "k2", "{}"),
            new WebhookStore.NewDelivery("crm", "v1.b", "call_ended", "k3", "{}"),
            new WebhookStore.NewDelivery("gone", "v1.b", "call_ended", "k4", "{}")),
        NOW,
        NOW.plusSeconds(100));
    assertEquals(List.of(), webhooks.outbox(100));
    assertEquals(List.of("k1", "k3"), keysOf(webhooks.due("crm", NOW, 10)), "one of each call");
    assertEquals(3, webhooks.pending("crm"));

    WebhookStore.Delivery first = webhooks.due("crm", NOW, 1).getFirst();
    Instant later = NOW.plusSeconds(10);
    webhooks.tried(
        first.id(), WebhookStore.DeliveryState.PENDING, null, "x".repeat(600), NOW, later);
    assertEquals(List.of("k3"), keysOf(webhooks.due("crm", NOW, 10)));
    assertEquals(Optional.of(NOW), webhooks.nextDue("crm"));
    webhooks.tried(first.id(), WebhookStore.DeliveryState.FAILED, 500, "no", later, later);
    assertEquals(Set.of("k2", "k3"), Set.copyOf(keysOf(webhooks.due("crm", later, 10))));
    assertEquals(
        List.of("k1"),
        keysOf(webhooks.deliveries(WebhookStore.DeliveryState.FAILED, "crm", null, 10)));
    assertEquals(1, webhooks.replayFailed("crm", later, later));
    assertFalse(webhooks.replay(first.id(), later, later), "it is pending");
    webhooks.tried(first.id(), WebhookStore.DeliveryState.DELIVERED, 200, null, later, later);
    webhooks.forgetFinished(later.plusSeconds(1));
    assertTrue(webhooks.delivery(first.id()).isEmpty());
    assertTrue(webhooks.remove("crm"));
    assertEquals(0, webhooks.pending("crm"));
  }

  private static List<String> keysOf(List<WebhookStore.Delivery> deliveries) {
    return deliveries.stream().map(WebhookStore.Delivery::idempotencyKey).toList();
  }

  /// Goal: who leaves a group's call and comes back is counted for both stays.
  @Test
  void remembersEveryStay() {
    Step.Changed begun =
        RingCall.initiate(
            new SessionId("v1.g"),
            ReceiverType.GROUP,
            CallType.AUDIO,
            "anna",
            "team",
            List.of("ben", "chiara"),
            null,
            NOW,
            NOW.plusSeconds(45));
    create(begun);
    long version = 1;
    Step.Changed last = begun;
    for (RingInput input :
        List.of(
            new RingInput.Accept("ben", NOW.plusSeconds(5)),
            new RingInput.Accept("chiara", NOW.plusSeconds(10)),
            new RingInput.End("ben", NOW.plusSeconds(65)),
            new RingInput.Accept("ben", NOW.plusSeconds(100)),
            new RingInput.End("chiara", NOW.plusSeconds(110)),
            new RingInput.End("ben", NOW.plusSeconds(130)),
            new RingInput.End("anna", NOW.plusSeconds(140)))) {
      Step.Changed next = step(last.next(), input);
      assertInstanceOf(Outcome.Stored.class, update(version++, last, next), input.toString());
      last = next;
    }
    CallHistory.CallRecord call = database.history().find("v1.g").orElseThrow();
    assertEquals(CallStatus.ENDED, call.status());
    assertEquals(NOW.plusSeconds(5), call.answeredAt());
    assertEquals(NOW.plusSeconds(140), call.endedAt());
    assertEquals(
        List.of("anna 135", "ben 90", "chiara 100"),
        call.parts().stream()
            .map(part -> part.uid() + " " + part.present(NOW).toSeconds())
            .toList());
    CallHistory.Part ben = call.parts().get(1);
    assertEquals(NOW.plusSeconds(5), ben.joinedAt());
    assertEquals(NOW.plusSeconds(130), ben.leftAt());
    assertEquals(2, ben.stays().size());
  }

  @Test
  void findsCallsByWhatIsKnownOfThem() {
    Step.Changed first = begin("v1.a", "anna", "ben");
    create(first);
    update(
        1,
        first,
        step(first.next(), new RingInput.Reject("anna", CallStatus.CANCELLED, NOW.plusSeconds(3))));
    Step.Changed second = begin("v1.b", "anna", "chiara");
    create(second);
    Step.Changed accepted = step(second.next(), new RingInput.Accept("chiara", NOW));
    update(1, second, accepted);
    assertEquals(List.of("v1.b", "v1.a"), found(filter(null, List.of(), null, null, false, null)));
    assertEquals(
        List.of("v1.a"),
        found(filter(null, List.of(CallStatus.CANCELLED), null, null, false, null)));
    assertEquals(List.of("v1.a"), found(filter(null, List.of(), "ben", null, true, null)));
    assertEquals(List.of(), found(filter(null, List.of(), "anna", null, true, null)));
    assertEquals(
        List.of("v1.b", "v1.a"), found(filter(null, List.of(), "anna", true, false, null)));
    assertEquals(List.of(), found(filter(null, List.of(), "anna", false, false, null)));
    assertEquals(List.of("v1.b"), found(filter("video", List.of(), null, null, false, 2)));
    assertEquals(List.of(), found(filter("audio", List.of(), null, null, false, null)));
    CallHistory.Page page =
        database.history().list(filter(null, List.of(), null, null, false, null), 1, 1);
    assertEquals(2, page.total());
    assertEquals("v1.a", page.calls().getFirst().sessionId());

    List<CallHistory.ActionRecord> actions = database.history().actions(0, 3, NOW.plusSeconds(60));
    assertEquals(3, actions.size());
    assertEquals(
        1, database.history().actions(actions.getLast().id(), 10, NOW.plusSeconds(60)).size());
  }

  private List<String> found(CallHistory.Filter filter) {
    return database.history().list(filter, 0, 10).calls().stream()
        .map(CallHistory.CallRecord::sessionId)
        .toList();
  }

  private static CallHistory.Filter filter(
      @Nullable String type,
      List<CallStatus> statuses,
      @Nullable String uid,
      @Nullable Boolean isOutgoing,
      boolean isMissed,
      @Nullable Integer participants) {
    return new CallHistory.Filter(
        type,
        statuses,
        "user",
        uid,
        null,
        isOutgoing,
        isMissed,
        null,
        NOW.minusSeconds(1),
        null,
        participants);
  }

  /// Ids are given out before transactions end: what came after a gap may be overtaken by it.
  @Test
  void holdsActionsBackWhileAnIdBeforeThemMayStillAppear() {
    create(begin("v1.a", "anna", "ben"));
    long id = database.history().actions(0, 10, NOW.plusSeconds(60)).getFirst().id();
    // A change that took an id and failed leaves a gap.
    assertInstanceOf(Outcome.UserBusy.class, create(begin("v1.b", "anna", "chiara")));
    create(begin("v1.c", "chiara", "david"));
    assertTrue(database.history().actions(id, 10, NOW).size() <= 1);
    assertEquals(1, database.history().actions(id, 10, NOW.plusSeconds(60)).size());
  }

  @Test
  void rotatesAndRevokesCredentials() {
    CredentialStore store = database.credentials();
    assertTrue(store.createApiKey("k", "1".repeat(64), "full", NOW));
    assertFalse(store.createApiKey("k", "2".repeat(64), "full", NOW));
    assertTrue(store.rotateApiKey("k", "3".repeat(64), NOW, NOW.plusSeconds(60)));
    assertEquals(Optional.of("full"), store.findApiKey("1".repeat(64), NOW.plusSeconds(59)));
    assertTrue(store.findApiKey("1".repeat(64), NOW.plusSeconds(60)).isEmpty());
    assertEquals(Optional.of("full"), store.findApiKey("3".repeat(64), NOW.plusSeconds(60)));
    assertFalse(store.rotateApiKey("none", "4".repeat(64), NOW, NOW));

    database.users().createUser(new User("anna", "Anna", null, "default", null), NOW);
    store.revokeForeignToken("5".repeat(64), NOW.plusSeconds(60));
    assertTrue(store.isForeignTokenRevoked("5".repeat(64)));
    store.removeExpiredAuthTokens(NOW.plusSeconds(60));
    assertFalse(store.isForeignTokenRevoked("5".repeat(64)));
    store.removeAuthTokensOf("anna", NOW);
    assertTrue(store.areForeignTokensRevoked("anna", NOW));
    assertFalse(store.areForeignTokensRevoked("anna", NOW.plusMillis(1)));
  }

  @Test
  void keepsTheNewestPushTokensOfOneUserAtATime() {
    for (String uid : List.of("anna", "ben")) {
      database.users().createUser(new User(uid, uid, null, "default", null), NOW);
    }
    PushTokenStore store = database.pushTokens();
    for (int i = 0; i < 4; i++) {
      store.put(
          new PushTokenStore.PushToken(
              "anna", "t" + i, "fcm_web", i == 0 ? null : "p", NOW.plusSeconds(i)),
          3);
    }
    assertEquals(
        List.of("t3", "t2", "t1"),
        store.of("anna").stream().map(PushTokenStore.PushToken::token).toList());
    store.put(new PushTokenStore.PushToken("ben", "t3", "fcm_web", null, NOW), 3);
    assertEquals(2, store.of("anna").size());
    assertFalse(store.remove("t3", "anna"));
    assertTrue(store.remove("t3", null));
    database.users().deleteUser("anna");
    assertEquals(List.of(), store.of("anna"));
  }
}
