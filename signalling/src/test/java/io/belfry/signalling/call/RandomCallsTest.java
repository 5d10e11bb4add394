package io.belfry.signalling.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.MediaEvent;
import io.belfry.config.BelfryConfig;
import io.belfry.config.ConfigReader;
import io.belfry.config.DatabaseConfig;
import io.belfry.http.ApiException;
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
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: whatever several users and devices do, in whatever order, the calls are what a naive model
/// says, each event reaches each device once and in order, nobody is in two calls, and every call
/// ends. Method: random commands from a seed, on the real store, with time turned by hand.
final class RandomCallsTest {
  private static final Instant START = Instant.ofEpochMilli(1_772_009_087_000L);
  private static final List<String> USERS = List.of("anna", "ben", "chiara", "david");
  private static final int COMMANDS = 250;

  @TempDir private Path data;

  /// A device's socket that keeps what it was sent.
  private static final class Recorder implements JsonSocket {
    final List<String> told = new ArrayList<>();
    long lastSeq;

    @Override
    public void send(Object frame) {
      JsonNode event = Json.toTree(frame);
      assertEquals(lastSeq + 1, event.get("seq").longValue());
      lastSeq++;
      JsonNode call = event.at("/data/call");
      told.add(
          call.get("sessionId").textValue()
              + " "
              + event.get("type").textValue()
              + " "
              + call.get("status").textValue());
    }

    @Override
    public void close(int code, String reason) {
      throw new AssertionError("closed: " + code);
    }

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

  private final ManualTimers time = new ManualTimers(START);
  private final FakeMediaNode media = new FakeMediaNode().expectOpens(Integer.MAX_VALUE);
  private final Map<String, Recorder> recorders = new TreeMap<>();
  private final Map<String, Device> devices = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 34261349116784L})
  void behavesAsTheNaiveModel(long seed) {
    BelfryConfig config =
        ConfigReader.withOverrides(Map.of("belfry.dataDirectory", data.toString()));
    try (Database database =
        Database.open(new DatabaseConfig("jdbc:h2:mem:" + seed + MODE, "", "", 2), data)) {
      run(seed, config, database);
    }
  }

  /// The same where the store is a database server.
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64") // for which there are binaries
  void behavesAsTheNaiveModelOnPostgres() throws Exception {
    BelfryConfig config =
        ConfigReader.withOverrides(Map.of("belfry.dataDirectory", data.toString()));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        Database database =
            Database.open(
                new DatabaseConfig(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", 2),
                data)) {
      run(System.nanoTime(), config, database);
    }
  }

  private static final String MODE = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";

  private void run(long seed, BelfryConfig config, Database database) {
    SplittableRandom random = new SplittableRandom(seed);
    Devices connected = new Devices(time, Duration.ofSeconds(10), 100_000);
    CallService service =
        new CallService(
            config.signalling(),
            "local",
            "belfry",
            database.calls(),
            database.users(),
            connected,
            media,
            (sessionId, user) -> Json.object(),
            time,
            time,
            random.split(),
            new CollectorRegistry());
    media.onEvent(new MediaLiveness(service, time));
    Map<String, List<String>> deviceIds = new HashMap<>();
    for (String uid : USERS) {
      database.users().createUser(new User(uid, uid, null, "default", null), START);
      deviceIds.put(uid, uid.compareTo("c") < 0 ? List.of("1", "2") : List.of("1"));
      for (String id : Objects.requireNonNull(deviceIds.get(uid))) {
        connect(connected, uid, id);
      }
    }
    database.users().createGroup("team", "Team", "public", null, null, START);
    database.users().addMembers("team", List.of("anna", "ben", "chiara"), START);
    NaiveCalls model = new NaiveCalls(Map.of("team", List.of("anna", "ben", "chiara")), deviceIds);

    List<String> script = new ArrayList<>();
    for (int i = 0; i < COMMANDS; i++) {
      command(random, service, model, deviceIds, script);
      check(seed, script, model, database);
    }
    // Everybody's connection is lost and time passes: nothing may be left.
    for (NaiveCalls.Call call : model.calls.values()) {
      for (String uid : List.copyOf(call.in("in"))) {
        lost(call, uid, 1);
        model.lostMedia(call, uid);
      }
    }
    pass(model, Duration.ofMinutes(10).toMillis());
    check(seed, script, model, database);
    assertEquals(List.of(), database.calls().active(), () -> "seed " + seed);
    media.verify();
  }

  private void connect(Devices connected, String uid, String id) {
    Recorder recorder = new Recorder();
    Device device =
        connected.connect(uid, "device-" + uid + "-" + id, "hash", recorder, null).device();
    device.attach(recorder, 0);
    recorders.put(uid + "/" + id, recorder);
    devices.put(uid + "/" + id, device);
  }

  private void command(
      SplittableRandom random,
      CallService service,
      NaiveCalls model,
      Map<String, List<String>> deviceIds,
      List<String> script) {
    pass(model, 1 + random.nextInt(50)); // no two things happen at the same time
    String uid = USERS.get(random.nextInt(USERS.size()));
    List<String> own = Objects.requireNonNull(deviceIds.get(uid));
    String id = own.get(random.nextInt(own.size()));
    Device device = Objects.requireNonNull(devices.get(uid + "/" + id));
    NaiveCalls.Call call = pick(random, model);
    int kind = random.nextInt(12);
    String done;
    if (kind <= 2 || call == null) {
      boolean isGroup = random.nextInt(4) == 0;
      String receiver = isGroup ? "team" : USERS.get(random.nextInt(USERS.size()));
      done = initiate(service, model, device, uid + "/" + id, receiver, isGroup);
    } else {
      String how = List.of("rejected", "busy", "cancelled").get(random.nextInt(3));
      String session = call.id;
      done =
          switch (kind) {
            case 3, 4, 5 ->
                compare(
                    () -> service.accept(device, session),
                    model.accept(call, uid, id, millis()),
                    "accept");
            case 6 ->
                compare(
                    () -> service.reject(device, session, CallStatus.of(how)),
                    model.reject(call, uid, id, how),
                    "reject " + how);
            case 7 -> compare(() -> service.end(device, session), model.end(call, uid, id), "end");
            case 8, 9 -> {
              joined(call, uid, 1);
              model.joinedMedia(call, uid);
              yield "join";
            }
            case 10 -> {
              // A user can only be lost who was let in.
              if (call.in("in").contains(uid)) {
                lost(call, uid, 1);
                model.lostMedia(call, uid);
              }
              yield "lost";
            }
            default -> {
              pass(model, 1000 + random.nextInt(60_000));
              yield "wait";
            }
          };
    }
    script.add(millis() + " " + uid + "/" + id + " " + done + (call == null ? "" : " " + call.id));
  }

  private NaiveCalls.@Nullable Call pick(SplittableRandom random, NaiveCalls model) {
    List<NaiveCalls.Call> all = new ArrayList<>(model.calls.values());
    if (all.isEmpty()) {
      return null;
    }
    // Mostly a recent one: what is long over is soon boring.
    int back = Math.min(all.size(), 1 + random.nextInt(random.nextInt(8) == 0 ? 20 : 3));
    return all.get(all.size() - back);
  }

  private String initiate(
      CallService service,
      NaiveCalls model,
      Device device,
      String who,
      String receiver,
      boolean isGroup) {
    InitiateCall request =
        new InitiateCall(
            receiver, isGroup ? ReceiverType.GROUP : ReceiverType.USER, CallType.VIDEO, null, null);
    String refusal = null;
    String session = "none";
    try {
      ObjectNode call = service.initiate(device, request);
      session = call.get("sessionId").textValue();
    } catch (ApiException e) {
      refusal = e.code();
    }
    String[] caller = who.split("/", -1);
    assertEquals(
        model.initiate(session, caller[0], caller[1], receiver, isGroup, millis()), refusal);
    return "initiate " + receiver;
  }

  private static String compare(
      Supplier<ObjectNode> request, @Nullable String expected, String name) {
    try {
      var _ = request.get();
      assertNull(expected, name);
    } catch (ApiException e) {
      assertEquals(expected, e.code(), name);
    }
    return name;
  }

  private long millis() {
    return time.instant().toEpochMilli();
  }

  private void pass(NaiveCalls model, long millis) {
    model.pass(millis() + millis);
    time.advance(Duration.ofMillis(millis));
  }

  private void joined(NaiveCalls.Call call, String uid, int number) {
    if (!call.in("accepted").contains(uid) || !call.status.equals("ongoing")) {
      return; // the SFU lets in who has a call token, and that takes an accepted call
    }
    media.raise(
        new MediaEvent.UserJoined(
            new SessionId(call.id), FakeMediaNode.participant(uid, number), time.instant()));
  }

  private void lost(NaiveCalls.Call call, String uid, int number) {
    media.raise(
        new MediaEvent.UserLeft(
            new SessionId(call.id),
            FakeMediaNode.participant(uid, number),
            "connection-lost",
            time.instant()));
  }

  private void check(long seed, List<String> script, NaiveCalls model, Database database) {
    Supplier<String> story = () -> "seed " + seed + "\n" + String.join("\n", script);
    recorders.forEach(
        (device, recorder) -> assertEquals(model.told.get(device), recorder.told, story));
    for (String uid : USERS) {
      NaiveCalls.Call busyWith = model.busyWith(uid);
      assertEquals(
          busyWith == null ? null : busyWith.id,
          database.calls().engagedIn(uid).orElse(null),
          story);
    }
    long active = model.calls.values().stream().filter(call -> !call.isOver()).count();
    assertEquals(active, database.calls().active().size(), story);
    assertTrue(script.size() <= COMMANDS);
  }
}
