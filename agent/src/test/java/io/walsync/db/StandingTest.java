package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.events.DbStatus;
import io.walsync.db.events.Refusal;
import io.walsync.ltx.Txid;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandingTest {

  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";

  @TempDir Path folder;

  @Test
  void aStatusSaysHowMuchOfADatabaseIsInTheStore() throws Exception {
    long startMillis = System.currentTimeMillis();
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      DbStatus unused = database.db().status();
      assertThat(unused.uploadedTxid()).isZero();
      assertThat(unused.describePending())
          .isEqualTo("the upload is not finished; nothing of it is uploaded yet");
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE);
        database.drain();
        DbStatus drained = database.db().status();
        assertThat(drained.path()).isEqualTo(database.file);
        assertThat(drained.replicaUrl()).isEqualTo("file://" + database.replicaFolder);
        assertThat(drained.state()).isEqualTo(database.db().describeState());
        assertThat(drained.sinceMillis()).isBetween(startMillis, System.currentTimeMillis());
        assertThat(drained.uploadedTxid()).isPositive().isEqualTo(drained.sealedTxid());
        assertThat(drained.stagedBytes()).isZero();
        assertThat(drained.unstoredMillis()).isZero();
        assertThat(drained.suspendedMillis()).isZero();
        assertThat(drained.refusal()).isNull();
        assertThat(drained.describePending())
            .isEqualTo(
                "the upload is not finished; 0 bytes staged in "
                    + drained.stagingFolder()
                    + ", the store has TXID "
                    + Txid.of(drained.uploadedTxid()));
      }
    }
  }

  @Test
  void theStatusOfARefusedDatabaseHasACode() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    try (ReplicatedDatabase first = new ReplicatedDatabase(folder);
        ReplicatedDatabase second = new ReplicatedDatabase(other, first.replicaFolder)) {
      try (ReplicatedDatabase.App app = first.open()) {
        app.execute(WAL, TABLE);
        first.drain();
      }
      try (ReplicatedDatabase.App app = second.open()) {
        app.execute(WAL, "CREATE TABLE another(x)");
        second.drain();
        DbStatus refused = second.db().status();
        assertThat(refused.state()).isEqualTo("REFUSED");
        assertThat(refused.refusal().code()).isEqualTo(Refusal.Code.ANOTHER_DATABASE);
        assertThat(refused.obstacle()).endsWith(refused.refusal().text());
        assertThat(second.db().isUploaded()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void peopleReadWordsAndNoNamesOfOurStates(DbState state) {
    assertThat(Standing.inWords(state)).isNotEmpty().isLowerCase().doesNotContain(state.name());
  }
}
