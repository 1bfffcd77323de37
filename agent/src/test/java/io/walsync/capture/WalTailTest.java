package io.walsync.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.capture.WalTail.Advance;
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

class WalTailTest {

  @TempDir Path folder;

  private File database;
  private Connection connection;
  private WalFile wal;
  private WalTail tail;

  @BeforeEach
  void open() throws Exception {
    database = folder.resolve("app.db").toFile();
    connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("PRAGMA journal_mode=wal", "PRAGMA wal_autocheckpoint=0", "CREATE TABLE t(v)");
    wal = new WalFile(WalFile.pathOf(database));
    tail = new WalTail(wal, 4096);
  }

  @AfterEach
  void close() throws Exception {
    wal.close();
    connection.close();
  }

  private void execute(String... statements) throws Exception {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void commitsAreTakenInOnceAndEndAtACommit() throws Exception {
    assertThat(tail.startAtBeginning()).isTrue();
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().commit()).isEqualTo(2);
    tail.taken();
    assertThat(tail.advance()).isEqualTo(Advance.NOTHING);
    execute("INSERT INTO t VALUES(1)");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().pages().sortedPgnos(10)).containsExactly(2);
  }

  @Test
  void anUnfinishedTransactionIsNeverInTheBatchNorItsRolledBackFrames() throws Exception {
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    execute("PRAGMA cache_size=5", "BEGIN");
    for (int i = 0; i < 200; i++) {
      execute("INSERT INTO t VALUES(randomblob(3000))");
    }
    assertThat(wal.sizeBytes()).isGreaterThan(100 * 4096L);
    assertThat(tail.advance()).isEqualTo(Advance.NOTHING);
    assertThat(tail.hasBatch()).isFalse();
    execute("ROLLBACK", "INSERT INTO t VALUES('short')");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().pages().sortedPgnos(1000)).containsExactly(2);
  }

  @Test
  void aRetryOfARolledBackTransactionIsSeenThoughItBeginsWithTheSameFrames() throws Exception {
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    execute("PRAGMA cache_size=5", "CREATE TABLE u(v)");
    tail.advance();
    tail.taken();
    execute("BEGIN");
    for (int i = 0; i < 60; i++) {
      execute("INSERT INTO t VALUES(zeroblob(3000))");
    }
    tail.advance();
    execute("ROLLBACK", "BEGIN");
    for (int i = 0; i < 30; i++) {
      execute("INSERT INTO t VALUES(zeroblob(3000))");
    }
    execute("COMMIT");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.advance()).isEqualTo(Advance.NOTHING);
  }

  @Test
  void aCommitOverALargeRolledBackTransactionIsFoundByALookToTheEnd() throws Exception {
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    execute("PRAGMA cache_size=5", "BEGIN", "INSERT INTO t VALUES(randomblob(50000000))");
    assertThat(tail.advance()).isEqualTo(Advance.NOTHING);
    assertThat(tail.advance()).isEqualTo(Advance.NOTHING);
    execute("ROLLBACK", "INSERT INTO t VALUES('short')");
    assertThat(tail.advanceToEnd()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().pages().sortedPgnos(1000)).containsExactly(2);
  }

  @Test
  void afterATruncationItBeginsWithTheNextFrameAndDoesNotStumbleAgain() throws Exception {
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
    assertThat(tail.advance()).isEqualTo(Advance.EMPTY);
    assertThat(tail.startAtBeginning()).isFalse();
    assertThat(tail.position()).isNull();
    execute("INSERT INTO t VALUES(1)");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().pages().sortedPgnos(1000)).containsExactly(2);
  }

  @Test
  void aLargeTransactionIsFollowedWhileItGrowsAndTakenWhenItCommits() throws Exception {
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    execute("PRAGMA cache_size=5", "BEGIN");
    for (int i = 0; i < 300; i++) {
      execute("INSERT INTO t VALUES(randomblob(3000))");
      if (i % 50 == 0) {
        assertThat(tail.advance()).isEqualTo(Advance.NOTHING);
      }
    }
    execute("COMMIT");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().pages().sortedPgnos(Integer.MAX_VALUE)).hasSizeGreaterThan(290);
  }

  @Test
  void aRestartOfTheWalIsSeenAndKnownAsTheNextRun() throws Exception {
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    execute("PRAGMA wal_checkpoint(RESTART)", "INSERT INTO t VALUES(1)");
    assertThat(tail.advance()).isEqualTo(Advance.RESTARTED);
    assertThat(tail.isNextRun()).isTrue();
    assertThat(tail.isIntact()).isFalse();
    execute("PRAGMA wal_checkpoint(RESTART)", "INSERT INTO t VALUES(2)");
    assertThat(tail.isNextRun()).isFalse();
  }

  @Test
  void aTruncatedWalIsEmpty() throws Exception {
    tail.startAtBeginning();
    tail.advance();
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
    assertThat(tail.advance()).isEqualTo(Advance.EMPTY);
  }

  @Test
  void aPositionIsFoundAgainOnlyIfEverythingBeforeItIsTheSame() throws Exception {
    tail.startAtBeginning();
    tail.advance();
    WalPosition position = tail.position();
    execute("INSERT INTO t VALUES(1)");
    assertThat(new WalTail(wal, 4096).startAt(position)).isTrue();
    WalPosition other =
        new WalPosition(
            position.salt1(), position.salt2(), position.offset(), position.checksum() + 1);
    assertThat(new WalTail(wal, 4096).startAt(other)).isFalse();
    assertThat(new WalTail(wal, 1024).startAtBeginning()).isFalse();
  }

  @Test
  void aDamagedFrameEndsTheWalAndIsNoCommit() throws Exception {
    execute("INSERT INTO t VALUES(1)", "INSERT INTO t VALUES(2)");
    File copy = folder.resolve("copy-wal").toFile();
    java.nio.file.Files.copy(WalFile.pathOf(database).toPath(), copy.toPath());
    long frames = (copy.length() - 32) / 4120;
    for (long frame = 0; frame < frames; frame++) {
      java.nio.file.Files.copy(
          WalFile.pathOf(database).toPath(),
          copy.toPath(),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      try (RandomAccessFile damage = new RandomAccessFile(copy, "rw")) {
        damage.seek(32 + frame * 4120 + 24 + 100);
        damage.write(damage.read() ^ 1);
      }
      try (WalFile damaged = new WalFile(copy)) {
        WalTail damagedTail = new WalTail(damaged, 4096);
        damagedTail.startAtBeginning();
        damagedTail.advance();
        assertThat(damagedTail.position().offset()).isLessThanOrEqualTo(32 + frame * 4120);
      }
    }
  }
}
