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
}
