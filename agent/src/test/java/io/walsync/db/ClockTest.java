package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreTarget;
import io.walsync.restore.TargetNotReachableException;
import io.walsync.testkit.Await;
import io.walsync.teststore.AgentLines;
import java.io.DataInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine's clock jumps: what times the replica has, what is said, what -timestamp finds. */
class ClockTest {

  private static final String TABLE = "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v)";
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";
  private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

  /** Where a header has its time. */
  private static final int TIMESTAMP_OFFSET = 32;

  @TempDir Path folder;

  private void write(ReplicatedDatabase database, int count) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute("PRAGMA journal_mode=wal", TABLE);
      for (int i = 0; i < count; i++) {
        app.execute(ROW);
        database.awaitUploaded();
      }
    }
    database.awaitUploaded();
  }

  private static List<LtxFileInfo> files(ReplicatedDatabase database) throws Exception {
    List<LtxFileInfo> files = new ArrayList<>(database.uploaded(9));
    files.addAll(database.uploaded(0));
    files.sort((a, b) -> a.maxTxid().compareTo(b.maxTxid()));
    return files;
  }

  private static Txid newest(ReplicatedDatabase database) throws Exception {
    List<LtxFileInfo> files = files(database);
    return files.get(files.size() - 1).maxTxid();
  }

  private static void assertTimesDoNotRunBackwards(ReplicatedDatabase database) throws Exception {
    long last = 0;
    for (LtxFileInfo file : files(database)) {
      try (DataInputStream in =
          new DataInputStream(database.client().open(file, TIMESTAMP_OFFSET, Long.BYTES))) {
        long time = in.readLong();
        assertThat(time).as(file.toString()).isGreaterThanOrEqualTo(last);
        assertThat(file.createdMillis()).isEqualTo(time);
        last = time;
      }
    }
  }

  private Txid restoredBefore(ReplicatedDatabase database, long millis) throws Exception {
    return new Restore(
            database.client(), RestoreOptions.defaults().withForce(true), RestoreProgress.NONE)
        .run(RestoreTarget.before(millis), folder.resolve("restored.db").toFile())
        .txid();
  }

  /** A moment that no file has. */
  private static long moment() {
    long now = System.currentTimeMillis();
    Await.until(
        () -> System.currentTimeMillis() > now + 20,
        Duration.ofMinutes(1),
        () -> "the machine's clock goes on");
    return now + 10;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClockThatWasAheadOnceHidesNoStateFromARestoreToAMoment(boolean isRestarted)
      throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 3);
      final Txid first = newest(database);
      final long afterFirst = moment();
      database.clockAheadMillis = 2 * DAY_MILLIS;
      write(database, 3);
      final Txid ahead = newest(database);
      final long afterAhead = moment();
      assertThat(lines.with("WARN")).isEmpty();
      database.clockAheadMillis = 0;
      if (isRestarted) {
        database.restartAgent();
      }
      write(database, 3);
      final Txid back = newest(database);
      final long afterBack = moment();
      write(database, 3);

      assertTimesDoNotRunBackwards(database);
      assertThat(lines.with("WARN", "the clock says", "do not run backwards")).hasSize(1);
      assertThat(lines.with("WARN")).hasSize(1);
      assertThat(restoredBefore(database, afterFirst)).isEqualTo(first);
      assertThat(restoredBefore(database, afterAhead)).isEqualTo(ahead);
      assertThat(restoredBefore(database, afterBack)).isEqualTo(back);
      assertThat(restoredBefore(database, moment())).isEqualTo(newest(database));
    }
  }

  @Test
  void aClockThatIsBehindMakesNoStateOlderThanThoseBeforeIt() throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 3);
      long first = files(database).get(0).createdMillis();
      database.clockAheadMillis = -2 * DAY_MILLIS;
      write(database, 3);

      assertTimesDoNotRunBackwards(database);
      assertThat(lines.with("WARN", "the clock says")).hasSize(1);
      assertThatThrownBy(() -> restoredBefore(database, first - DAY_MILLIS))
          .isInstanceOf(TargetNotReachableException.class);
      assertThat(restoredBefore(database, moment())).isEqualTo(newest(database));
    }
  }

  @Test
  void theReturnOfTheClockIsSaidOnce() throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 2);
      database.clockAheadMillis = -DAY_MILLIS;
      write(database, 4);
      database.clockAheadMillis = 0;
      write(database, 4);
      assertTimesDoNotRunBackwards(database);
      assertThat(lines.with("WARN", "the clock says")).hasSize(1);
      assertThat(lines.with("INFO", "the clock has passed")).hasSize(1);
      assertThat(restoredBefore(database, moment())).isEqualTo(newest(database));
    }
  }

  @Test
  void aClockThatIsSetBackByLessThanASecondIsNotWorthALine() throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 2);
      database.clockAheadMillis = -900;
      write(database, 4);
      assertTimesDoNotRunBackwards(database);
      assertThat(lines.with("clock")).isEmpty();
    }
  }

  @Test
  void commitsMergedAfterAnOutageHaveTheTimeOfTheNewestAndNoneBefore() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 2);
      database.isWithoutUploadThreads = true;
      database.clockAheadMillis = DAY_MILLIS;
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW, "PRAGMA wal_checkpoint(TRUNCATE)", ROW);
      }
      database.clockAheadMillis = -DAY_MILLIS;
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW, "PRAGMA wal_checkpoint(TRUNCATE)", ROW);
      }
      database.isWithoutUploadThreads = false;
      write(database, 1);
      assertTimesDoNotRunBackwards(database);
    }
  }
}
