package io.belfry.signalling.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.config.BelfryConfig;
import io.belfry.config.ConfigReader;
import io.belfry.config.DatabaseConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeysTest {
  @TempDir private Path data;

  @Test
  void theKeyOfAnEmbeddedDatabaseIsReadBesideTheRunningNode() throws Exception {
    assertEquals(Optional.empty(), Database.findSigningKey(embedded(), data));
    try (Database database = Database.open(embedded(), data)) {
      assertEquals("key", database.signingKeys().findOrStore(() -> "key"));
      assertEquals("key", database.signingKeys().findOrStore(() -> "other"));
      assertEquals(Optional.of("key"), Database.findSigningKey(embedded(), data));
    }
    Path file = data.resolve("call-token-key.json");
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
  }

  @Test
  void aKeyThatWasInTheDatabaseMovesToTheFile() {
    try (Database database = Database.open(embedded(), data)) {
      database.credentials().putSettingIfAbsent("callTokenKey", "old");
      assertEquals("old", database.signingKeys().findOrStore(() -> "new"));
      assertEquals(Optional.empty(), database.credentials().findSetting("callTokenKey"));
      assertEquals(Optional.of("old"), Database.findSigningKey(embedded(), data));
    }
  }

  @Test
  void ofTwoThatMakeAKeyAtOnceBothGetTheSame() throws Exception {
    KeyFile file = new KeyFile(data);
    var got = new ConcurrentLinkedQueue<String>();
    CountDownLatch bothLooked = new CountDownLatch(2);
    var threads =
        IntStream.range(0, 2)
            .mapToObj(i ->
                Thread.startVirtualThread(() ->
                    got.add(
                        file.findOrStore(() -> {
                          bothLooked.countDown();
                          await(bothLooked);
                          return "key-" + i;
                        }))))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(2, got.size());
    assertEquals(1, got.stream().distinct().count(), got::toString);
    assertTrue(file.find().isPresent());
    try (var left = Files.list(data)) {
      assertEquals(1, left.count());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static DatabaseConfig embedded() {
    BelfryConfig config = ConfigReader.withOverrides(Map.of());
    return config.signalling().database();
  }
}
