package io.belfry.signalling.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.belfry.common.id.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The ring as a table: every state with every input. `caller` calls `callee`; in a group call,
/// `callee` and `other` are its other members. A cell is the next status, `-` for no change, or the
/// code of the refusal.
final class RingTableTest {
  private static final Instant START = Instant.ofEpochSecond(1_772_009_087L);
  private static final Instant RING_UNTIL = START.plusSeconds(45);
  private static final Instant ACCEPTED = START.plusSeconds(6);
  private static final Instant NOW = START.plusSeconds(60);

  private static final String NOT_A_PART = "ERR_CALL_NOT_A_PART";
  private static final String TERMINATED = "ERR_CALL_TERMINATED";
  private static final String NOT_STARTED = "ERR_CALL_NOT_STARTED";
  private static final String ALREADY = "ERR_CALL_USER_ALREADY_JOINED";
  private static final String GROUP_ALREADY = "ERR_CALL_GROUP_ALREADY_JOINED";
  private static final String GROUP_LEFT = "ERR_CALL_GROUP_ALREADY_LEFT";
  private static final String NO_BUSY = "ERR_CALL_GROUP_INVALID_STATUS";
  private static final String TO_INVALID = "ERR_CALL_ONGOING_TO_INVALID";

  /// The inputs, in the order of the table's columns.
  private static final List<RingInput> INPUTS =
      List.of(
          new RingInput.Accept("caller", NOW),
          new RingInput.Accept("callee", NOW),
          new RingInput.Accept("stranger", NOW),
          new RingInput.Reject("caller", CallStatus.CANCELLED, NOW),
          new RingInput.Reject("caller", CallStatus.REJECTED, NOW),
          new RingInput.Reject("callee", CallStatus.REJECTED, NOW),
          new RingInput.Reject("callee", CallStatus.BUSY, NOW),
          new RingInput.Reject("callee", CallStatus.CANCELLED, NOW),
          new RingInput.Reject("stranger", CallStatus.REJECTED, NOW),
          new RingInput.End("caller", NOW),
          new RingInput.End("callee", NOW),
          new RingInput.End("stranger", NOW),
          new RingInput.RingTimeout(RING_UNTIL.minusMillis(1)),
          new RingInput.RingTimeout(RING_UNTIL),
          new RingInput.UserOffline("caller", NOW),
          new RingInput.UserOffline("callee", NOW),
          new RingInput.ParticipantJoined("callee", NOW),
          new RingInput.ParticipantLeft("callee", NOW),
          new RingInput.ParticipantLeft("stranger", NOW),
          new RingInput.JoinTimeout("callee", ACCEPTED, NOW),
          new RingInput.JoinTimeout("callee", NOW, NOW),
          new RingInput.SessionEmptied(NOW),
          new RingInput.Recovered(NOW));

  private static RingCall initiated(ReceiverType type) {
    return RingCall.initiate(
            new SessionId("v1.local.belfry.1"),
            type,
            CallType.VIDEO,
            "caller",
            type == ReceiverType.USER ? "callee" : "team",
            type == ReceiverType.USER ? List.of("callee") : List.of("callee", "other"),
            null,
            START,
            RING_UNTIL)
        .next();
  }

  private static RingCall after(RingCall call, RingInput... inputs) {
    RingCall next = call;
    for (RingInput input : inputs) {
      next = assertInstanceOf(Step.Changed.class, next.step(input), input.toString()).next();
    }
    return next;
  }

  private static RingCall accepted(ReceiverType type) {
    return after(initiated(type), new RingInput.Accept("callee", ACCEPTED));
  }

  private static RingCall inSession(ReceiverType type) {
    return after(
        accepted(type),
        new RingInput.ParticipantJoined("callee", ACCEPTED),
        new RingInput.ParticipantJoined("caller", ACCEPTED));
  }

  static Stream<Arguments> table() {
    RingCall user = initiated(ReceiverType.USER);
    RingCall group = initiated(ReceiverType.GROUP);
    RingInput.Reject cancel = new RingInput.Reject("caller", CallStatus.CANCELLED, NOW);
    List<Arguments> rows = new ArrayList<>();
    rows.add(
        row(
            "user, initiated",
            user,
            NOT_A_PART,
            "ongoing",
            NOT_A_PART,
            "cancelled",
            NOT_A_PART,
            "rejected",
            "busy",
            NOT_A_PART,
            NOT_A_PART,
            NOT_STARTED,
            NOT_STARTED,
            NOT_A_PART,
            "-",
            "unanswered",
            "cancelled",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "initiated"));
    rows.add(
        row(
            "user, accepted",
            accepted(ReceiverType.USER),
            ALREADY,
            ALREADY,
            NOT_A_PART,
            TO_INVALID,
            TO_INVALID,
            TO_INVALID,
            TO_INVALID,
            TO_INVALID,
            NOT_A_PART,
            "ended",
            "ended",
            NOT_A_PART,
            "-",
            "-",
            "ended",
            "ended",
            "ongoing",
            "ended",
            "-",
            "ended",
            "-",
            "-",
            "ongoing"));
    rows.add(
        row(
            "user, in session",
            inSession(ReceiverType.USER),
            ALREADY,
            ALREADY,
            NOT_A_PART,
            TO_INVALID,
            TO_INVALID,
            TO_INVALID,
            TO_INVALID,
            TO_INVALID,
            NOT_A_PART,
            "ended",
            "ended",
            NOT_A_PART,
            "-",
            "-",
            "-",
            "-",
            "-",
            "ended",
            "-",
            "-",
            "-",
            "ended",
            "ongoing"));
    rows.add(terminal("user, rejected", after(user, rejected("callee"))));
    rows.add(
        terminal("user, busy", after(user, new RingInput.Reject("callee", CallStatus.BUSY, NOW))));
    rows.add(terminal("user, cancelled", after(user, cancel)));
    rows.add(terminal("user, unanswered", after(user, new RingInput.RingTimeout(RING_UNTIL))));
    rows.add(
        terminal(
            "user, ended", after(accepted(ReceiverType.USER), new RingInput.End("caller", NOW))));

    rows.add(
        row(
            "group, initiated",
            group,
            NOT_A_PART,
            "ongoing",
            NOT_A_PART,
            "cancelled",
            NOT_A_PART,
            "initiated",
            NO_BUSY,
            NOT_A_PART,
            NOT_A_PART,
            NOT_STARTED,
            NOT_STARTED,
            NOT_A_PART,
            "-",
            "unanswered",
            "cancelled",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "initiated"));
    rows.add(
        row(
            "group, one rejected",
            after(group, rejected("callee")),
            NOT_A_PART,
            "ongoing",
            NOT_A_PART,
            "cancelled",
            NOT_A_PART,
            "initiated",
            NO_BUSY,
            NOT_A_PART,
            NOT_A_PART,
            NOT_STARTED,
            NOT_STARTED,
            NOT_A_PART,
            "-",
            "unanswered",
            "cancelled",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "initiated"));
    rows.add(
        row(
            "group, accepted",
            accepted(ReceiverType.GROUP),
            GROUP_ALREADY,
            GROUP_ALREADY,
            NOT_A_PART,
            TO_INVALID,
            TO_INVALID,
            TO_INVALID,
            NO_BUSY,
            TO_INVALID,
            NOT_A_PART,
            "ongoing",
            "ongoing",
            NOT_A_PART,
            "-",
            "ongoing",
            "ongoing",
            "ongoing",
            "ongoing",
            "ongoing",
            "-",
            "ongoing",
            "-",
            "-",
            "ongoing"));
    rows.add(
        row(
            "group, in session",
            inSession(ReceiverType.GROUP),
            GROUP_ALREADY,
            GROUP_ALREADY,
            NOT_A_PART,
            TO_INVALID,
            TO_INVALID,
            TO_INVALID,
            NO_BUSY,
            TO_INVALID,
            NOT_A_PART,
            "ongoing",
            "ongoing",
            NOT_A_PART,
            "-",
            "ongoing",
            "-",
            "-",
            "-",
            "ongoing",
            "-",
            "-",
            "-",
            "ended",
            "ongoing"));
    rows.add(
        row(
            "group, callee left",
            after(inSession(ReceiverType.GROUP), new RingInput.End("callee", NOW)),
            GROUP_ALREADY,
            "ongoing",
            NOT_A_PART,
            TO_INVALID,
            TO_INVALID,
            TO_INVALID,
            NO_BUSY,
            TO_INVALID,
            NOT_A_PART,
            "ended",
            GROUP_LEFT,
            NOT_A_PART,
            "-",
            "ongoing",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            "ended",
            "ongoing"));
    rows.add(groupTerminal("group, cancelled", after(group, cancel)));
    rows.add(
        groupTerminal("group, unanswered", after(group, new RingInput.RingTimeout(RING_UNTIL))));
    rows.add(
        groupTerminal("group, all rejected", after(group, rejected("callee"), rejected("other"))));
    rows.add(
        groupTerminal(
            "group, ended",
            after(
                accepted(ReceiverType.GROUP),
                new RingInput.End("caller", NOW),
                new RingInput.End("callee", NOW))));
    return rows.stream();
  }

  private static RingInput.Reject rejected(String uid) {
    return new RingInput.Reject(uid, CallStatus.REJECTED, NOW);
  }

  private static Arguments terminal(String name, RingCall call) {
    return row(
        name,
        call,
        TERMINATED,
        TERMINATED,
        NOT_A_PART,
        TERMINATED,
        TERMINATED,
        TERMINATED,
        TERMINATED,
        TERMINATED,
        NOT_A_PART,
        TERMINATED,
        TERMINATED,
        NOT_A_PART,
        "-",
        "-",
        "-",
        "-",
        "-",
        "-",
        "-",
        "-",
        "-",
        "-",
        "-");
  }

  private static Arguments groupTerminal(String name, RingCall call) {
    return terminal(name, call);
  }

  private static Arguments row(String name, RingCall call, String... expected) {
    assertEquals(INPUTS.size(), expected.length, name);
    return Arguments.of(name, call, List.of(expected));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void answersEveryInput(String name, RingCall call, List<String> expected) {
    List<String> actual = new ArrayList<>();
    for (RingInput input : INPUTS) {
      actual.add(
          switch (call.step(input)) {
            case Step.Changed(var next, _, _) -> next.status().word();
            case Step.Unchanged _ -> "-";
            case Step.Refused(var code, _) -> code;
          });
    }
    assertEquals(expected, actual);
  }

  /// Who is told what; `!` stands for "but the device that acted".
  private static List<String> told(Step step) {
    return assertInstanceOf(Step.Changed.class, step).effects().stream()
        .filter(Effect.Notify.class::isInstance)
        .map(Effect.Notify.class::cast)
        .map(n -> n.uid() + (n.isExceptActing() ? "! " : " ") + n.type().wireName())
        .sorted()
        .toList();
  }

  private static CallAction action(Step step) {
    return Objects.requireNonNull(assertInstanceOf(Step.Changed.class, step).action());
  }

  @Test
  void tellsTheCallerAndTheCalleesOtherDevicesOfAnAcceptance() {
    Step step = initiated(ReceiverType.USER).step(new RingInput.Accept("callee", ACCEPTED));
    assertEquals(
        List.of("callee! onIncomingCallCancelled", "caller onOutgoingCallAccepted"), told(step));
    assertEquals(new CallAction("callee", CallStatus.ONGOING, ACCEPTED, ACCEPTED), action(step));
  }

  @Test
  void opensTheSessionBeforeAnythingElse() {
    Step.Changed step =
        assertInstanceOf(
            Step.Changed.class,
            initiated(ReceiverType.USER).step(new RingInput.Accept("callee", ACCEPTED)));
    assertEquals(new Effect.OpenSession(), step.effects().getFirst());
  }

  @Test
  void tellsBothSidesOfATimeout() {
    Step step = initiated(ReceiverType.USER).step(new RingInput.RingTimeout(RING_UNTIL));
    assertEquals(
        List.of("callee onIncomingCallCancelled", "caller onOutgoingCallRejected"), told(step));
    assertEquals(new CallAction("caller", CallStatus.UNANSWERED, RING_UNTIL, null), action(step));
  }

  @Test
  void tellsTheOtherSideAndTheOwnOtherDevicesOfAnEnd() {
    Step step = accepted(ReceiverType.USER).step(new RingInput.End("callee", NOW));
    assertEquals(
        List.of("callee! onCallEndedMessageReceived", "caller onCallEndedMessageReceived"),
        told(step));
    assertEquals(new CallAction("callee", CallStatus.ENDED, NOW, ACCEPTED), action(step));
  }

  @Test
  void tellsEverybodyWhenAConnectionEndsTheCall() {
    Step step = inSession(ReceiverType.USER).step(new RingInput.ParticipantLeft("callee", NOW));
    assertEquals(
        List.of("callee onCallEndedMessageReceived", "caller onCallEndedMessageReceived"),
        told(step));
  }

  @Test
  void keepsAGroupCallQuietAboutOneWhoRejects() {
    Step step = initiated(ReceiverType.GROUP).step(rejected("callee"));
    assertEquals(List.of("callee! onIncomingCallCancelled"), told(step));
    assertEquals(CallStatus.REJECTED, action(step).status());
  }

  @Test
  void tellsTheCallerOfAGroupOnceThatNobodyIsLeftToAnswer() {
    Step step = after(initiated(ReceiverType.GROUP), rejected("callee")).step(rejected("other"));
    assertEquals(
        List.of("caller onOutgoingCallRejected", "other! onIncomingCallCancelled"), told(step));
  }

  @Test
  void tellsTheCallerOfAGroupOfTheFirstWhoAcceptsOnly() {
    Step later = accepted(ReceiverType.GROUP).step(new RingInput.Accept("other", NOW));
    assertEquals(List.of("other! onIncomingCallCancelled"), told(later));
  }

  @Test
  void stopsRingingInAGroupThatTalks() {
    Step step = accepted(ReceiverType.GROUP).step(new RingInput.RingTimeout(RING_UNTIL));
    assertEquals(List.of("other onIncomingCallCancelled"), told(step));
    RingCall next = assertInstanceOf(Step.Changed.class, step).next();
    assertEquals("ongoing", next.status().word());
    assertInstanceOf(Step.Changed.class, next.step(new RingInput.Accept("other", NOW)));
  }

  @Test
  void freesEverybodyWhenItIsOver() {
    RingCall over = after(inSession(ReceiverType.USER), new RingInput.End("caller", NOW));
    assertEquals(java.util.Set.of(), over.engaged());
    assertEquals(NOW, Objects.requireNonNull(over.leg("callee")).leftAt());
  }

  @Test
  void namesConversationsWithTheSmallerUidFirst() {
    assertEquals("callee_user_caller", initiated(ReceiverType.USER).conversationId());
    assertEquals("group_team", initiated(ReceiverType.GROUP).conversationId());
  }
}
