package io.belfry.signalling.presence;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.http.socket.EventLog;
import io.belfry.http.socket.JsonSocket;
import io.belfry.signalling.protocol.DeviceRequest.SubscribePresence;
import io.belfry.signalling.ring.CallEventType;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One tab or app installation of a user. It outlives its socket for a while, so that a new socket
/// can go on where the old one broke off. Thread-safe.
public final class Device {
  static final SubscribePresence NO_PRESENCE =
      new SubscribePresence(SubscribePresence.Mode.NONE, Set.of());

  private final String uid;
  private final String deviceId;
  private final Set<String> toldRings = new HashSet<>();
  private EventLog log;
  private @Nullable JsonSocket socket;
  private String tokenHash = "";
  private long connection;
  private volatile SubscribePresence subscription = NO_PRESENCE;

  Device(String uid, String deviceId, EventLog log) {
    this.uid = uid;
    this.deviceId = deviceId;
    this.log = log;
  }

  public String uid() {
    return uid;
  }

  public String deviceId() {
    return deviceId;
  }

  /// Its presence subscription.
  SubscribePresence subscription() {
    return subscription;
  }

  void subscribe(SubscribePresence wanted) {
    subscription = wanted;
  }

  synchronized boolean isConnected() {
    return socket != null;
  }

  synchronized boolean isLoggedInWith(String hash) {
    return tokenHash.equals(hash);
  }

  /// Grows with each socket.
  synchronized long connection() {
    return connection;
  }

  synchronized @Nullable JsonSocket socket() {
    return socket;
  }

  /// The number of the newest event.
  public synchronized long lastSeq() {
    return log.lastSeq();
  }

  /// Tells about a call. A device that has been told that a call rings is not told again.
  public synchronized void tell(CallEventType type, String sessionId, JsonNode data) {
    if (type == CallEventType.INCOMING_CALL_RECEIVED) {
      if (!toldRings.add(sessionId)) {
        return;
      }
    } else {
      toldRings.remove(sessionId);
    }
    log.append(type.wireName(), data);
  }

  /// This device acted on the call and knows how it stands.
  public synchronized void actedOn(String sessionId) {
    toldRings.remove(sessionId);
  }

  /// Tells who came or went, unless the device is away: when it is back that is no news.
  synchronized void tellPresence(String type, JsonNode data) {
    if (socket != null) {
      log.append(type, data);
    }
  }

  public void acknowledge(long seq) {
    current().acknowledge(seq);
  }

  /// Lets the events flow to the socket that has greeted, from this one on.
  @SuppressWarnings("ReferenceEquality") // this very socket
  public synchronized void attach(JsonSocket greeted, long afterSeq) {
    if (socket == greeted) {
      log.attach(greeted, afterSeq);
    }
  }

  private synchronized EventLog current() {
    return log;
  }

  /// What came of a new socket.
  ///
  /// @param before the socket it had before, if it still had one
  /// @param isResumed whether all events after the client's last one are still there
  record Taken(@Nullable JsonSocket before, boolean isResumed) {}

  /// Takes a new socket.
  ///
  /// @param lastSeq the client's; null when it starts afresh
  synchronized Taken connect(
      JsonSocket greeting, String loginHash, @Nullable Long lastSeq, int capacity) {
    JsonSocket before = socket;
    if (before != null) {
      log.detach(before);
    }
    boolean isResumed = lastSeq != null && connection > 0 && log.holdsAllAfter(lastSeq);
    if (lastSeq == null || lastSeq > log.lastSeq()) {
      // A page that was reloaded, or a node that was restarted: the log begins anew, its numbers
      // after those the client knows.
      log = new EventLog(capacity, lastSeq == null ? 0 : lastSeq);
      toldRings.clear();
    }
    subscription = NO_PRESENCE;
    connection++;
    socket = greeting;
    tokenHash = loginHash;
    return new Taken(before, isResumed);
  }

  /// @return whether this was its socket, so that it has none now
  @SuppressWarnings("ReferenceEquality") // this very socket
  synchronized boolean disconnect(JsonSocket gone) {
    if (socket != gone) {
      return false;
    }
    log.detach(gone);
    socket = null;
    return true;
  }
}
