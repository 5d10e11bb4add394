package io.belfry.signalling.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.belfry.common.id.SessionId;
import io.belfry.config.DatabaseConfig;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.ring.RingInput;
import io.belfry.signalling.ring.Step;
import io.belfry.signalling.store.CallStore.Outcome;
import io.belfry.signalling.store.CallStore.Versioned;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/// A process that stores calls, many at a time, until it is killed. After each change that the
/// store has acknowledged it writes a line to a file: the session's id and the status. The first
/// error ends it.
final class StormOfCalls {
  private static final int THREADS = 8;

  private final CallStore calls;
  private final FileOutputStream acknowledged;
  private final String run;
  private final CountDownLatch begun = new CountDownLatch(1);

  private StormOfCalls(CallStore calls, FileOutputStream acknowledged, String run) {
    this.calls = calls;
    this.acknowledged = acknowledged;
    this.run = run;
  }

  /// @param arguments data folder, JDBC address or empty, file to write to, name of this run
  public static void main(String[] arguments) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
      thrown.printStackTrace();
      Runtime.getRuntime().halt(1);
    });
    Database database =
        Database.open(new DatabaseConfig(arguments[1], "", "", THREADS + 1), Path.of(arguments[0]));
    try (FileOutputStream out = new FileOutputStream(arguments[2], true)) {
      StormOfCalls storm = new StormOfCalls(database.calls(), out, arguments[3]);
      for (int thread = 0; thread < THREADS; thread++) {
        int number = thread;
        Thread.ofVirtual().start(() -> storm.rage(number));
      }
      storm.begun.await();
      System.out.println("raging");
      Thread.currentThread().join();
    }
  }

  private void rage(int thread) {
    String caller = "caller" + thread;
    String callee = "callee" + thread;
    for (long i = 0; ; i++) {
      String id = "v1." + run + "." + thread + "." + i;
      Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
      Step.Changed begun =
          RingCall.initiate(
              new SessionId(id),
              ReceiverType.USER,
              CallType.AUDIO,
              caller,
              callee,
              List.of(callee),
              null,
              now,
              now.plusSeconds(45));
      Outcome.Stored stored =
          (Outcome.Stored) calls.create(begun.next(), Objects.requireNonNull(begun.action()));
      acknowledge(id, CallStatus.INITIATED);
      Versioned rung = new Versioned(stored.version(), begun.next());
      if (i % 4 == 3) {
        change(id, rung, new RingInput.Reject(caller, CallStatus.CANCELLED, now));
      } else {
        change(
            id,
            change(id, rung, new RingInput.Accept(callee, now)),
            new RingInput.End(caller, now));
      }
    }
  }

  private Versioned change(String id, Versioned from, RingInput input) {
    Step.Changed changed = (Step.Changed) from.call().step(input);
    Outcome.Stored stored = (Outcome.Stored) calls.update(from, changed.next(), changed.action());
    acknowledge(id, changed.next().status());
    return new Versioned(stored.version(), changed.next());
  }

  private void acknowledge(String id, CallStatus status) {
    try {
      acknowledged.write((id + " " + status + "\n").getBytes(UTF_8));
      begun.countDown();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
