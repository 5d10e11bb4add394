package io.belfry.signalling.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.belfry.config.BelfryConfig;
import io.belfry.config.ConfigReader;
import io.belfry.config.DatabaseConfig;
import io.belfry.http.Json;
import io.belfry.http.socket.JsonSocket;
import io.belfry.signalling.FakeMediaNode;
import io.belfry.signalling.presence.Device;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.DeviceRequest.InitiateCall;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.store.Database;
import io.belfry.signalling.store.User;
import io.belfry.signalling.timer.ManualTimers;
import io.prometheus.client.CollectorRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a call ends even if its timers are lost. Method: drop them.
final class SweepTest {
  @TempDir private Path data;
  private final ManualTimers time = new ManualTimers(Instant.ofEpochSecond(1_772_009_087L));
  private final FakeMediaNode media = new FakeMediaNode().expectOpens(1);
  private Database database;
  private CallService calls;
  private Devices devices;

  private static final class Deaf implements JsonSocket {
    @Override
    public void send(Object frame) {}

    @Override
    public void close(int code, String reason) {}

    @Override
    public void afterAnswer(Runnable task) {
      task.run();
    }

    @Override
    public void greeted() {}

    @Override
    public InetSocketAddress remoteAddress() {
      return InetSocketAddress.createUnresolved("test", 1);
    }
  }

  @BeforeEach
  void open() {
    BelfryConfig config =
        ConfigReader.withOverrides(Map.of("belfry.dataDirectory", data.toString()));
    database = Database.open(new DatabaseConfig("", "", "", 2), data);
    devices = new Devices(time, Duration.ofSeconds(10), 256);
    calls =
        new CallService(
            config.signalling(),
            "local",
            "belfry",
            database.calls(),
            database.users(),
            devices,
            media,
            (sessionId, user) -> Json.object(),
            time,
            time,
            new SplittableRandom(1),
            new CollectorRegistry());
    for (String uid : List.of("anna", "ben")) {
      database.users().createUser(new User(uid, uid, null, "default", null), time.instant());
    }
  }

  @AfterEach
  void close() {
    database.close();
    media.verify();
  }

  private Device device(String uid) {
    return devices.connect(uid, "device-" + uid, "hash", new Deaf(), null).device();
  }

  private String initiate(Device caller) {
    return calls
        .initiate(caller, new InitiateCall("ben", ReceiverType.USER, CallType.AUDIO, null, null))
        .get("sessionId")
        .textValue();
  }

  private CallStatus statusOf(String sessionId) {
    return database.calls().find(sessionId).orElseThrow().call().status();
  }

  @Test
  void endsARingWhoseTimerWasLost() {
    String sessionId = initiate(device("anna"));
    time.forget();
    time.advance(Duration.ofSeconds(49));
    calls.sweep();
    assertEquals(CallStatus.INITIATED, statusOf(sessionId));
    time.advance(Duration.ofSeconds(2));
    calls.sweep();
    assertEquals(CallStatus.UNANSWERED, statusOf(sessionId));
  }

  @Test
  void endsAnAcceptedCallWhoseTimersWereLost() {
    String sessionId = initiate(device("anna"));
    time.advance(Duration.ofSeconds(3));
    calls.accept(device("ben"), sessionId);
    time.forget();
    time.advance(Duration.ofSeconds(64));
    calls.sweep();
    assertEquals(CallStatus.ONGOING, statusOf(sessionId));
    time.advance(Duration.ofSeconds(2));
    calls.sweep();
    assertEquals(CallStatus.ENDED, statusOf(sessionId));
  }
}
