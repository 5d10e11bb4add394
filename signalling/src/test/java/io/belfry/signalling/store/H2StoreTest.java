package io.belfry.signalling.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.config.DatabaseConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/// The store on its default: a file.
final class H2StoreTest extends StoreContract {
  @Override
  DatabaseConfig config() {
    return new DatabaseConfig("", "", "", 4);
  }

  /// The signing key is in it.
  @Test
  void makesTheDataFolderForItsOwnerOnly() throws Exception {
    Path folder = data.resolve("new").resolve("folder");
    Database.open(config(), folder).close();
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
  }

  @Test
  void saysWhatIsWrongWithADatabase() {
    StoreException refusal =
        assertThrows(
            StoreException.class,
            () ->
                Database.open(
                    new DatabaseConfig("jdbc:h2:tcp://127.0.0.1:1/none", "", "", 1), data));
    assertTrue(String.valueOf(refusal.getMessage()).startsWith("cannot open the database"));
  }
}
