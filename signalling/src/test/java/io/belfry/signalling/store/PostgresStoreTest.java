package io.belfry.signalling.store;

import io.belfry.config.DatabaseConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The store on PostgreSQL, a real one that this test starts.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64") // for which there are binaries
final class PostgresStoreTest extends StoreContract {
  private static EmbeddedPostgres postgres;
  private static int databases;

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  @Override
  @BeforeEach
  void open() {
    databases++;
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE test" + databases);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    super.open();
  }

  @Override
  DatabaseConfig config() {
    return new DatabaseConfig(
        postgres.getJdbcUrl("postgres", "test" + databases), "postgres", "", 4);
  }
}
