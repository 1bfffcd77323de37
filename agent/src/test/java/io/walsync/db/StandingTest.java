package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.db.events.DbStatus;
import io.walsync.db.events.Health;
import io.walsync.db.events.Refusal;
import io.walsync.ltx.Txid;
import io.walsync.teststore.FaultyReplicaClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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
  void aStatusSaysSinceWhenTheStoreIsDownAndWhatItWasAsked() throws Exception {
    AtomicReference<FaultyReplicaClient> store = new AtomicReference<>();
    try (ReplicatedDatabase database =
            new ReplicatedDatabase(
                folder,
                real -> {
                  store.compareAndSet(null, new FaultyReplicaClient(real));
                  return store.get();
                });
        ReplicatedDatabase.App app = database.open()) {
      assertThat(database.db().status().health()).isIn(Health.STARTING, Health.CLOSED);
      app.execute(WAL, TABLE);
      database.drain();
      DbStatus fine = database.db().status();
      assertThat(fine.health()).isEqualTo(Health.REPLICATING);
      assertThat(fine.isFine()).isTrue();
      assertThat(fine.reason()).isEmpty();
      assertThat(fine.lagMillis()).isZero();
      assertThat(fine.walBytes()).isPositive();
      assertThat(fine.uploadCount()).isPositive();
      assertThat(fine.uploadedBytes()).isPositive();
      assertThat(fine.uploadedMillis()).isPositive().isGreaterThanOrEqualTo(fine.oldestMillis());
      assertThat(fine.oldestMillis()).isPositive();
      assertThat(fine.failureCount()).isZero();
      assertThat(fine.lastFailure()).isNull();
      assertThat(asked(fine)).contains("list ok").contains("write ok");

      store.get().setDown(true);
      app.execute("INSERT INTO t(v) VALUES(1)");
      await().until(() -> database.db().status().health() == Health.STORE_DOWN);
      DbStatus down = database.db().status();
      assertThat(down.isFine()).isFalse();
      assertThat(down.downSinceMillis()).isPositive();
      assertThat(down.reason()).isEqualTo(down.lastFailure()).isNotEmpty();
      assertThat(down.describePending())
          .startsWith("the replica cannot be written: " + down.lastFailure());
      assertThat(down.failureCount()).isPositive();
      assertThat(down.lagMillis()).isPositive();
      assertThat(down.stagedBytes()).isPositive();
      assertThat(down.uploadedTxid()).isEqualTo(fine.uploadedTxid());
      assertThat(asked(down)).anyMatch(each -> each.endsWith(" failed"));

      store.get().setDown(false);
      await().until(() -> database.db().status().health() == Health.REPLICATING);
      database.drain();
      DbStatus again = database.db().status();
      assertThat(again.downSinceMillis()).isZero();
      assertThat(again.lagMillis()).isZero();
      assertThat(again.lastFailure()).isEqualTo(down.lastFailure());
      assertThat(again.uploadedTxid()).isGreaterThan(fine.uploadedTxid());
      assertThat(again.uploadedMillis()).isGreaterThanOrEqualTo(fine.uploadedMillis());
    }
  }

  private static List<String> asked(DbStatus status) {
    return status.requests().stream().map(each -> each.operation() + " " + each.code()).toList();
  }

  @Test
  void aDatabaseThatNobodyHasOpenIsFine() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE);
        database.drain();
      }
      await().until(() -> database.db().status().health() == Health.CLOSED);
      assertThat(database.db().status().isFine()).isTrue();
      assertThat(database.db().status().uploadedMillis()).isPositive();
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
        assertThat(refused.health()).isEqualTo(Health.REFUSED);
        assertThat(refused.isFine()).isFalse();
        assertThat(refused.reason()).isEqualTo(refused.obstacle());
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
