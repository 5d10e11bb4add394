package io.belfry.http.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.http.Json;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EventLogTest {
  private final EventLog log = new EventLog(4, 0);

  private static final class FakeSocket implements JsonSocket {
    final List<Long> seqs = new ArrayList<>();

    @Override
    public void send(Object frame) {
      seqs.add(Json.toTree(frame).get("seq").longValue());
    }

    @Override
    public void close(int code, String reason) {
      throw new AssertionError("a log closes nothing");
    }

    @Override
    public void afterAnswer(Runnable task) {
      throw new AssertionError("a log answers nothing");
    }

    @Override
    public void greeted() {
      throw new AssertionError("a log greets nobody");
    }

    @Override
    public InetSocketAddress remoteAddress() {
      throw new AssertionError("a log does not ask who it is");
    }
  }

  private void append(int count) {
    for (int i = 0; i < count; i++) {
      log.append("onUserOnline", Map.of());
    }
  }

  @Test
  void numbersEventsFromOneAndSendsThem() {
    FakeSocket socket = new FakeSocket();
    log.attach(socket, 0);
    append(3);
    assertEquals(List.of(1L, 2L, 3L), socket.seqs);
  }

  @Test
  void sendsANewSocketWhatTheOldOneMissed() {
    FakeSocket first = new FakeSocket();
    log.attach(first, 0);
    append(1);
    assertTrue(log.detach(first));
    append(2);
    FakeSocket second = new FakeSocket();
    log.attach(second, 1);
    append(1);
    assertEquals(List.of(1L), first.seqs);
    assertEquals(List.of(2L, 3L, 4L), second.seqs);
  }

  @Test
  void forgetsWhatWasAcknowledged() {
    append(3);
    log.acknowledge(2);
    FakeSocket socket = new FakeSocket();
    log.attach(socket, 0);
    assertEquals(List.of(3L), socket.seqs);
  }

  @Test
  void keepsTheNewestWhenFullAndCountsTheLost() {
    append(6);
    FakeSocket socket = new FakeSocket();
    log.attach(socket, 0);
    assertEquals(List.of(3L, 4L, 5L, 6L), socket.seqs);
    assertEquals(2, log.dropped());
  }

  @Test
  void goesOnWhereTheClientsLastLogEnded() {
    EventLog after = new EventLog(4, 41);
    assertEquals(42, after.append("onUserOnline", Map.of()));
  }

  @Test
  void doesNotDetachTheSuccessor() {
    FakeSocket first = new FakeSocket();
    FakeSocket second = new FakeSocket();
    log.attach(first, 0);
    log.attach(second, 0);
    assertFalse(log.detach(first));
    append(1);
    assertEquals(List.of(1L), second.seqs);
  }
}
