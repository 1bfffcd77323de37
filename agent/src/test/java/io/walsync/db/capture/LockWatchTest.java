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
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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
  private final AtomicLong closes = new AtomicLong();
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
    watch = new LockWatch(path, locks, closes::get);
    watch.entered(DatabaseFile.of(path), false);
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
  private Set<LockWatch.Finding> lookLater() {
    clock.pass(READ_INTERVAL);
    return watch.look(false);
  }

  @Test
  void aLockThatStandsIsNoFinding() {
    for (int i = 0; i < 3; i++) {
      assertThat(lookLater()).isEmpty();
    }
  }

  @Test
  void aLockThatTheApplicationDroppedIsToldAndTakenAgain() throws Exception {
    lookLater();
    openAndClose(path);
    assertThat(lookLater()).containsExactly(LockWatch.Finding.FILE_LOCK_RESTORED);
    assertThat(lookLater()).isEmpty();

    openAndClose(path);
    assertThat(lookLater()).as("each time").containsExactly(LockWatch.Finding.FILE_LOCK_RESTORED);
  }

  @Test
  void whatWasTheAgentsOwnIsNotMissedOnceItHasLeft() throws Exception {
    lookLater();
    watch.rests(false);
    // As one that has read nothing since the switch to WAL: it holds no lock.
    openAndClose(path);
    openAndClose(new File(path + "-shm"));
    assertThat(lookLater()).isEmpty();
    assertThat(lookLater()).isEmpty();
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
    assertThat(watch.look(false)).isEmpty();
    clock.passNanos(1);
    assertThat(watch.look(false)).containsExactly(LockWatch.Finding.FILE_LOCK_RESTORED);
  }

  @Test
  void aLockThatWasDroppedBeforeTheListShowedItIsTold() throws Exception {
    openAndClose(path);
    assertThat(lookLater()).containsExactly(LockWatch.Finding.FILE_LOCK_RESTORED);
  }

  @Test
  void aListThatWasReadBeforeTheAgentEnteredProvesNothing() throws Exception {
    openAndClose(path);
    locks.again();
    watch.entered(DatabaseFile.of(path), false);
    assertThat(watch.look(false)).isEmpty();
    assertThat(lookLater()).containsExactly(LockWatch.Finding.FILE_LOCK_RESTORED);
  }

  @Test
  void aLockIsMissedThroughARestAndWhenTheAgentEntersAgain() throws Exception {
    watch.rests(true);
    openAndClose(path);
    assertThat(lookLater()).containsExactly(LockWatch.Finding.FILE_LOCK_RESTORED);

    openAndClose(path);
    watch.entered(DatabaseFile.of(path), false);
    assertThat(lookLater()).containsExactly(LockWatch.Finding.FILE_LOCK_RESTORED);
  }

  @Test
  void whoeverClosedAConnectionDuringARestMayHaveHadTheLocks() throws Exception {
    watch.rests(true);
    closes.incrementAndGet();
    connection.close();
    connection = null;
    assertThat(lookLater()).isEmpty();
    assertThat(lookLater()).isEmpty();
    assertThat(watch.isIndexRemoved()).isFalse();
  }

  @Test
  void bothLocksThatABackupOfTheFolderDropsAreTold() throws Exception {
    openAndClose(path);
    openAndClose(new File(path + "-shm"));
    assertThat(lookLater())
        .containsExactly(LockWatch.Finding.FILE_LOCK_RESTORED, LockWatch.Finding.SHM_LOCK_LOST);
    assertThat(lookLater()).as("once").isEmpty();
  }

  @Test
  void theLockOfASoleConnectionIsToldAsLost() throws Exception {
    connection.close();
    connection = DriverManager.getConnection("jdbc:sqlite:" + path);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA locking_mode=exclusive");
      statement.execute("INSERT INTO t VALUES(1)");
    }
    watch.entered(DatabaseFile.of(path), true);
    assertThat(lookLater()).isEmpty();
    openAndClose(path);
    assertThat(lookLater()).containsExactly(LockWatch.Finding.FILE_LOCK_LOST);
    assertThat(lookLater()).as("once").isEmpty();
  }

  @Test
  void aShmThatIsGoneUnderAConnectionIsFoundWhileAgentOrApplicationKeepsIt() throws Exception {
    assertThat(watch.isIndexRemoved()).isFalse();
    assertThat(new File(path + "-shm").delete()).isTrue();
    assertThat(watch.isIndexRemoved()).isTrue();
    watch.rests(true);
    assertThat(watch.isIndexRemoved()).isTrue();
    watch.rests(false);
    assertThat(watch.isIndexRemoved()).isFalse();
  }

  @Test
  void aDroppedLockOnTheShmIsTold() throws Exception {
    lookLater();
    openAndClose(new File(path + "-shm"));
    assertThat(lookLater()).containsExactly(LockWatch.Finding.SHM_LOCK_LOST);
    assertThat(lookLater()).as("once").isEmpty();
  }
}
