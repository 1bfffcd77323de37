package io.walsync.db.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.wal.WalCount;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoleCountTest {

  private static final int PAGE_SIZE = 4096;

  /** More than the cache holds. */
  private static final String SPILL =
      "INSERT INTO t WITH r(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM r LIMIT 500)"
          + " SELECT randomblob(2000) FROM r";

  @TempDir Path folder;

  private final Calls calls = new Calls();
  private File database;
  private Connection connection;
  private WalFile wal;
  private SoleCount count;

  private static final class Calls implements SoleCalls {
    private long clock;
    private long endCount;
    private long failureCount;
    private long checkpointAt = -1;
    private long checkpointedFrameCount = -1;

    @Override
    public long clock() {
      return clock;
    }

    @Override
    public long endCount() {
      return endCount;
    }

    @Override
    public long failureCount() {
      return failureCount;
    }

    @Override
    public long checkpointAt() {
      return checkpointAt;
    }

    @Override
    public long checkpointedFrameCount() {
      return checkpointedFrameCount;
    }
  }

  @BeforeEach
  void open() throws Exception {
    database = folder.resolve("app.db").toFile();
    connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    call("PRAGMA locking_mode=exclusive");
    call("PRAGMA journal_mode=wal");
    call("PRAGMA wal_autocheckpoint=0");
    call("CREATE TABLE t(v)");
    assertThat(WalIndex.pathOf(database)).doesNotExist();
    wal = new WalFile(WalFile.pathOf(database));
    count = new SoleCount(calls, PAGE_SIZE);
  }

  @AfterEach
  void close() throws Exception {
    wal.close();
    connection.close();
  }

  private void run(String sql) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void call(String sql) throws Exception {
    calls.clock++;
    run(sql);
    calls.checkpointedFrameCount = -1;
    calls.endCount++;
    calls.clock++;
  }

  private void checkpoint() throws Exception {
    calls.checkpointAt = calls.clock;
    call("PRAGMA wal_checkpoint(PASSIVE)");
  }

  private WalCount count() throws Exception {
    return count.count(wal);
  }

  private long framesBySqlite() throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
      return row.getLong(2);
    }
  }

  @Test
  void everyCommitIsCountedAsSqliteCountsIt() throws Exception {
    for (int i = 0; i < 20; i++) {
      int before = count().changeCount();
      call("INSERT INTO t VALUES(randomblob(" + 1000 * i + "))");
      assertThat(count().changeCount()).isEqualTo(before + 1);
    }
    assertThat(count().frameCount()).isEqualTo(framesBySqlite());
  }

  @Test
  void aCommitIsNotCountedWhileItsCallRuns() throws Exception {
    WalCount before = count();
    calls.clock++;
    run("INSERT INTO t VALUES(1)");
    assertThat(count().isSame(before)).isTrue();
    assertThat(count().isSame(before)).isTrue();
    calls.endCount++;
    calls.clock++;
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 1);
  }

  @Test
  void nothingIsSaidOfAWalThatIsMetWhileACallRunsUntilThatHasEnded() throws Exception {
    calls.clock++;
    assertThat(count()).isNull();
    assertThat(count()).isNull();
    calls.clock++;
    assertThat(count().frameCount()).isEqualTo(framesBySqlite());
  }

  @Test
  void aSpillThatWasRolledBackIsNotCountedAndWhatFollowsIs() throws Exception {
    call("PRAGMA cache_size=2");
    call("INSERT INTO t VALUES(1)");
    WalCount before = count();
    call("BEGIN");
    call(SPILL);
    assertThat(wal.sizeBytes()).isGreaterThan(500_000);
    assertThat(count().isSame(before)).isTrue();
    call("ROLLBACK");
    assertThat(count().isSame(before)).isTrue();
    call("INSERT INTO t VALUES(2)");
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 1);
    assertThat(count().frameCount()).isEqualTo(framesBySqlite());
  }

  @Test
  void afterACallThatFailedTheLastCommitInTheWalIsLeftOutUntilItHasChanged() throws Exception {
    WalCount before = count();
    calls.failureCount++;
    call("INSERT INTO t VALUES(1)");
    assertThat(count().isSame(before)).isTrue();
    assertThat(count.isInDoubt()).isTrue();
    call("SELECT 1");
    assertThat(count().isSame(before)).isTrue();
    call("INSERT INTO t VALUES(2)");
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 2);
    assertThat(count.isInDoubt()).isFalse();
  }

  @Test
  void whatSqliteCountsAtACheckpointEndsTheDoubt() throws Exception {
    WalCount before = count();
    calls.failureCount++;
    call("INSERT INTO t VALUES(1)");
    count();
    calls.checkpointedFrameCount = before.frameCount();
    assertThat(count().isSame(before)).isTrue();
    assertThat(count.isInDoubt()).isFalse();

    call("SELECT 1");
    count();
    calls.checkpointedFrameCount = framesBySqlite();
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 1);
    assertThat(count.isInDoubt()).isFalse();
  }

  @Test
  void theTailGoesOnAcrossARestartBehindACheckpointThatFoundAllCopied() throws Exception {
    WalTail tail = new WalTail(wal, PAGE_SIZE, count);
    tail.startAtBeginning();
    for (int i = 0; i < 3; i++) {
      call("INSERT INTO t VALUES(1)");
      assertThat(tail.advance()).isEqualTo(WalTail.Advance.COMMITS);
      tail.taken();
      checkpoint();
      assertThat(tail.advance()).isEqualTo(WalTail.Advance.NOTHING);
      call("INSERT INTO t VALUES(2)");
      call("INSERT INTO t VALUES(3)");
      assertThat(tail.advance()).isEqualTo(WalTail.Advance.COMMITS);
      tail.taken();
    }
    assertThat(tail.isAt(tail.count())).isTrue();
    tail.close();
  }

  @Test
  void aRestartBehindACommitThatNobodySawIsAGap() throws Exception {
    WalTail tail = new WalTail(wal, PAGE_SIZE, count);
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    call("INSERT INTO t VALUES(1)");
    checkpoint();
    call("INSERT INTO t VALUES(2)");
    assertThat(tail.advance()).isEqualTo(WalTail.Advance.GAP);
    tail.close();
  }

  @Test
  void whatWasReadWhileACheckpointBeganIsNotUsed() throws Exception {
    count();
    assertThat(count.isUndisturbed()).isTrue();
    checkpoint();
    assertThat(count.isUndisturbed()).isFalse();
    count();
    assertThat(count.isUndisturbed()).isTrue();
  }

  @Test
  void whileACallRunsEachCommitIsCountedBehindWhichAnotherStands() throws Exception {
    WalCount before = count();
    calls.clock++;
    for (int i = 1; i <= 20; i++) {
      run("INSERT INTO t VALUES(randomblob(" + 1000 * i + "))");
      count();
      assertThat(count().changeCount()).isEqualTo(before.changeCount() + i - 1);
    }
    calls.endCount++;
    calls.clock++;
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 20);
    assertThat(count().frameCount()).isEqualTo(framesBySqlite());
  }

  @Test
  void whileACallRunsTheFramesOfAnOpenTransactionProveTheCommitBeforeThem() throws Exception {
    call("PRAGMA cache_size=2");
    WalCount before = count();
    calls.clock++;
    run("INSERT INTO t VALUES(1)");
    count();
    assertThat(count().changeCount()).isEqualTo(before.changeCount());
    run("BEGIN");
    run(SPILL);
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 1);
    run("ROLLBACK");
    run("INSERT INTO t VALUES(2)");
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 1);
    run("INSERT INTO t VALUES(3)");
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 2);
    calls.endCount++;
    calls.clock++;
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 3);
    assertThat(count().frameCount()).isEqualTo(framesBySqlite());
  }

  @Test
  void aCallThatIsMetWhileItRunsIsFollowedFromItsSecondCommitOn() throws Exception {
    calls.clock++;
    assertThat(count()).isNull();
    run("INSERT INTO t VALUES(1)");
    run("INSERT INTO t VALUES(2)");
    run("INSERT INTO t VALUES(3)");
    assertThat(count()).isNotNull();
    long counted = count().frameCount();
    calls.endCount++;
    calls.clock++;
    assertThat(count().frameCount()).isEqualTo(framesBySqlite()).isGreaterThan(counted);
  }

  @Test
  void aScriptThatMayCheckpointIsNotFollowedWhileItRuns() throws Exception {
    WalCount before = count();
    calls.clock++;
    calls.checkpointAt = calls.clock;
    run("INSERT INTO t VALUES(1)");
    run("INSERT INTO t VALUES(2)");
    count();
    assertThat(count().isSame(before)).isTrue();
    assertThat(count.isCheckpointExpected()).isTrue();
    assertThat(count.isUndisturbed()).isFalse();
    calls.endCount++;
    calls.clock++;
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 2);
    assertThat(count.isCheckpointExpected()).isFalse();
  }

  /** Its answer may never be read: it is done, and commits nothing. */
  @Test
  void besideAStatementThatOnlyCheckpointsTheCountStands() throws Exception {
    WalCount before = count();
    calls.checkpointAt = calls.clock;
    calls.clock++;
    run("PRAGMA wal_checkpoint(PASSIVE)");
    assertThat(count().isSame(before)).isTrue();
    assertThat(count.isCheckpointExpected()).isFalse();
    assertThat(count.isUndisturbed()).isTrue();
  }

  @Test
  void aRestartAtTheBeginningOfACallIsFollowedWhileItRuns() throws Exception {
    WalTail tail = new WalTail(wal, PAGE_SIZE, count);
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    checkpoint();
    tail.advance();
    calls.clock++;
    for (int i = 0; i < 5; i++) {
      run("INSERT INTO t VALUES(" + i + ")");
      tail.advance();
    }
    assertThat(tail.advance()).isNotEqualTo(WalTail.Advance.GAP);
    assertThat(tail.hasBatch()).isTrue();
    calls.endCount++;
    calls.clock++;
    tail.advance();
    assertThat(tail.frameCount()).isEqualTo(framesBySqlite());
    tail.close();
  }

  @Test
  void aFailureBeforeACallIsOvercomeByWhatThatCommits() throws Exception {
    WalCount before = count();
    calls.failureCount++;
    call("INSERT INTO t VALUES(1)");
    assertThat(count().isSame(before)).isTrue();
    calls.clock++;
    run("INSERT INTO t VALUES(2)");
    run("INSERT INTO t VALUES(3)");
    count();
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 2);
    assertThat(count.isInDoubt()).isFalse();
    calls.endCount++;
    calls.clock++;
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 3);
  }

  @Test
  void theOpenEndOfAFailedCallIsLeftOutThoughWhatCameBeforeWasCounted() throws Exception {
    WalCount before = count();
    calls.clock++;
    run("INSERT INTO t VALUES(1)");
    run("INSERT INTO t VALUES(2)");
    count();
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 1);
    calls.failureCount++;
    calls.endCount++;
    calls.clock++;
    assertThat(count().changeCount()).isEqualTo(before.changeCount() + 1);
    assertThat(count.isInDoubt()).isTrue();
  }

  @Test
  void aScriptThatCommitsAndThenCheckpointsLeavesAGap() throws Exception {
    WalTail tail = new WalTail(wal, PAGE_SIZE, count);
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    count();
    calls.clock++;
    calls.checkpointAt = calls.clock;
    run("INSERT INTO t VALUES(1)");
    run("PRAGMA wal_checkpoint(TRUNCATE)");
    run("INSERT INTO t VALUES(2)");
    count();
    calls.endCount++;
    calls.clock++;
    assertThat(tail.advance()).isEqualTo(WalTail.Advance.GAP);
    tail.close();
  }

  @Test
  void oneCheckpointProvesOneBeginningOfTheWal() throws Exception {
    WalTail tail = new WalTail(wal, PAGE_SIZE, count);
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    checkpoint();
    tail.advance();
    call("INSERT INTO t VALUES(1)");
    assertThat(tail.advance()).isEqualTo(WalTail.Advance.COMMITS);
    tail.taken();
    call("INSERT INTO t VALUES(2); ");
    run("PRAGMA wal_checkpoint(PASSIVE)");
    call("INSERT INTO t VALUES(3)");
    assertThat(tail.advance()).isEqualTo(WalTail.Advance.GAP);
    tail.close();
  }
}
