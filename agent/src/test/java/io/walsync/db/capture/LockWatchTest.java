package io.walsync.db.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.files.DatabaseFile;
import io.walsync.host.HostLocks;
import java.io.File;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockWatchTest {

  private final HostLocks locks = new HostLocks(0);
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

  @Test
  void aLockThatStandsIsNoFinding() {
    for (int i = 0; i < 3; i++) {
      assertThat(watch.look()).isEqualTo(LockWatch.Finding.NOTHING_NEW);
    }
  }

  @Test
  void aLockThatTheApplicationDroppedIsToldAndTakenAgain() throws Exception {
    watch.look();
    openAndClose(path);
    assertThat(watch.look()).isEqualTo(LockWatch.Finding.FILE_LOCK_RESTORED);
    assertThat(watch.look()).isEqualTo(LockWatch.Finding.NOTHING_NEW);

    openAndClose(path);
    assertThat(watch.look()).as("each time").isEqualTo(LockWatch.Finding.FILE_LOCK_RESTORED);
  }

  @Test
  void whatWasTheAgentsOwnIsNotMissedOnceItHasLeft() throws Exception {
    watch.look();
    watch.left();
    // As one that has read nothing since the switch to WAL: it holds no lock.
    openAndClose(path);
    openAndClose(new File(path + "-shm"));
    assertThat(watch.look()).isEqualTo(LockWatch.Finding.NOTHING_NEW);
    assertThat(watch.look()).isEqualTo(LockWatch.Finding.NOTHING_NEW);
  }

  @Test
  void theLockThatWasTakenAgainEndsWithTheLastConnection() throws Exception {
    watch.look();
    openAndClose(path);
    watch.look();
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
  void aDroppedLockOnTheShmIsTold() throws Exception {
    watch.look();
    openAndClose(new File(path + "-shm"));
    assertThat(watch.look()).isEqualTo(LockWatch.Finding.SHM_LOCK_LOST);
    assertThat(watch.look()).as("once").isEqualTo(LockWatch.Finding.NOTHING_NEW);
  }
}
