package io.walsync.db.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.tail.WalIndex;
import io.walsync.sqlite.HostDriver;
import io.walsync.wal.WalCount;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

  @TempDir Path folder;

  private final Turnstile turnstile = new Turnstile();
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
    checkpointer = new Checkpointer(pins, turnstile, follower);
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

  @Test
  void aReaderInTheWayIsNoReasonForTheWriteLock() throws Exception {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement reading = other.createStatement()) {
      reading.execute("BEGIN");
      try (ResultSet rows = reading.executeQuery("SELECT count(*) FROM t")) {
        rows.next();
      }
      statement.execute("INSERT INTO t VALUES(1)");
      for (int i = 0; i < 20; i++) {
        assertThat(checkpointer.run(LONG_WAL, FAST)).isEqualTo(Checkpointer.Outcome.PARTIAL);
      }
      assertThat(follower.isWriteLockMet).isFalse();
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
