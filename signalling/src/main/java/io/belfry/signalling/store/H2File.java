package io.belfry.signalling.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import javax.sql.DataSource;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connections to an H2 file whose changes are in the file when the connection is given back.
///
/// H2 gathers what was committed in memory and writes it half a second later. Told to write with
/// each commit (`WRITE_DELAY=0`) it writes for each of them alone, and without its background
/// thread it never tidies the file up. So the writing is asked for here, once for all changes that
/// wait for it.
///
/// What H2 writes is each table as it was at a moment of its own, and its own background thread
/// writes at any time. After a kill, a change may then be in an index and not in the log that
/// undoes it; nobody can change that row again: H2 tries for ever. So the background thread is
/// stopped, and the file is written only while nobody has a connection.
///
/// A file that was not closed is first opened in H2's recovery mode, which looks at all of it. The
/// normal way follows the file's header and a chain of guesses where the next piece would be
/// written; where a guess is wrong the chain ends early, and up to twenty flushes that are in the
/// file are not seen. A killed process loses nothing that way; a power cut may, since the file is
/// not synced (docs/decisions/0008).
final class H2File implements ConnectionFactory, SqlLogger {
  static final String URL_PREFIX = "jdbc:h2:file:";

  private static final Logger log = LoggerFactory.getLogger(H2File.class);
  private static final String SUFFIX = ".mv.db";
  private static final int HEADER_BYTES = 4096;

  /// How often, in ns, and how far, in percent and bytes at a time, the file is tidied up.
  private static final long TIDY_INTERVAL = 5_000_000_000L;

  /// For how long, in ms, a piece of the file that nothing needs any more stays as it is.
  private static final int RETENTION = 1000;

  private static final int TIDY_FILL_RATE = 60;
  private static final int TIDY_BYTES = 4 << 20;

  private final DataSource dataSource;
  private final MVStore store;
  private final GroupFlush flush;

  /// Shared by those who have a connection; whoever writes the file has it alone.
  private final ReadWriteLock inUse = new ReentrantReadWriteLock(true);

  private long tidied = System.nanoTime();

  /// Connections that have changed something since they were taken.
  private final Set<Connection> changed = ConcurrentHashMap.newKeySet();

  private H2File(DataSource dataSource, MVStore store) {
    this.dataSource = dataSource;
    this.store = store;
    this.flush = new GroupFlush(this::write);
  }

  /// The file in the data folder, in PostgreSQL's dialect. Every session remembers the statements
  /// it has parsed; there are more of them than the eight that H2 keeps by itself.
  static String url(Path dataDirectory) {
    return URL_PREFIX
        + dataDirectory.resolve("belfry").toAbsolutePath()
        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
        + ";QUERY_CACHE_SIZE=200;DB_CLOSE_ON_EXIT=FALSE";
  }

  /// Makes a file that a killed process left as if it had been closed.
  ///
  /// @param url of the database, which is not open
  static void recover(String url) {
    int end = url.indexOf(';');
    Path file = Path.of(url.substring(URL_PREFIX.length(), end < 0 ? url.length() : end) + SUFFIX);
    if (!Files.isRegularFile(file) || isClosed(file)) {
      return;
    }
    log.info("store.recovering file={}", file);
    try {
      new MVStore.Builder()
          .fileName(file.toString())
          .autoCommitDisabled()
          .recoveryMode()
          .open()
          .close();
    } catch (MVStoreException e) {
      // Opening it the normal way says what is wrong, for example that another process has it.
      log.debug("store.recovery_failed", e);
    }
  }

  /// Whether the file's header says so.
  private static boolean isClosed(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEADER_BYTES), ISO_8859_1).contains("clean:1");
    } catch (IOException e) {
      return false;
    }
  }

  /// @param dataSource of a database in this process, whose schema may yet change
  static H2File open(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
      MVStore store = session.getDatabase().getStore().getMvStore();
      // Waits until the thread has ended; but H2 takes 0 for a wish to write at each commit.
      store.setAutoCommitDelay(0);
      store.setAutoCommitDelay(-1);
      store.setRetentionTime(RETENTION);
      return new H2File(dataSource, store);
    }
  }

  /// Connections to it; what was changed so far is written.
  Jdbi jdbi() {
    write();
    return Jdbi.create(this).setSqlLogger(this);
  }

  private void write() {
    try {
      inUse.writeLock().lock();
      try {
        if (System.nanoTime() - tidied > TIDY_INTERVAL) {
          store.compact(TIDY_FILL_RATE, TIDY_BYTES);
          tidied = System.nanoTime();
        }
        store.commit();
      } finally {
        inUse.writeLock().unlock();
      }
      // What was begun above is written by a thread of H2; this waits for it.
      store.executeFilestoreOperation(() -> {});
    } catch (MVStoreException e) {
      throw new StoreException("cannot write the database file: " + e.getMessage(), e);
    }
  }

  @Override
  public Connection openConnection() throws SQLException {
    Connection connection = dataSource.getConnection();
    inUse.readLock().lock();
    return connection;
  }

  @Override
  public void closeConnection(Connection connection) throws SQLException {
    boolean isChanged = changed.remove(connection);
    try {
      connection.close();
    } finally {
      inUse.readLock().unlock();
    }
    if (isChanged) {
      flush.await();
    }
  }

  @Override
  public void logBeforeExecution(StatementContext context) {
    String sql = context.getRenderedSql();
    if (sql == null || !sql.startsWith("SELECT")) {
      changed.add(context.getConnection());
    }
  }
}
