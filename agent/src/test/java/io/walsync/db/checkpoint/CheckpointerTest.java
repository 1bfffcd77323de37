package io.walsync.db.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.tail.WalIndex;
import io.walsync.sqlite.HostDriver;
import io.walsync.teststore.ManualClock;
import io.walsync.wal.WalCount;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint makes of commits and readers that stand between it and the WAL's end. */
class CheckpointerTest {

  /** Faster than any pause in which a WAL could restart by itself. */
  private static final double FAST = 100 << 20;

  /** Enough for the last resort. */
  private static final long LONG_WAL = 200L << 20;

  private static final Duration COMMIT_TIME = Duration.ofMillis(10);

  @TempDir Path folder;

  private final Turnstile turnstile = new Turnstile();
  private final ManualClock clock = new ManualClock();
  private File path;
  private Connection connection;
  private Statement statement;
  private Pins pins;
  private Committed follower;
  private Checkpointer checkpointer;

  @BeforeEach
  void open() throws Exception {
    path = folder.resolve("app.db").toFile();
    connection = DriverManager.getConnection("jdbc:sqlite:" + path);
    statement = connection.createStatement();
    statement.execute("PRAGMA journal_mode=wal");
    statement.execute("PRAGMA wal_autocheckpoint=0");
    statement.execute("CREATE TABLE t(v)");
    pins = new Pins(new HostDriver(getClass().getClassLoader()), path);
    follower = new Committed();
    pins.take(follower);
    checkpointer = new Checkpointer(pins, turnstile, follower, clock);
  }

  @AfterEach
  void close() throws Exception {
    pins.close();
    connection.close();
  }

  @Test
  void reachesTheEndAlthoughACommitCameInBetween() throws Exception {
    follower.commits = 1;
    assertThat(checkpointer.run(LONG_WAL, FAST)).isEqualTo(Checkpointer.Outcome.COMPLETE);
    assertThat(follower.commits).isZero();
  }

  @Test
  void commitsOfThreadsThatCameAreNoReasonForTheWriteLock() throws Exception {
    follower.isArriving = true;
    runOften();
    assertThat(follower.isWriteLockMet).isFalse();
  }

  @Test
  void commitsThatNothingHoldsBackEndWithTheWriteLock() throws Exception {
    runOften();
    assertThat(follower.isWriteLockMet).isTrue();
  }

  /** Beside a writer that commits each time that all is backfilled. */
  private void runOften() throws Exception {
    follower.commits = Integer.MAX_VALUE;
    for (int i = 0; i < 7 && !follower.isWriteLockMet; i++) {
      Checkpointer.Outcome outcome = checkpointer.run(LONG_WAL, FAST);
      assertThat(outcome == Checkpointer.Outcome.OVERTAKEN || follower.isWriteLockMet).isTrue();
    }
  }

  /** Begins a transaction that goes on reading what is there now. */
  private static void read(Statement reading) throws SQLException {
    reading.execute("BEGIN");
    try (ResultSet rows = reading.executeQuery("SELECT count(*) FROM t")) {
      rows.next();
    }
  }

  @Test
  void aReaderInTheWayIsNoReasonForTheWriteLock() throws Exception {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement reading = other.createStatement()) {
      read(reading);
      statement.execute("INSERT INTO t VALUES(1)");
      for (int i = 0; i < 20; i++) {
        assertThat(checkpointer.run(LONG_WAL, FAST)).isEqualTo(Checkpointer.Outcome.PARTIAL);
      }
      assertThat(follower.isWriteLockMet).isFalse();
    }
  }

  /** In what time from now it is due, given that it is in the time after that. */
  private Duration wait(Duration atMost) {
    Duration step = Duration.ofMillis(1);
    Duration waited = Duration.ZERO;
    while (!checkpointer.isDue(LONG_WAL, FAST, clock.nanoTime())) {
      clock.pass(step);
      waited = waited.plus(step);
      assertThat(waited).isLessThanOrEqualTo(atMost);
    }
    return waited;
  }

  @Test
  void besideAReaderInTheWayItIsTriedAgainLaterAndLaterUpToFiveSeconds() throws Exception {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement reading = other.createStatement()) {
      read(reading);
      statement.execute("INSERT INTO t VALUES(1)");
      List<Duration> waits = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        assertThat(checkpointer.run(LONG_WAL, FAST)).isEqualTo(Checkpointer.Outcome.PARTIAL);
        waits.add(wait(Duration.ofSeconds(6)));
      }
      assertThat(waits)
          .extracting(Duration::toMillis)
          .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L);
    }
    assertThat(checkpointer.run(LONG_WAL, FAST)).isEqualTo(Checkpointer.Outcome.COMPLETE);
    statement.execute("INSERT INTO t VALUES(1)");
    pins.keepUp(follower);
    checkpointer.restarted();
    clock.pass(Duration.ofSeconds(5));
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement reading = other.createStatement()) {
      read(reading);
      statement.execute("INSERT INTO t VALUES(1)");
      assertThat(checkpointer.run(LONG_WAL, FAST)).isEqualTo(Checkpointer.Outcome.PARTIAL);
    }
    assertThat(wait(Duration.ofSeconds(6))).as("as in the beginning").hasMillis(100);
  }

  @Test
  void afterCommitsInBetweenItIsTriedAgainSoon() throws Exception {
    follower.commits = Integer.MAX_VALUE;
    assertThat(checkpointer.run(LONG_WAL, FAST)).isEqualTo(Checkpointer.Outcome.OVERTAKEN);
    assertThat(wait(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void onceTheEndIsReachedItIsNotDueBeforeSomebodyCommits() throws Exception {
    assertThat(checkpointer.run(LONG_WAL, FAST)).isEqualTo(Checkpointer.Outcome.COMPLETE);
    clock.pass(Duration.ofHours(1));
    assertThat(checkpointer.isDue(LONG_WAL, FAST, clock.nanoTime())).isFalse();
    statement.execute("INSERT INTO t VALUES(1)");
    pins.keepUp(follower);
    checkpointer.committed();
    assertThat(checkpointer.isDue(LONG_WAL, FAST, clock.nanoTime())).isTrue();
  }

  @Test
  void aWriterThatKeepsTheWriteLockIsNotWaitedForForLong() throws Exception {
    follower.commits = Integer.MAX_VALUE;
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement writing = other.createStatement()) {
      for (int i = 0; i < 5; i++) {
        assertThat(checkpointer.run(LONG_WAL, FAST)).isEqualTo(Checkpointer.Outcome.OVERTAKEN);
      }
      follower.commits = 0;
      writing.execute("BEGIN IMMEDIATE");
      long begin = clock.nanoTime();
      assertThat(checkpointer.run(LONG_WAL, FAST)).isEqualTo(Checkpointer.Outcome.PARTIAL);
      assertThat(checkpointer.way()).contains("write lock");
      assertThat(Duration.ofNanos(clock.nanoTime() - begin))
          .isBetween(Duration.ofMillis(20), Duration.ofMillis(21));
    }
  }

  /** Knows what SQLite has counted, and commits behind the checkpoint's back. */
  private final class Committed implements WalFollower {
    private final WalIndex index;
    private int commits;
    private boolean isArriving;
    private boolean isWriteLockMet;

    Committed() throws IOException {
      index = WalIndex.of(path);
    }

    @Override
    public WalCount count() throws IOException {
      WalCount now = index.count();
      if (commits > 0 && now != null && now.isBackfilled() && !isWriteLockMet) {
        commit();
        commits--;
        now = index.count();
      }
      return now;
    }

    private void commit() throws IOException {
      clock.pass(COMMIT_TIME);
      try {
        statement.execute("PRAGMA busy_timeout=0");
        statement.execute("INSERT INTO t VALUES(randomblob(100))");
      } catch (SQLException e) {
        isWriteLockMet = true;
        return;
      }
      if (isArriving) {
        arrive();
      }
    }

    /** On a thread of its own: this one has to open the turnstile. */
    private void arrive() {
      int before = turnstile.arrivalCount();
      Thread arriving = new Thread(turnstile::pass);
      arriving.setDaemon(true);
      arriving.start();
      while (turnstile.arrivalCount() == before && arriving.isAlive()) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void look() {}

    @Override
    public void copy() {}

    @Override
    public boolean isWriteUnderWay() {
      return false;
    }

    @Override
    public long frameCount() {
      return Long.MAX_VALUE;
    }
  }
}
