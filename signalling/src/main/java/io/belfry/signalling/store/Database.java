package io.belfry.signalling.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.belfry.config.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The open database: its connections, with the schema brought up to date.
public final class Database implements AutoCloseable {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final int VALIDATION_SECONDS = 2;
  private static final long CONNECTION_TIMEOUT_MILLIS = 10_000;

  private final HikariDataSource dataSource;
  private final Jdbi jdbi;
  private final Optional<Path> ownFolder;

  private Database(HikariDataSource dataSource, Jdbi jdbi, Optional<Path> ownFolder) {
    this.dataSource = dataSource;
    this.jdbi = jdbi;
    this.ownFolder = ownFolder;
  }

  /// Opens it, and creates or changes the schema as needed.
  ///
  /// @param dataDirectory where the H2 file is when the settings name no database
  /// @throws StoreException if it cannot be reached or its schema is not ours, in words
  public static Database open(DatabaseConfig config, Path dataDirectory) {
    String url = config.url().isEmpty() ? H2File.url(makePrivate(dataDirectory)) : config.url();
    boolean isFile = url.startsWith(H2File.URL_PREFIX);
    if (isFile) {
      H2File.recover(url);
    }
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("store");
    pool.setJdbcUrl(url);
    pool.setUsername(config.user());
    pool.setPassword(config.password());
    pool.setMaximumPoolSize(config.poolSize());
    pool.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    if (isFile) {
      // H2 closes the file when its last connection is closed.
      pool.setMaxLifetime(0);
    }
    HikariDataSource dataSource;
    try {
      dataSource = new HikariDataSource(pool);
    } catch (PoolInitializationException e) {
      throw new StoreException("cannot open the database: " + rootMessage(e), e);
    }
    try {
      H2File file = isFile ? H2File.open(dataSource) : null;
      Flyway.configure()
          .dataSource(dataSource)
          .locations("classpath:db/migration")
          .load()
          .migrate();
      return new Database(
          dataSource,
          file == null ? Jdbi.create(dataSource) : file.jdbi(),
          config.url().isEmpty() ? Optional.of(dataDirectory) : Optional.empty());
    } catch (FlywayException e) {
      dataSource.close();
      throw new StoreException("cannot bring the database up to date: " + rootMessage(e), e);
    } catch (SQLException e) {
      dataSource.close();
      throw new StoreException("cannot open the database: " + rootMessage(e), e);
    }
  }

  /// Makes the folder, if it is missing, so that only this user reads it: it holds the key that
  /// signs call tokens.
  private static Path makePrivate(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        boolean isPosix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(
            folder,
            isPosix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0]);
      }
      return folder;
    } catch (IOException e) {
      throw new StoreException("cannot make the data folder " + folder + ": " + e.getMessage(), e);
    }
  }

  public UserStore users() {
    return new SqlUserStore(jdbi);
  }

  public CredentialStore credentials() {
    return new SqlCredentialStore(jdbi);
  }

  /// The key that signs call tokens: a row of a database server, which all nodes share; a file
  /// beside the embedded database, into which no second process could look.
  public SigningKeys signingKeys() {
    SigningKeys row = new StoredKey(credentials());
    if (ownFolder.isEmpty()) {
      return row;
    }
    SigningKeys file = new KeyFile(ownFolder.get());
    if (file.find().isEmpty() && row.find().isPresent()) {
      file.findOrStore(() -> row.find().orElseThrow());
      credentials().removeSetting(StoredKey.SETTING);
    }
    return file;
  }

  /// The key of a node that was started before, which may be running now.
  ///
  /// @throws StoreException if the database cannot be reached, in words
  public static Optional<String> findSigningKey(DatabaseConfig config, Path dataDirectory) {
    if (config.url().isEmpty()) {
      return new KeyFile(dataDirectory).find();
    }
    try (Database database = open(config, dataDirectory)) {
      return database.signingKeys().find();
    }
  }

  public CallStore calls() {
    return new SqlCallStore(jdbi);
  }

  public CallHistory history() {
    return new SqlCallHistory(jdbi);
  }

  public WebhookStore webhooks() {
    return new SqlWebhookStore(jdbi);
  }

  public PushTokenStore pushTokens() {
    return new SqlPushTokenStore(jdbi);
  }

  /// What is wrong with the database now, in words; null when it answers.
  public @Nullable String problem() {
    try (Connection connection = dataSource.getConnection()) {
      return connection.isValid(VALIDATION_SECONDS) ? null : "the database does not answer";
    } catch (SQLException e) {
      return "the database cannot be reached";
    }
  }

  @Override
  public void close() {
    dataSource.close();
  }

  private static String rootMessage(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
