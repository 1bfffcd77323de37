package io.walsync.db.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.files.DatabaseFile;
import io.walsync.host.HostLocks;
import io.walsync.teststore.ManualClock;
import java.io.File;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockWatchTest {

  private static final Duration READ_INTERVAL = Duration.ofSeconds(5);

  private final ManualClock clock = new ManualClock();
  private final HostLocks locks = new HostLocks(READ_INTERVAL.toNanos(), clock);
  private File path;
  private Connection connection;
  private LockWatch watch;

  @BeforeEach
  void openDatabase(@TempDir Path folder) throws Exception {
    assumeTrue(new File("/proc/locks").canRead(), "the kernel lists its locks");
    path = folder.resolve("app.db").toFile();
    connection = DriverManager.getConnection("jdbc:sqlite:" + path);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=wal");
      statement.execute("CREATE TABLE t(v)");
    }
    watch = new LockWatch(path, DatabaseFile.of(path), locks);
  }

  @AfterEach
  void closeDatabase() throws Exception {
    if (connection != null) {
      connection.close();
    }
  }

  private static void openAndClose(File file) throws Exception {
    new RandomAccessFile(file, "r").close();
  }

  /** After so long that the list is read again. */
  private LockWatch.Finding lookLater() {
    clock.pass(READ_INTERVAL);
    return watch.look();
  }

  @Test
  void aLockThatStandsIsNoFinding() {
    for (int i = 0; i < 3; i++) {
      assertThat(lookLater()).isEqualTo(LockWatch.Finding.NOTHING_NEW);
    }
  }

  @Test
  void aLockThatTheApplicationDroppedIsToldAndTakenAgain() throws Exception {
    lookLater();
    openAndClose(path);
    assertThat(lookLater()).isEqualTo(LockWatch.Finding.FILE_LOCK_RESTORED);
    assertThat(lookLater()).isEqualTo(LockWatch.Finding.NOTHING_NEW);

    openAndClose(path);
    assertThat(lookLater()).as("each time").isEqualTo(LockWatch.Finding.FILE_LOCK_RESTORED);
  }

  @Test
  void whatWasTheAgentsOwnIsNotMissedOnceItHasLeft() throws Exception {
    lookLater();
    watch.left();
    // As one that has read nothing since the switch to WAL: it holds no lock.
    openAndClose(path);
    openAndClose(new File(path + "-shm"));
    assertThat(lookLater()).isEqualTo(LockWatch.Finding.NOTHING_NEW);
    assertThat(lookLater()).isEqualTo(LockWatch.Finding.NOTHING_NEW);
  }

  @Test
  void theLockThatWasTakenAgainEndsWithTheLastConnection() throws Exception {
    lookLater();
    openAndClose(path);
    lookLater();
    connection.close();
    connection = null;

    Process foreign =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                ExclusiveUse.class.getName(),
                path.getPath())
            .inheritIO()
            .start();
    assertThat(foreign.waitFor()).as("nobody else is locked out").isZero();
  }

  /** Another process that wants the database for itself. */
  static final class ExclusiveUse {
    public static void main(String[] args) throws Exception {
      try (Connection own = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
          Statement statement = own.createStatement()) {
        statement.execute("PRAGMA locking_mode=exclusive");
        statement.execute("PRAGMA journal_mode=delete");
        statement.execute("INSERT INTO t VALUES(1)");
      }
    }
  }

  @Test
  void aDroppedLockIsFoundWhenTheListIsReadAgainAndNotBefore() throws Exception {
    lookLater();
    openAndClose(path);
    clock.pass(READ_INTERVAL.minusNanos(1));
    assertThat(watch.look()).isEqualTo(LockWatch.Finding.NOTHING_NEW);
    clock.passNanos(1);
    assertThat(watch.look()).isEqualTo(LockWatch.Finding.FILE_LOCK_RESTORED);
  }

  @Test
  void aListThatWasReadBeforeTheWatchBeganProvesNothing() throws Exception {
    locks.again();
    LockWatch later = new LockWatch(path, DatabaseFile.of(path), locks);
    assertThat(later.look()).isEqualTo(LockWatch.Finding.NOTHING_NEW);
    openAndClose(path);
    clock.pass(READ_INTERVAL);
    assertThat(later.look()).as("not seen before").isEqualTo(LockWatch.Finding.NOTHING_NEW);
  }

  @Test
  void aDroppedLockOnTheShmIsTold() throws Exception {
    lookLater();
    openAndClose(new File(path + "-shm"));
    assertThat(lookLater()).isEqualTo(LockWatch.Finding.SHM_LOCK_LOST);
    assertThat(lookLater()).as("once").isEqualTo(LockWatch.Finding.NOTHING_NEW);
  }
}
