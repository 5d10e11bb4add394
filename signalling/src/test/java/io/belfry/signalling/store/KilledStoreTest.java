package io.belfry.signalling.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.config.DatabaseConfig;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.RingInput;
import io.belfry.signalling.ring.Step;
import io.belfry.signalling.store.CallStore.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: what the store has acknowledged outlives its process. Method: a process of its own stores
/// calls as fast as it can and notes each acknowledged change in a file; it is killed at some
/// instant (SIGKILL), and the database is compared with the notes. The same file is used again by
/// the next run, so that what is killed is not always new.
final class KilledStoreTest {
  private static final int RUNS = Integer.getInteger("belfry.test.kills", 4);
  private static final int STORM_MILLIS = Integer.getInteger("belfry.test.stormMillis", 1500);

  @TempDir private Path data;

  @Test
  void keepsEveryAcknowledgedChange() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int run = 0; run < RUNS; run++) {
      Path notes = data.resolve("acknowledged-" + run);
      Files.createFile(notes);
      killAfter(200 + random.nextInt(STORM_MILLIS), notes, "run" + run);
      Map<String, CallStatus> last = new HashMap<>();
      // A line that the kill cut off was not acknowledged to anybody.
      for (String line : wholeLines(notes)) {
        String[] parts = line.split(" ", -1);
        last.put(parts[0], CallStatus.valueOf(parts[1]));
      }
      assertFalse(last.isEmpty(), "the storm had not begun");
      try (Database database =
          Database.open(
              new DatabaseConfig(System.getProperty("belfry.test.url", ""), "", "", 2), data)) {
        List<String> lost = lost(database.calls(), last);
        assertEquals(
            List.of(),
            lost.subList(0, Math.min(10, lost.size())),
            "seed " + seed + ", run " + run + ", lost " + lost.size() + " of " + last.size());
        endAll(database.calls());
      }
    }
  }

  private void killAfter(int millis, Path notes, String name) throws Exception {
    Path errors = data.resolve("errors-" + name);
    Process storm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StormOfCalls.class.getName(),
                data.toString(),
                System.getProperty("belfry.test.url", ""),
                notes.toString(),
                name)
            .redirectError(errors.toFile())
            .start();
    try (var out = storm.inputReader()) {
      String line = out.readLine();
      while (line != null && !line.equals("raging")) {
        line = out.readLine();
      }
      storm.waitFor(millis, TimeUnit.MILLISECONDS);
      assertTrue(storm.isAlive(), () -> "the storm ended by itself: " + read(errors));
    } finally {
      storm.destroyForcibly().waitFor();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> wholeLines(Path notes) throws IOException {
    String text = Files.readString(notes);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private static List<String> lost(CallStore calls, Map<String, CallStatus> last) {
    List<String> lost = new ArrayList<>();
    last.forEach((id, status) -> {
      CallStatus stored = calls.find(id).map(found -> found.call().status()).orElse(null);
      if (stored == null || rank(stored) < rank(status)) {
        lost.add(id + " was " + status + ", is " + stored);
      }
    });
    return lost;
  }

  /// How far a call has come: what the killed process did not live to note may be there too.
  private static int rank(CallStatus status) {
    return switch (status) {
      case INITIATED -> 0;
      case ONGOING -> 1;
      case REJECTED, BUSY, CANCELLED, UNANSWERED, ENDED -> 2;
    };
  }

  /// The next run's callers must be free.
  private static void endAll(CallStore calls) {
    Instant now = Instant.EPOCH;
    for (String id : calls.active()) {
      CallStore.Versioned found = calls.find(id).orElseThrow();
      String caller = found.call().initiator();
      RingInput end =
          found.call().status() == CallStatus.ONGOING
              ? new RingInput.End(caller, now)
              : new RingInput.Reject(caller, CallStatus.CANCELLED, now);
      Step.Changed ended =
          assertInstanceOf(Step.Changed.class, found.call().step(end), found::toString);
      assertInstanceOf(Outcome.Stored.class, calls.update(found, ended.next(), ended.action()));
    }
    assertEquals(List.of(), calls.active());
  }
}
