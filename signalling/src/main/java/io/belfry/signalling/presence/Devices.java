package io.belfry.signalling.presence;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.http.ApiException;
import io.belfry.http.socket.CloseCode;
import io.belfry.http.socket.EventLog;
import io.belfry.http.socket.JsonSocket;
import io.belfry.signalling.protocol.DeviceRequest.SubscribePresence;
import io.belfry.signalling.ring.CallEventType;
import io.belfry.signalling.timer.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// All devices by user, and from them who is online. A user is online with the first device that
/// connects and offline when the last one has been away for the grace period.
///
/// Each user's state is guarded by its own lock, held for memory operations only; listeners are
/// called outside of it.
public final class Devices {
  /// How long a device that is away may still come back for its events.
  static final Duration RESUME_WINDOW = Duration.ofMinutes(5);

  static final int MAX_DEVICES_PER_USER = 32;

  private static final long RETRY_NANOS = 60_000_000_000L;

  private final Timers timers;
  private final Duration grace;
  private final int eventsKept;
  private final int maxDevices;
  private final Map<String, Person> people = new ConcurrentHashMap<>();
  private final Set<Device> subscribers = ConcurrentHashMap.newKeySet();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger connected = new AtomicInteger();

  /// A device with its new socket.
  ///
  /// @param isResumed whether it goes on where it broke off, no event lost
  public record Connected(Device device, boolean isResumed) {}

  /// Hears of users that come and go. May block.
  public interface Listener {
    void onOnline(String uid);

    void onOffline(String uid);
  }

  private static final class Person {
    final Map<String, Device> devices = new HashMap<>();
    boolean isOnline;
    // Grows with each connection; a timer that was set before it has nothing more to say.
    long generation;

    boolean hasConnection() {
      return devices.values().stream().anyMatch(Device::isConnected);
    }
  }

  /// @param grace how long a user without a device counts as online
  /// @param eventsKept unacknowledged events that are kept for a device
  public Devices(Timers timers, Duration grace, int eventsKept) {
    this(timers, grace, eventsKept, MAX_DEVICES_PER_USER);
  }

  /// @param maxDevices how many devices of a user are remembered, those that are away included
  public Devices(Timers timers, Duration grace, int eventsKept, int maxDevices) {
    this.timers = timers;
    this.grace = grace;
    this.eventsKept = eventsKept;
    this.maxDevices = maxDevices;
  }

  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  /// Registers a device whose user has logged in. Its events flow after {@link Device#attach}.
  ///
  /// @param lastSeq the last event the client has; null when it starts afresh
  public Connected connect(
      String uid, String deviceId, String loginHash, JsonSocket socket, @Nullable Long lastSeq) {
    List<JsonSocket> replaced = new ArrayList<>(1);
    List<Connected> found = new ArrayList<>(1);
    List<Boolean> cameOnline = new ArrayList<>(1);
    people.compute(
        uid,
        (key, known) -> {
          Person person = known == null ? new Person() : known;
          Device device = person.devices.get(deviceId);
          if (device == null) {
            if (person.devices.size() >= maxDevices) {
              makeRoom(person);
            }
            device = new Device(uid, deviceId, new EventLog(eventsKept, 0));
            person.devices.put(deviceId, device);
          }
          Device.Taken taken = device.connect(socket, loginHash, lastSeq, eventsKept);
          if (taken.before() == null) {
            connected.incrementAndGet();
          } else {
            replaced.add(taken.before());
          }
          person.generation++;
          cameOnline.add(!person.isOnline);
          person.isOnline = true;
          found.add(new Connected(device, taken.isResumed()));
          return person;
        });
    replaced.forEach(
        before -> before.close(CloseCode.REPLACED, "a newer socket of this device took over"));
    subscribers.remove(found.getFirst().device());
    if (cameOnline.getFirst()) {
      listeners.forEach(listener -> listener.onOnline(uid));
    }
    return found.getFirst();
  }

  private void makeRoom(Person person) {
    String gone = null;
    for (Device device : person.devices.values()) {
      if (!device.isConnected()) {
        gone = device.deviceId();
      }
    }
    if (gone == null) {
      throw ApiException.tooManyRequests(
          "The user is connected with " + maxDevices + " devices already.", RETRY_NANOS);
    }
    person.devices.remove(gone);
  }

  /// A socket is gone. One that was replaced changes nothing.
  public void disconnect(Device device, JsonSocket socket) {
    if (!device.disconnect(socket)) {
      return;
    }
    connected.decrementAndGet();
    subscribers.remove(device);
    long connection = device.connection();
    var _ = timers.after(RESUME_WINDOW, () -> forget(device, connection));
    awaitReturn(device.uid());
  }

  /// Counts a user as online for the grace period, as if a device had just gone: after a restart,
  /// for users whose calls wait for them.
  public void expect(String uid) {
    people.compute(
        uid,
        (key, known) -> {
          Person person = known == null ? new Person() : known;
          person.isOnline = true;
          return person;
        });
    awaitReturn(uid);
  }

  private void awaitReturn(String uid) {
    people.computeIfPresent(
        uid,
        (key, person) -> {
          long generation = person.generation;
          var _ = timers.after(grace, () -> goOffline(uid, generation));
          return person;
        });
  }

  private void goOffline(String uid, long generation) {
    List<Boolean> wentOffline = new ArrayList<>(1);
    people.computeIfPresent(
        uid,
        (key, person) -> {
          if (person.isOnline && person.generation == generation && !person.hasConnection()) {
            person.isOnline = false;
            wentOffline.add(true);
          }
          return person.devices.isEmpty() && !person.isOnline ? null : person;
        });
    if (!wentOffline.isEmpty()) {
      listeners.forEach(listener -> listener.onOffline(uid));
    }
  }

  @SuppressWarnings("ReferenceEquality") // this very device, not one that took its name
  private void forget(Device device, long connection) {
    people.computeIfPresent(
        device.uid(),
        (key, person) -> {
          boolean isStillAway = !device.isConnected() && device.connection() == connection;
          if (isStillAway && person.devices.get(device.deviceId()) == device) {
            person.devices.remove(device.deviceId());
          }
          return person.devices.isEmpty() && !person.isOnline ? null : person;
        });
  }

  public boolean isOnline(String uid) {
    Person person = people.get(uid);
    return person != null && person.isOnline;
  }

  /// Whether any device of the user can be told something now.
  public boolean isConnected(String uid) {
    boolean[] is = {false};
    people.computeIfPresent(
        uid,
        (key, person) -> {
          is[0] = person.hasConnection();
          return person;
        });
    return is[0];
  }

  public int connectedCount() {
    return connected.get();
  }

  /// Tells a user's devices about a call, those that may come back included.
  ///
  /// @param except a device to leave out
  @SuppressWarnings("ReferenceEquality") // this very device
  public void tell(
      String uid, CallEventType type, String sessionId, JsonNode data, @Nullable Device except) {
    for (Device device : devicesOf(uid)) {
      if (device == except) {
        device.actedOn(sessionId);
      } else {
        device.tell(type, sessionId, data);
      }
    }
  }

  /// Closes the sockets of a login that was revoked.
  ///
  /// @param loginHash null for all of the user's logins
  public void closeLogins(String uid, @Nullable String loginHash) {
    for (Device device : devicesOf(uid)) {
      JsonSocket socket = device.socket();
      if (socket != null && (loginHash == null || device.isLoggedInWith(loginHash))) {
        socket.close(CloseCode.NOT_AUTHORISED, "logged out");
      }
    }
  }

  public void subscribe(Device device, SubscribePresence wanted) {
    device.subscribe(wanted);
    if (wanted.mode() == SubscribePresence.Mode.NONE) {
      subscribers.remove(device);
    } else {
      subscribers.add(device);
    }
  }

  /// The devices that want to hear of others.
  Set<Device> subscribers() {
    return subscribers;
  }

  private List<Device> devicesOf(String uid) {
    List<Device> devices = new ArrayList<>();
    people.computeIfPresent(
        uid,
        (key, person) -> {
          devices.addAll(person.devices.values());
          return person;
        });
    return devices;
  }
}
