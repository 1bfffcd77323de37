package io.walsync.db.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.tail.WalTail.Advance;
import io.walsync.wal.WalPosition;
import java.io.File;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalTailTest {

  private static final int PAGE_SIZE = 4096;
  private static final int FRAME_SIZE = 24 + PAGE_SIZE;

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
    tail = new WalTail(database, wal, PAGE_SIZE);
    tail.startAtBeginning();
  }

  @AfterEach
  void close() throws Exception {
    tail.close();
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

  private void takeAll() throws Exception {
    tail.advance();
    tail.taken();
  }

  @Test
  void commitsAreTakenInOnceAndEndAtACommit() throws Exception {
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
    takeAll();
    execute("PRAGMA cache_size=5", "BEGIN");
    for (int i = 0; i < 200; i++) {
      execute("INSERT INTO t VALUES(randomblob(3000))");
    }
    assertThat(wal.sizeBytes()).isGreaterThan(100 * 4096L);
    assertThat(tail.advance()).isEqualTo(Advance.NOTHING);
    assertThat(tail.isFrameBehind()).isTrue();
    execute("ROLLBACK", "INSERT INTO t VALUES('short')");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().pages().sortedPgnos(1000)).containsExactly(2);
  }

  @Test
  void aCommitOverALargeRolledBackTransactionIsFoundAtOnce() throws Exception {
    takeAll();
    execute("PRAGMA cache_size=5", "BEGIN", "INSERT INTO t VALUES(randomblob(50000000))");
    assertThat(tail.advance()).isEqualTo(Advance.NOTHING);
    execute("ROLLBACK", "INSERT INTO t VALUES('short')");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().pages().sortedPgnos(1000)).containsExactly(2);
  }

  @Test
  void aLargeTransactionIsTakenWhenItCommits() throws Exception {
    takeAll();
    execute("PRAGMA cache_size=5", "BEGIN");
    for (int i = 0; i < 300; i++) {
      execute("INSERT INTO t VALUES(randomblob(3000))");
    }
    assertThat(tail.advance()).isEqualTo(Advance.NOTHING);
    execute("COMMIT");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().pages().sortedPgnos(Integer.MAX_VALUE)).hasSizeGreaterThan(290);
  }

  /** As a commit stands there while its fsync runs, or after it was killed in it. */
  @Test
  void aCommitThatStandsInTheWalIsNoneUntilSqliteCountsIt() throws Exception {
    takeAll();
    Path shm = Path.of(database + "-shm");
    byte[] before = Files.readAllBytes(shm);
    execute("INSERT INTO t VALUES('counted')");
    byte[] counted = Files.readAllBytes(shm);
    File copy = folder.resolve("killed.db").toFile();
    for (String suffix : new String[] {"", "-wal"}) {
      Files.copy(Path.of(database + suffix), Path.of(copy + suffix));
    }
    Files.write(Path.of(copy + "-shm"), before);
    try (WalFile killed = new WalFile(WalFile.pathOf(copy))) {
      WalTail killedTail = new WalTail(copy, killed, PAGE_SIZE);
      assertThat(killedTail.startAt(tail.position())).isTrue();
      assertThat(killedTail.advance()).isEqualTo(Advance.NOTHING);
      assertThat(killedTail.isFrameBehind()).isTrue();
      try (RandomAccessFile shared = new RandomAccessFile(copy + "-shm", "rw")) {
        shared.write(counted, 0, 136);
      }
      assertThat(killedTail.advance()).isEqualTo(Advance.COMMITS);
      killedTail.close();
    }
  }

  @Test
  void aRestartIsFollowedIfSqliteHasCountedJustWhatWasRead() throws Exception {
    takeAll();
    execute("PRAGMA wal_checkpoint(RESTART)", "INSERT INTO t VALUES(1)", "CREATE TABLE u(v)");
    assertThat(tail.isIntact()).isFalse();
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().pages().sortedPgnos(10)).containsExactly(1, 2, 3);
  }

  @Test
  void manyRestartsAreFollowedIfNothingWasCommittedBetweenThem() throws Exception {
    takeAll();
    for (int i = 0; i < 5; i++) {
      execute("PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA wal_checkpoint(RESTART)");
      assertThat(tail.advance()).isEqualTo(Advance.NOTHING);
    }
    execute("INSERT INTO t VALUES(1)");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
  }

  @Test
  void aCommitThatWasOverwrittenByARestartIsAGap() throws Exception {
    takeAll();
    execute("INSERT INTO t VALUES('lost')", "PRAGMA wal_checkpoint(RESTART)");
    execute("INSERT INTO t VALUES(1)");
    assertThat(tail.advance()).isEqualTo(Advance.GAP);
    assertThat(tail.advance()).isEqualTo(Advance.GAP);
  }

  @Test
  void aCommitThatWasTruncatedAwayIsAGapThoughNothingFollows() throws Exception {
    takeAll();
    execute("INSERT INTO t VALUES('lost')", "PRAGMA wal_checkpoint(TRUNCATE)");
    assertThat(tail.advance()).isEqualTo(Advance.GAP);
  }

  @Test
  void aBatchThatHasNotBeenTakenIsAGapAfterARestart() throws Exception {
    tail.advance();
    execute("PRAGMA wal_checkpoint(RESTART)", "INSERT INTO t VALUES(1)");
    assertThat(tail.advance()).isEqualTo(Advance.GAP);
  }

  @Test
  void commitsOfOnePageAreEachCounted() throws Exception {
    execute("INSERT INTO t VALUES(1)");
    takeAll();
    execute("PRAGMA wal_checkpoint(RESTART)");
    execute("UPDATE t SET v = 2", "UPDATE t SET v = 1", "UPDATE t SET v = 2");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
  }

  @Test
  void whereSectorsAreWrittenWholeARepeatedFrameIsNoSecondCommit() throws Exception {
    takeAll();
    connection.close();
    connection = DriverManager.getConnection("jdbc:sqlite:file:" + database + "?psow=0");
    execute("PRAGMA wal_autocheckpoint=0", "PRAGMA synchronous=FULL", "INSERT INTO t VALUES(0)");
    tail.close();
    tail = new WalTail(database, wal, PAGE_SIZE);
    wal.close();
    tail.startAtBeginning();
    takeAll();
    execute("PRAGMA wal_checkpoint(RESTART)", "INSERT INTO t VALUES(1)", "INSERT INTO t VALUES(2)");
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    tail.taken();
    execute("PRAGMA wal_checkpoint(RESTART)");
    for (int i = 0; i < 200; i++) {
      execute("INSERT INTO t VALUES(3)");
    }
    assertThat(tail.advance()).as("more than are read at once").isEqualTo(Advance.COMMITS);
    tail.taken();
    execute("INSERT INTO t VALUES('missed')", "PRAGMA wal_checkpoint(TRUNCATE)");
    execute("INSERT INTO t VALUES(4)");
    assertThat(tail.advance())
        .as("as many frames as commits were counted, one of which is a repeated frame")
        .isEqualTo(Advance.GAP);
  }

  @Test
  void aPlaceIsGoneOnFromUnlessAnotherIndexStandsThere() throws Exception {
    takeAll();
    WalPlace place = tail.place().keptHere();
    execute("PRAGMA wal_checkpoint(RESTART)", "INSERT INTO t VALUES(1)");
    WalTail later = new WalTail(database, wal, PAGE_SIZE);
    assertThat(later.startAt(place)).isTrue();
    assertThat(later.advance()).isEqualTo(Advance.COMMITS);
    later.close();
    connection.close();
    connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("INSERT INTO t VALUES(2)");
    assertThat(tail.isIndexInPlace()).isFalse();
    assertThat(new WalTail(database, wal, PAGE_SIZE).startAt(place)).isFalse();
  }

  @Test
  void whatTheLastCloseRemovedCanStillBeRead() throws Exception {
    takeAll();
    execute("INSERT INTO t VALUES('last')");
    connection.close();
    assertThat(WalFile.pathOf(database)).doesNotExist();
    assertThat(tail.isIndexInPlace()).isFalse();
    assertThat(tail.advance()).isEqualTo(Advance.COMMITS);
    assertThat(tail.batch().pages().sortedPgnos(10)).containsExactly(2);
  }

  @Test
  void itIsAtACountThatSaysNothingNewAndAtNoOther() throws Exception {
    tail.advance();
    assertThat(tail.isAt(tail.count())).isTrue();
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
    assertThat(tail.isAt(tail.count())).isTrue();
    execute("INSERT INTO t VALUES(1)");
    assertThat(tail.isAt(tail.count())).isFalse();
  }

  /** SQLite begins to count at 0 again, and may count frames that nobody had counted before. */
  @Test
  void aRecoveryThatFindsACommitIsNews() throws Exception {
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
    connection.close();
    connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("SELECT * FROM t", "PRAGMA wal_autocheckpoint=0");
    wal.close();
    tail.close();
    tail = new WalTail(database, wal, PAGE_SIZE);
    tail.startAtBeginning();
    tail.advance();
    assertThat(tail.isAt(tail.count())).isTrue();
    assertThat(tail.count().changeCount()).isZero();
    execute("INSERT INTO t VALUES('found')");
    try (RandomAccessFile shared = new RandomAccessFile(database + "-shm", "rw")) {
      // As a writer leaves it that is killed between the two copies.
      shared.seek(8);
      shared.write(77);
    }
    execute("SELECT * FROM t");
    assertThat(tail.count().changeCount()).isZero();
    assertThat(tail.isAt(tail.count())).isFalse();
    assertThat(tail.advance())
        .as("what the count does not prove is compared")
        .isEqualTo(Advance.GAP);
  }

  @Test
  void aPositionIsFoundAgainOnlyIfEverythingBeforeItIsTheSame() throws Exception {
    tail.advance();
    WalPosition position = tail.position();
    execute("INSERT INTO t VALUES(1)");
    assertThat(new WalTail(database, wal, PAGE_SIZE).startAt(position)).isTrue();
    WalPosition other =
        new WalPosition(
            position.salt1(), position.salt2(), position.offset(), position.checksum() + 1);
    assertThat(new WalTail(database, wal, PAGE_SIZE).startAt(other)).isFalse();
  }

  @Test
  void withoutAWalIndexNothingIsFound() throws Exception {
    File copy = folder.resolve("copy.db").toFile();
    Files.copy(database.toPath(), copy.toPath());
    Files.copy(WalFile.pathOf(database).toPath(), WalFile.pathOf(copy).toPath());
    try (WalFile copied = new WalFile(WalFile.pathOf(copy))) {
      WalTail copiedTail = new WalTail(copy, copied, PAGE_SIZE);
      copiedTail.startAtBeginning();
      assertThat(copiedTail.advance()).isEqualTo(Advance.NOTHING);
      assertThat(copiedTail.position()).isNull();
    }
  }

  @Test
  void aDamagedFrameIsAGap() throws Exception {
    execute("INSERT INTO t VALUES(1)", "INSERT INTO t VALUES(2)");
    File copy = folder.resolve("copy.db").toFile();
    Files.copy(Path.of(database + "-shm"), Path.of(copy + "-shm"));
    long frames = (WalFile.pathOf(database).length() - 32) / FRAME_SIZE;
    for (long frame = 0; frame < frames; frame++) {
      Path damagedPath = WalFile.pathOf(copy).toPath();
      Files.copy(
          WalFile.pathOf(database).toPath(), damagedPath, StandardCopyOption.REPLACE_EXISTING);
      try (RandomAccessFile damage = new RandomAccessFile(damagedPath.toFile(), "rw")) {
        damage.seek(32 + frame * FRAME_SIZE + 24 + 100);
        int read = damage.read();
        damage.seek(32 + frame * FRAME_SIZE + 24 + 100);
        damage.write(read ^ 1);
      }
      try (WalFile damaged = new WalFile(damagedPath.toFile())) {
        WalTail damagedTail = new WalTail(copy, damaged, PAGE_SIZE);
        damagedTail.startAtBeginning();
        assertThat(damagedTail.advance()).isEqualTo(Advance.GAP);
        assertThat(damagedTail.hasBatch()).isFalse();
      }
    }
  }
}
