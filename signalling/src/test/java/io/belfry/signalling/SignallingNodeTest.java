package io.belfry.signalling;

import static io.belfry.signalling.TestNode.group;
import static io.belfry.signalling.TestNode.hello;
import static io.belfry.signalling.TestNode.session;
import static io.belfry.signalling.TestNode.video;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.CloseReason;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.media.MediaNode;
import io.belfry.common.token.CallTokenVerifier;
import io.belfry.signalling.timer.ManualTimers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole node over real sockets: store, devices, rings. Time is turned by hand.
class SignallingNodeTest {
  private static final Instant START = Instant.ofEpochSecond(1_772_009_087L);
  static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration RING = Duration.ofSeconds(45);
  private static final Duration JOIN = Duration.ofSeconds(60);

  @TempDir private Path data;
  final ManualTimers time = new ManualTimers(START);
  final FakeMediaNode media = new FakeMediaNode();
  TestNode node;

  @BeforeEach
  void start() throws Exception {
    startNode(Map.of());
  }

  final void startNode(Map<String, String> settings) throws Exception {
    node = TestNode.start(data, time, connectMedia(), settings);
    onStarted();
  }

  /// The SFU as the node is to see it.
  MediaNode connectMedia() throws Exception {
    return media;
  }

  void onStarted() throws Exception {}

  /// Lets the SFU say something, and returns when the node has heard it.
  void raise(MediaEvent event) throws Exception {
    media.raise(event);
  }

  /// Leaves the SFU as a killed node does.
  void leaveMedia() {
    media.forgetReceiver();
  }

  @AfterEach
  void stop() {
    node.close();
    media.verify();
  }

  /// Leaves what a killed process leaves: the store, and an SFU that nobody listens to.
  final void shutDown() {
    node.close();
    time.forget();
    leaveMedia();
  }

  final JsonNode ring(Phone caller, Phone callee) throws Exception {
    JsonNode call = caller.ask("initiateCall", video("ben")).get("call");
    assertEquals(call, callee.event("onIncomingCallReceived"));
    return call;
  }

  void join(JsonNode call, String uid, int number) throws Exception {
    raise(
        new MediaEvent.UserJoined(
            sessionId(call), FakeMediaNode.participant(uid, number), time.instant()));
  }

  private void leave(JsonNode call, String uid, int number, String reason) throws Exception {
    raise(
        new MediaEvent.UserLeft(
            sessionId(call), FakeMediaNode.participant(uid, number), reason, time.instant()));
  }

  /// The SFU is another process, with nothing in it.
  void restartSfu(SessionId open) throws Exception {
    raise(new MediaEvent.SessionForgotten(open, time.instant()));
  }

  static SessionId sessionId(JsonNode call) {
    return new SessionId(call.get("sessionId").textValue());
  }

  static void assertStatus(String status, JsonNode call) {
    assertEquals(status, call.get("status").textValue(), call.toString());
  }

  @Test
  void ringsAndIsAcceptedAndEnds() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    assertStatus("initiated", call);
    assertTrue(
        call.get("sessionId").textValue().matches("v1\\.local\\.belfry\\.1772009087[0-9a-f]{40}"),
        call.toString());

    time.advance(Duration.ofSeconds(6));
    JsonNode accepted = ben.ask("acceptCall", session(call)).get("call");
    assertStatus("ongoing", accepted);
    assertEquals(1_772_009_093L, accepted.get("joinedAt").longValue());
    assertEquals("ben", accepted.at("/sender/uid").textValue());
    assertEquals(accepted, anna.event("onOutgoingCallAccepted"));
    assertEquals(1, media.opened.size());

    time.advance(Duration.ofSeconds(30));
    JsonNode ended = anna.ask("endCall", session(call)).get("call");
    assertStatus("ended", ended);
    assertEquals("ongoing", ended.get("action").textValue());
    assertTrue(ended.has("joinedAt"));
    JsonNode told = ben.event("onCallEndedMessageReceived");
    assertStatus("ended", told);
    assertEquals("ended", told.get("action").textValue());
    assertFalse(told.has("joinedAt"));
    assertEquals(ended.get("id"), told.get("id"));
    assertTrue(told.get("id").asLong() > accepted.get("id").asLong());
    assertEquals(sessionId(call), media.awaitClosed());
    anna.expectQuiet();
    ben.expectQuiet();
  }

  @Test
  void rejects() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    assertStatus("rejected", ben.ask("rejectCall", session(call, "rejected")).get("call"));
    assertStatus("rejected", anna.event("onOutgoingCallRejected"));
    assertEquals("ERR_CALL_TERMINATED", anna.refusal("endCall", session(call)));
  }

  @Test
  void tellsBusyFromRejected() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("rejectCall", session(call, "busy"));
    assertStatus("busy", anna.event("onOutgoingCallRejected"));
  }

  @Test
  void cancels() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    anna.ask("rejectCall", session(call, "cancelled"));
    assertStatus("cancelled", ben.event("onIncomingCallCancelled"));
    anna.expectQuiet();
  }

  @Test
  void stopsRingingAfterItsTime() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    ring(anna, ben);
    time.advance(RING.minusMillis(1));
    ben.expectQuiet();
    time.advance(Duration.ofMillis(1));
    JsonNode told = anna.event("onOutgoingCallRejected");
    assertStatus("unanswered", told);
    assertEquals(1_772_009_132L, told.get("sentAt").longValue());
    assertEquals("ben", told.get("receiverId").textValue());
    assertEquals(told, ben.event("onIncomingCallCancelled"));
  }

  @Test
  void letsTheCallerChooseTheRingingTimeWithinLimits() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    Map<String, Object> five =
        Map.of(
            "receiverId", "ben", "receiverType", "user", "callType", "audio", "timeoutSeconds", 5);
    anna.ask("initiateCall", five);
    ben.event("onIncomingCallReceived");
    time.advance(Duration.ofSeconds(5));
    assertStatus("unanswered", ben.event("onIncomingCallCancelled"));
    Map<String, Object> four =
        Map.of(
            "receiverId", "ben", "receiverType", "user", "callType", "audio", "timeoutSeconds", 4);
    assertEquals("ERR_BAD_REQUEST", anna.refusal("initiateCall", four));
  }

  @Test
  void letsTheFirstDeviceWinAndStopsTheOthers() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    Phone tablet = node.phone("ben", "2");
    JsonNode call = ring(anna, ben);
    tablet.event("onIncomingCallReceived");
    tablet.ask("acceptCall", session(call));
    JsonNode elsewhere = ben.event("onIncomingCallCancelled");
    assertStatus("ongoing", elsewhere);
    assertEquals("ERR_CALL_USER_ALREADY_JOINED", ben.refusal("acceptCall", session(call)));
    tablet.expectQuiet();
  }

  @Test
  void ringsADeviceThatConnectsLater() throws Exception {
    Phone anna = node.phone("anna", "1");
    JsonNode call = anna.ask("initiateCall", video("ben")).get("call");
    Phone ben = node.phone("ben", "1");
    assertEquals(call.get("sessionId"), ben.event("onIncomingCallReceived").get("sessionId"));
    ben.expectQuiet();
  }

  @Test
  void resumesWhereASocketBroke() throws Exception {
    Phone anna = node.phone("anna", "1");
    String token = node.logIn("ben");
    Phone ben = node.open();
    assertFalse(ben.ask("hello", hello(token, "ben", "1", null)).get("resumed").booleanValue());
    JsonNode call = ring(anna, ben);
    ben.acknowledge(ben.lastSeq);
    ben.expectQuiet(); // the acknowledgement has arrived
    ben.cut();
    anna.ask("rejectCall", session(call, "cancelled"));
    Phone again = node.open();
    JsonNode greeting = again.ask("hello", hello(token, "ben", "1", ben.lastSeq));
    assertTrue(greeting.get("resumed").booleanValue());
    assertStatus("cancelled", again.event("onIncomingCallCancelled"));
    assertEquals(ben.lastSeq + 1, again.lastSeq);
    again.expectQuiet();
  }

  @Test
  void replacesTheOldSocketOfADevice() throws Exception {
    Phone first = node.phone("ben", "1");
    Phone second = node.phone("ben", "1");
    assertEquals(4409, first.closeCode());
    Phone anna = node.phone("anna", "1");
    ring(anna, second);
  }

  @Test
  void keepsTheRingOverARestart() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    shutDown();
    time.advance(Duration.ofSeconds(3));
    startNode(Map.of());

    String token = node.logIn("ben");
    Phone again = node.open();
    JsonNode greeting = again.ask("hello", hello(token, "ben", "1", ben.lastSeq));
    assertFalse(greeting.get("resumed").booleanValue());
    assertEquals(call.get("sessionId"), again.event("onIncomingCallReceived").get("sessionId"));
    assertTrue(again.lastSeq > ben.lastSeq);
    Phone caller = node.open();
    JsonNode back = caller.ask("hello", hello(node.logIn("anna"), "anna", "1", null));
    assertEquals(call.get("sessionId"), back.at("/activeCall/sessionId"));

    time.advance(RING.minusSeconds(3));
    assertStatus("unanswered", again.event("onIncomingCallCancelled"));
    assertStatus("unanswered", caller.event("onOutgoingCallRejected"));
  }

  @Test
  void endsARingThatRanOutWhileTheNodeWasDown() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    ring(anna, ben);
    shutDown();
    time.advance(Duration.ofMinutes(5));
    startNode(Map.of());
    time.advance(Duration.ZERO);
    Phone again = node.phone("anna", "1");
    again.expectQuiet();
    ring(again, node.phone("ben", "1"));
  }

  @Test
  void endsAnAcceptedCallThatNobodyComesBackToAfterARestart() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    join(call, "anna", 1);
    join(call, "ben", 2);
    shutDown();
    startNode(Map.of());
    time.advance(JOIN);
    assertEquals(sessionId(call), media.awaitClosed());
  }

  @Test
  void opensTheSessionAgainThatTheSfuHasForgotten() throws Exception {
    media.expectOpens(2);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    anna.event("onOutgoingCallAccepted");
    join(call, "anna", 1);
    join(call, "ben", 2);
    restartSfu(sessionId(call));
    join(call, "anna", 3);
    time.advance(JOIN);
    assertStatus("ended", anna.event("onCallEndedMessageReceived"));
    assertEquals(sessionId(call), media.awaitClosed());
  }

  @Test
  void goesOnWithACallWhoseParticipantsComeBackBeforeTheirDevicesDo() throws Exception {
    media.expectOpens(2);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    join(call, "anna", 1);
    join(call, "ben", 2);
    shutDown();
    startNode(Map.of());
    time.advance(GRACE);
    join(call, "anna", 1);
    join(call, "ben", 2);
    time.advance(JOIN);
    Phone again = node.phone("ben", "1");
    assertStatus("ended", again.ask("endCall", session(call)).get("call"));
  }

  @Test
  void cancelsWhenTheCallersLastDeviceIsGoneForTheGracePeriod() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    ring(anna, ben);
    anna.cut();
    time.awaitTask(GRACE);
    time.advance(GRACE.minusMillis(1));
    ben.expectQuiet();
    time.advance(Duration.ofMillis(1));
    assertStatus("cancelled", ben.event("onIncomingCallCancelled"));
  }

  @Test
  void keepsRingingWhenTheCallerComesBackInTime() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    ring(anna, ben);
    anna.cut();
    time.awaitTask(GRACE);
    time.advance(GRACE.minusSeconds(1));
    node.phone("anna", "1");
    time.advance(Duration.ofSeconds(5));
    ben.expectQuiet();
  }

  @Test
  void letsNoMoreIntoAGroupCallThanMayBe() throws Exception {
    media.expectOpens(1);
    shutDown();
    startNode(Map.of("belfry.signalling.maxParticipants", "2"));
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    Phone chiara = node.phone("chiara", "1");
    JsonNode call = anna.ask("initiateCall", group("team")).get("call");
    ben.ask("acceptCall", session(call));
    assertEquals("ERR_SESSION_FULL", chiara.refusal("acceptCall", session(call)));
    ben.ask("endCall", session(call));
    assertStatus("ongoing", chiara.ask("acceptCall", session(call)).get("call"));
  }

  /// Both have accepted, and now neither can come in.
  @Test
  void endsTheCallOfASessionThatTheSfuHasClosed() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    anna.event("onOutgoingCallAccepted");
    raise(
        new MediaEvent.SessionClosed(
            sessionId(call), CloseReason.of("server-stopped"), time.instant()));
    assertStatus("ended", anna.event("onCallEndedMessageReceived"));
    assertStatus("ended", ben.event("onCallEndedMessageReceived"));
  }

  /// The host, who has been in for the longest, need not be who called.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void saysThatTheHostEndedItForAll(boolean isGroup) throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = isGroup ? anna.ask("initiateCall", group("team")).get("call") : ring(anna, ben);
    ben.ask("acceptCall", session(call));
    anna.event("onOutgoingCallAccepted");
    join(call, "ben", 1);
    join(call, "anna", 2);
    leave(call, "ben", 1, "session-closed");
    leave(call, "anna", 2, "session-closed");
    CloseReason reason =
        new CloseReason(CloseReason.ENDED_BY_HOST, new CloseReason.Person("ben", "Ben"));
    raise(new MediaEvent.SessionClosed(sessionId(call), reason, time.instant()));
    JsonNode told = anna.event("onCallEndedMessageReceived");
    assertStatus("ended", told);
    assertEquals("ben", told.at("/sender/uid").textValue());
    assertEquals(sessionId(call), media.awaitClosed());
  }

  /// A guest has no part in the call that could be said to have ended it.
  @Test
  void endsACallThatAGuestEndedForAll() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    anna.event("onOutgoingCallAccepted");
    join(call, "ben", 1);
    CloseReason reason =
        new CloseReason(CloseReason.ENDED_BY_HOST, new CloseReason.Person("guest-1", "Gina"));
    raise(new MediaEvent.SessionClosed(sessionId(call), reason, time.instant()));
    JsonNode told = ben.event("onCallEndedMessageReceived");
    assertStatus("ended", told);
    assertEquals("anna", told.at("/sender/uid").textValue());
  }

  @Test
  void connectsTwoWhoCallEachOther() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    Phone tablet = node.phone("ben", "2");
    JsonNode call = ring(anna, ben);
    tablet.event("onIncomingCallReceived");

    JsonNode met = ben.ask("initiateCall", video("anna")).get("call");
    assertStatus("ongoing", met);
    assertEquals(call.get("sessionId"), met.get("sessionId"));
    assertEquals("anna", met.at("/callInitiator/uid").textValue());
    assertEquals(met, ben.event("onIncomingCallCancelled"));
    assertEquals(met, ben.event("onOutgoingCallAccepted"));
    assertEquals(met, anna.event("onOutgoingCallAccepted"));
    assertEquals(met, tablet.event("onIncomingCallCancelled"));
    anna.expectQuiet();
    ben.expectQuiet();
    tablet.expectQuiet();
  }

  /// Goal: however close they are, two who call each other talk. Method: both call at once, often.
  @RepeatedTest(20)
  void connectsTwoWhoCallEachOtherAtOnce() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<JsonNode> one = threads.submit(() -> anna.ask("initiateCall", video("ben")));
      Future<JsonNode> other = threads.submit(() -> ben.ask("initiateCall", video("anna")));
      assertEquals(one.get().at("/call/sessionId"), other.get().at("/call/sessionId"));
    }
    assertEquals(1, media.opened.size());
  }

  @Test
  void doesNotTurnAnAudioCallIntoTheVideoCallThatComesTheOtherWay() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    assertEquals(
        "ERR_CALL_BUSY_USER",
        ben.refusal(
            "initiateCall",
            Map.of("receiverId", "anna", "receiverType", "user", "callType", "audio")));
    ben.ask("rejectCall", session(call, "rejected"));
    assertStatus("rejected", anna.event("onOutgoingCallRejected"));
  }

  @Test
  void refusesASecondCallOfABusyCaller() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    ring(anna, ben);
    assertEquals("ERR_CALL_BUSY_SELF", anna.refusal("initiateCall", video("chiara")));
    assertEquals(
        "ERR_CALL_BUSY_SELF", node.phone("anna", "2").refusal("initiateCall", video("ben")));
    ben.expectQuiet();
  }

  @Test
  void refusesToAcceptWhileInAnotherCall() throws Exception {
    media.expectOpens(2);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    Phone chiara = node.phone("chiara", "1");
    JsonNode first = ring(anna, ben);
    ben.ask("acceptCall", session(first));
    JsonNode second = chiara.ask("initiateCall", video("ben")).get("call");
    ben.event("onIncomingCallReceived");
    assertEquals("ERR_CALL_BUSY_SELF", ben.refusal("acceptCall", session(second)));
    assertEquals(sessionId(second), media.awaitClosed());
    ben.ask("rejectCall", session(second, "busy"));
    assertStatus("busy", chiara.event("onOutgoingCallRejected"));
    assertStatus("ongoing", anna.event("onOutgoingCallAccepted"));
    anna.expectQuiet();
  }

  @Test
  void tellsBothSidesWhenNoMediaServerTakesTheCall() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    media.setAvailable(false);
    assertEquals("ERR_MEDIA_UNAVAILABLE", ben.refusal("acceptCall", session(call)));
    JsonNode told = anna.eventData("onCallError");
    assertEquals("ERR_MEDIA_UNAVAILABLE", told.at("/error/code").textValue());
    assertEquals(call, told.get("call"));
    anna.expectQuiet();
    media.setAvailable(true);
    assertStatus("ongoing", ben.ask("acceptCall", session(call)).get("call"));
  }

  @Test
  void endsTheCallWhenAConnectionIsLost() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    anna.event("onOutgoingCallAccepted");
    join(call, "anna", 1);
    join(call, "ben", 2);
    leave(call, "ben", 2, "connection-lost");
    JsonNode told = anna.event("onCallEndedMessageReceived");
    assertStatus("ended", told);
    assertEquals("ben", told.at("/sender/uid").textValue());
    ben.event("onCallEndedMessageReceived");
    assertEquals(sessionId(call), media.awaitClosed());
    assertEquals("participant-gone by ben", String.valueOf(media.reasons.poll()));
  }

  @Test
  void waitsForOneWhoReloadsThePage() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    anna.event("onOutgoingCallAccepted");
    join(call, "anna", 1);
    join(call, "ben", 2);
    leave(call, "ben", 2, "left");
    time.advance(Duration.ofSeconds(3));
    join(call, "ben", 3);
    time.advance(Duration.ofSeconds(30));
    anna.expectQuiet();
    leave(call, "ben", 3, "left");
    time.advance(Duration.ofSeconds(5));
    assertStatus("ended", anna.event("onCallEndedMessageReceived"));
  }

  @Test
  void endsTheCallWhenTheSessionIsEmptied() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    anna.event("onOutgoingCallAccepted");
    join(call, "anna", 1);
    join(call, "ben", 2);
    leave(call, "ben", 2, "left");
    leave(call, "anna", 1, "left");
    raise(new MediaEvent.SessionEmptied(sessionId(call), time.instant()));
    assertStatus("ended", anna.event("onCallEndedMessageReceived"));
    assertStatus("ended", ben.event("onCallEndedMessageReceived"));
  }

  @Test
  void keepsTheCallOfOneWhoTakesItsAbandonedPlace() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = anna.ask("initiateCall", group("team")).get("call");
    ben.event("onIncomingCallReceived");
    ben.ask("acceptCall", session(call));
    join(call, "anna", 1);
    join(call, "ben", 2);
    ben.ask("endCall", session(call));
    leave(call, "ben", 2, "left");
    leave(call, "anna", 1, "replaced");
    raise(new MediaEvent.SessionEmptied(sessionId(call), time.instant()));
    join(call, "anna", 3);
    time.advance(Duration.ofSeconds(30));
    assertEquals(0, media.closed.size());
    anna.ask("endCall", session(call));
    assertEquals(sessionId(call), media.awaitClosed());
  }

  @Test
  void endsAnAcceptedCallThatOneSideNeverJoins() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("acceptCall", session(call));
    anna.event("onOutgoingCallAccepted");
    join(call, "anna", 1);
    time.advance(Duration.ofSeconds(60));
    assertStatus("ended", anna.event("onCallEndedMessageReceived"));
  }

  @Test
  void ringsAGroupAndGoesOnWhileAnyoneIsInIt() throws Exception {
    media.expectOpens(1);
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    Phone chiara = node.phone("chiara", "1");
    Phone david = node.phone("david", "1");
    JsonNode call = anna.ask("initiateCall", group("team")).get("call");
    assertEquals("group_team", call.get("conversationId").textValue());
    assertEquals("team", call.at("/receiver/guid").textValue());
    for (Phone phone : new Phone[] {ben, chiara, david}) {
      phone.event("onIncomingCallReceived");
    }
    assertEquals("ERR_CALL_GROUP_INVALID_STATUS", ben.refusal("rejectCall", session(call, "busy")));
    assertEquals("ERR_CALL_BUSY_GROUP", ben.refusal("initiateCall", group("team")));
    assertStatus("rejected", ben.ask("rejectCall", session(call, "rejected")).get("call"));
    anna.expectQuiet();
    chiara.ask("acceptCall", session(call));
    anna.event("onOutgoingCallAccepted");
    david.ask("acceptCall", session(call));
    anna.expectQuiet();
    assertEquals("ERR_CALL_GROUP_ALREADY_JOINED", david.refusal("acceptCall", session(call)));
    anna.ask("endCall", session(call));
    chiara.ask("endCall", session(call));
    ben.ask("acceptCall", session(call)); // joins after all
    david.ask("endCall", session(call));
    assertEquals(0, media.closed.size());
    ben.ask("endCall", session(call));
    assertEquals(sessionId(call), media.awaitClosed());
    assertEquals("ERR_CALL_TERMINATED", anna.refusal("acceptCall", session(call)));
  }

  @Test
  void leavesAGroupUnansweredOnlyIfNobodyJoined() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    anna.ask("initiateCall", group("team"));
    ben.event("onIncomingCallReceived");
    time.advance(RING);
    assertStatus("unanswered", anna.event("onOutgoingCallRejected"));
    assertStatus("unanswered", ben.event("onIncomingCallCancelled"));
  }

  @Test
  void refusesCallsToNobody() throws Exception {
    Phone anna = node.phone("anna", "1");
    assertEquals("ERR_CALLING_SELF", anna.refusal("initiateCall", video("anna")));
    assertEquals("ERR_UID_NOT_FOUND", anna.refusal("initiateCall", video("nobody")));
    assertEquals("ERR_GUID_NOT_FOUND", anna.refusal("initiateCall", group("nowhere")));
    Phone farid = node.phone("farid", "1");
    assertEquals("ERR_NOT_A_MEMBER", farid.refusal("initiateCall", group("team")));
    assertEquals(
        "ERR_CALL_SESSION_NOT_FOUND", anna.refusal("endCall", Map.of("sessionId", "v1.x")));
    assertEquals("ERR_EMPTY_CALL_SESSION_ID", anna.refusal("endCall", Map.of("sessionId", "")));
    assertEquals("ERR_EMPTY_CALL_SESSION_ID", anna.refusal("acceptCall", Map.of()));
    assertEquals("ERR_UNKNOWN_TYPE", anna.refusal("dance", Map.of()));
  }

  @Test
  void keepsStrangersOutOfACall() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    Phone chiara = node.phone("chiara", "1");
    JsonNode call = ring(anna, ben);
    assertEquals("ERR_CALL_NOT_A_PART", chiara.refusal("acceptCall", session(call)));
    assertEquals("ERR_CALL_NOT_A_PART", chiara.refusal("endCall", session(call)));
    assertEquals("ERR_CALL_NOT_STARTED", anna.refusal("endCall", session(call)));
  }

  @Test
  void givesCallTokensToThePartsOfAnOngoingCall() throws Exception {
    media.expectOpens(1);
    String annasToken = node.logIn("anna");
    String bensToken = node.logIn("ben");
    String chiarasToken = node.logIn("chiara");
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    String path = "/v1/calls/" + call.get("sessionId").textValue() + "/token";
    assertEquals(
        "409 ERR_CALL_NOT_STARTED", node.refusal("POST", path, null, "authToken", annasToken));
    JsonNode cameAlong = ben.ask("acceptCall", session(call)).get("grant");
    JsonNode granted = node.data("POST", path, null, "authToken", bensToken);
    assertEquals("/v1/session", granted.get("url").textValue());
    assertEquals(granted, cameAlong, "the same as when asked for in the same second");
    JsonNode callers = anna.eventData("onOutgoingCallAccepted").get("grant");
    assertEquals("/v1/session", callers.get("url").textValue());
    assertEquals(
        "403 ERR_CALL_NOT_A_PART", node.refusal("POST", path, null, "authToken", chiarasToken));
    assertEquals(
        "404 ERR_CALL_SESSION_NOT_FOUND",
        node.refusal("POST", "/v1/calls/v1.none/token", null, "authToken", bensToken));

    String jwks = node.http("GET", "/.well-known/jwks.json", null).body();
    assertEquals(jwks, node.node.callTokenJwks());
    CallTokenVerifier.Result verified =
        new CallTokenVerifier(jwks).verify(granted.get("token").textValue(), time.instant());
    CallTokenVerifier.Result.Accepted token = (CallTokenVerifier.Result.Accepted) verified;
    assertEquals("ben", token.token().uid());
    CallTokenVerifier.Result annas =
        new CallTokenVerifier(jwks).verify(callers.get("token").textValue(), time.instant());
    assertEquals("anna", ((CallTokenVerifier.Result.Accepted) annas).token().uid());
    assertEquals(sessionId(call), token.token().sessionId());

    ben.ask("endCall", session(call));
    assertEquals(
        "409 ERR_CALL_TERMINATED", node.refusal("POST", path, null, "authToken", bensToken));
  }

  @Test
  void tellsWhoComesAndGoes() throws Exception {
    Phone anna = node.phone("anna", "1");
    anna.ask("subscribePresence", Map.of("mode", "all"));
    Phone farid = node.phone("farid", "1");
    JsonNode came = anna.event("onUserOnline");
    assertEquals("farid", came.at("/user/uid").textValue());
    assertEquals("online", came.at("/user/status").textValue());
    farid.close();
    time.awaitTask(GRACE);
    time.advance(GRACE);
    JsonNode went = anna.event("onUserOffline");
    assertEquals("offline", went.at("/user/status").textValue());
    anna.ask("subscribePresence", Map.of("mode", "friends"));
    node.phone("farid", "1");
    anna.expectQuiet(); // no group in common
    node.phone("ben", "1");
    assertEquals("ben", anna.event("onUserOnline").at("/user/uid").textValue());
    anna.ask("subscribePresence", Map.of("mode", "roles", "roles", new String[] {"agent"}));
    node.phone("chiara", "1");
    anna.expectQuiet();
  }

  @Test
  void refusesWhoIsNotLoggedInOrSpeaksAnotherVersion() throws Exception {
    Phone stranger = node.open();
    assertEquals(
        "AUTH_ERR_AUTH_TOKEN_NOT_FOUND",
        stranger.refusal("hello", hello("forged", "anna", "1", null)));
    assertEquals(4401, stranger.closeCode());
    Phone future = node.open();
    Map<String, Object> hello = hello(node.logIn("anna"), "anna", "1", null);
    hello.put("protocol", 2);
    assertEquals("ERR_PROTOCOL_VERSION", future.refusal("hello", hello));
    assertEquals(4426, future.closeCode());
  }

  @Test
  void closesTheSocketsOfALoginThatEnds() throws Exception {
    String token = node.logIn("anna");
    Phone phone = node.open();
    phone.ask("hello", hello(token, "anna", "1", null));
    Phone other = node.phone("anna", "2");
    node.data("POST", "/v1/logout", null, "authToken", token);
    assertEquals(4401, phone.closeCode());
    other.expectQuiet();
    assertEquals(
        "401 AUTH_ERR_AUTH_TOKEN_NOT_FOUND",
        node.refusal("GET", "/v1/me", null, "authToken", token));
  }

  @Test
  void answersBusyByItselfWhenToldTo() throws Exception {
    shutDown();
    media.expectOpens(1);
    startNode(Map.of("belfry.signalling.serverAnswersBusy", "true"));
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    Phone chiara = node.phone("chiara", "1");
    JsonNode first = ring(anna, ben);
    ben.ask("acceptCall", session(first));
    assertStatus("initiated", chiara.ask("initiateCall", video("ben")).get("call"));
    assertStatus("busy", chiara.event("onOutgoingCallRejected"));
  }

  @Test
  void measuresCalls() throws Exception {
    Phone anna = node.phone("anna", "1");
    Phone ben = node.phone("ben", "1");
    JsonNode call = ring(anna, ben);
    ben.ask("rejectCall", session(call, "rejected"));
    String metrics = node.http("GET", "/metrics", null).body();
    assertTrue(
        metrics.contains(
            "belfry_signalling_calls_total{receiver_type=\"user\",outcome=\"rejected\",} 1.0"),
        metrics);
    assertTrue(metrics.contains("belfry_signalling_devices 2.0"), metrics);
    assertTrue(
        metrics.contains(
            "belfry_signalling_requests_total{type=\"rejectCall\",outcome=\"answered\",} 1.0"),
        metrics);
  }
}
