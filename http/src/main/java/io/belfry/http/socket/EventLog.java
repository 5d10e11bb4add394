package io.belfry.http.socket;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.Json;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The events of one device or participant: numbered, sent to its socket, and kept until
/// acknowledged so that a new socket can be sent what the old one missed (docs/protocol.md §1).
///
/// Thread-safe. Appending to it never blocks, whatever the socket does.
public final class EventLog {
  private final int capacity;
  private final ArrayDeque<Event> unacknowledged = new ArrayDeque<>();
  private long lastSeq;
  private long dropped;
  private long lastDroppedSeq;
  private @Nullable JsonSocket socket;

  private record Event(long seq, ObjectNode frame) {}

  /// @param capacity how many unacknowledged events are kept, the newest; at least 1
  /// @param lastSeq the number before the first event's: where the client's last log ended, if any
  public EventLog(int capacity, long lastSeq) {
    if (capacity < 1 || lastSeq < 0) {
      throw new IllegalArgumentException("capacity " + capacity + ", lastSeq " + lastSeq);
    }
    this.capacity = capacity;
    this.lastSeq = lastSeq;
  }

  /// Numbers an event and sends it, if there is a socket.
  ///
  /// @return its number
  public synchronized long append(String type, Object data) {
    ObjectNode frame = Json.object().put("seq", ++lastSeq).put("type", type);
    frame.set("data", Json.toTree(data));
    if (unacknowledged.size() == capacity) {
      lastDroppedSeq = unacknowledged.removeFirst().seq;
      dropped++;
    }
    unacknowledged.addLast(new Event(lastSeq, frame));
    if (socket != null) {
      socket.send(frame);
    }
    return lastSeq;
  }

  /// Sends what was not acknowledged and comes after `afterSeq`, then every later event, to this
  /// socket and no longer to the one before.
  ///
  /// @param afterSeq the last event the client has, as it says itself; it counts as acknowledged
  public synchronized void attach(JsonSocket replacement, long afterSeq) {
    acknowledge(afterSeq);
    socket = replacement;
    for (Event event : unacknowledged) {
      replacement.send(event.frame);
    }
  }

  /// This socket gets no more events; another one that has taken its place stays.
  ///
  /// @return whether it was the attached one
  @SuppressWarnings("ReferenceEquality") // this very socket
  public synchronized boolean detach(JsonSocket gone) {
    if (socket != gone) {
      return false;
    }
    socket = null;
    return true;
  }

  /// Forgets the events up to this one.
  public synchronized void acknowledge(long seq) {
    while (!unacknowledged.isEmpty() && unacknowledged.getFirst().seq <= seq) {
      unacknowledged.removeFirst();
    }
  }

  public synchronized @Nullable JsonSocket socket() {
    return socket;
  }

  public synchronized long lastSeq() {
    return lastSeq;
  }

  /// Whether every event after this one can still be sent.
  public synchronized boolean holdsAllAfter(long seq) {
    return seq <= lastSeq && lastDroppedSeq <= seq;
  }

  /// How many events were lost to the capacity before they were acknowledged.
  public synchronized long dropped() {
    return dropped;
  }
}
