package io.walsync.db.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.host.HostLocks;
import io.walsync.io.Clock;
import io.walsync.sqlite.HostDriver;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random interleavings of writers, readers that stay long, checkpoints of the agent's and of
 * others, opens and closes, beside a pin. After each step: nothing was overwritten that had not
 * been copied, a firm pin stands for a read mark, and the copy made from the WAL is the database.
 */
class PinsPropertyTest {

  private static final int STEPS = 80;
  private static final int[] PAGE_SIZES = {512, 1024, 4096, 16384, 65536};
  private static final String[] MODES = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};

  /** wal.c: the lock bytes of read marks 1 to 4. */
  private static final long READ_MARK_1 = 124;

  private static final long READ_MARK_4 = 127;
  private static final double SLOW = 0;
  private static final double FAST = 1e9;

  /** Long after any pause that the checkpointer keeps between tries. */
  private static final long LATER_NANOS = 3_600_000_000_000L;

  @TempDir Path folder;

  private Random random;
  private File database;
  private HostDriver driver;
  private Connection oracle;
  private final List<Connection> writers = new ArrayList<>();
  private final List<Connection> readers = new ArrayList<>();
  private Pins pins;
  private ShadowFollower shadow;
  private Checkpointer checkpointer;
  private HostLocks locks;

  /** Since the last turn of the agent's. */
  private boolean mayRestartTwice;

  /** In all histories together. */
  private static int restartCount;

  @AfterAll
  static void theWalWasRestarted() {
    assertThat(restartCount).isPositive();
  }

  static LongStream seeds() {
    long first = Long.getLong("walsync.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("walsync.seeds", 25));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsOverwrittenThatHasNotBeenCopied(long seed) throws Exception {
    random = new Random(seed);
    int pageSize = PAGE_SIZES[random.nextInt(PAGE_SIZES.length)];
    database = folder.resolve("app.db").toFile();
    driver = new HostDriver(getClass().getClassLoader());
    locks = new HostLocks(0);
    List<String> history = new ArrayList<>(List.of("page size " + pageSize));
    oracle = connect();
    run(oracle, "PRAGMA page_size=" + pageSize);
    run(oracle, "PRAGMA journal_mode=wal");
    run(oracle, "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    writers.add(connect());
    pins = new Pins(driver, database);
    shadow = new ShadowFollower(database, pageSize);
    pins.take(shadow);
    shadow.copyWhole();
    checkpointer = new Checkpointer(pins, new Turnstile(), shadow, Clock.SYSTEM);
    try {
      for (int i = 0; i < STEPS; i++) {
        history.add(step());
        boolean isFirm = pins.isFirm();
        int gapsBefore = shadow.gapCount();
        if (random.nextInt(3) > 0) {
          turn();
          check(isFirm, gapsBefore, seed, history);
        }
      }
    } finally {
      restartCount += shadow.restartCount();
      pins.close();
      for (Connection each : all()) {
        each.close();
      }
    }
  }

  private String step() throws Exception {
    int choice = random.nextInt(100);
    if (choice < 40) {
      return write(writer());
    } else if (choice < 50) {
      return transaction(writer());
    } else if (choice < 58) {
      return reader();
    } else if (choice < 70) {
      return checkpointOfOthers();
    } else if (choice < 88) {
      return checkpoint();
    } else if (choice < 94 && writers.size() < 4) {
      writers.add(connect());
      return "open";
    } else if (writers.size() > 1) {
      writers.remove(random.nextInt(writers.size())).close();
      return "close";
    }
    return "nothing";
  }

  private String write(Connection writer) throws SQLException {
    String sql;
    switch (random.nextInt(5)) {
      case 0:
        sql = "DELETE FROM t WHERE id % 5 = " + random.nextInt(5);
        break;
      case 1:
        sql = "UPDATE t SET v = randomblob(" + (1 + random.nextInt(3000)) + ") WHERE id % 3 = 1";
        break;
      default:
        sql = "INSERT INTO t(v) VALUES(randomblob(" + (1 + random.nextInt(9000)) + "))";
    }
    return attempt(writer, sql);
  }

  /** Begins one, goes on with it, or ends it: others come in between. */
  private String transaction(Connection writer) throws SQLException {
    if (writer.getAutoCommit()) {
      writer.setAutoCommit(false);
      return "begin, " + write(writer);
    }
    String last =
        random.nextInt(6) == 0
            // Spills into the WAL before its end.
            ? attempt(writer, "INSERT INTO t(v) VALUES(randomblob(3000000))")
            : write(writer);
    boolean isKept = random.nextInt(3) > 0;
    if (isKept) {
      writer.commit();
    } else {
      writer.rollback();
    }
    writer.setAutoCommit(true);
    return last + (isKept ? ", commit" : ", rollback");
  }

  private String reader() throws SQLException {
    if (!readers.isEmpty() && random.nextBoolean()) {
      readers.remove(random.nextInt(readers.size())).close();
      return "reader ends";
    }
    Connection reader = connect();
    reader.setAutoCommit(false);
    try (Statement statement = reader.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
      rows.next();
    }
    readers.add(reader);
    return "reader begins";
  }

  private String checkpointOfOthers() throws SQLException {
    String mode = MODES[random.nextInt(MODES.length)];
    mayRestartTwice = true;
    return attempt(oracle, "PRAGMA wal_checkpoint(" + mode + ")");
  }

  private String checkpoint() throws Exception {
    // The duty cycle looks before each.
    turn();
    double speed = random.nextBoolean() ? SLOW : FAST;
    if (!checkpointer.isDue(Long.MAX_VALUE, speed, System.nanoTime() + LATER_NANOS)) {
      return "no checkpoint";
    }
    return "agent: " + checkpointer.run(shadow.runBytes(), speed);
  }

  private void turn() throws Exception {
    if (shadow.turn()) {
      checkpointer.committed();
    }
    if (random.nextInt(4) > 0) {
      pins.keepUp(shadow);
    }
  }

  private void check(boolean wasFirm, int gapsBefore, long seed, List<String> history)
      throws Exception {
    String what = "seed " + seed + ", " + history;
    if (shadow.gapCount() > gapsBefore) {
      assertThat(wasFirm).as("a gap under a firm pin: %s", what).isFalse();
      assertThat(mayRestartTwice).as("a gap without a checkpoint: %s", what).isTrue();
    }
    mayRestartTwice = false;
    if (pins.isFirm() && readers.isEmpty() && new File("/proc/locks").canRead()) {
      assertThat(holdsReadMark()).as(what).isTrue();
    }
    shadow.copy();
    Path copy = folder.resolve("shadow.db");
    shadow.writeTo(copy);
    try (Connection shadowed = DriverManager.getConnection("jdbc:sqlite:" + copy)) {
      assertThat(rows(shadowed)).as(what).isEqualTo(rows(oracle));
    }
  }

  private boolean holdsReadMark() throws Exception {
    long shm = (Long) Files.getAttribute(Path.of(database + "-shm"), "unix:ino");
    HostLocks.Snapshot held = locks.again();
    boolean isHeld = false;
    for (long mark = READ_MARK_1; mark <= READ_MARK_4; mark++) {
      isHeld |= held.holds(shm, mark);
    }
    return isHeld;
  }

  private static String rows(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*), group_concat(id || ':' || length(v) || ':'"
                    + " || hex(substr(v, 1, 8)) || hex(substr(v, -8)))"
                    + " FROM (SELECT * FROM t ORDER BY id)")) {
      row.next();
      return row.getInt(1) + " rows " + row.getString(2);
    }
  }

  private Connection writer() {
    return writers.get(random.nextInt(writers.size()));
  }

  private List<Connection> all() {
    List<Connection> all = new ArrayList<>(writers);
    all.addAll(readers);
    all.add(oracle);
    return all;
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    run(connection, "PRAGMA busy_timeout=0");
    run(connection, "PRAGMA wal_autocheckpoint=0");
    run(connection, "PRAGMA cache_size=10");
    return connection;
  }

  /** Another writer or reader may be in the way. */
  private static String attempt(Connection connection, String sql) throws SQLException {
    try {
      run(connection, sql);
      return sql;
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("SQLITE_BUSY");
      return sql + ": busy";
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
