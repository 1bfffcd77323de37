package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.staging.Staging;
import io.walsync.io.Disk;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.teststore.AgentLines;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DutyCycleTest {

  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";

  @TempDir Path folder;

  private static void awaitState(ReplicatedDatabase database, DbState state) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!database.db().describeState().equals(state.name())) {
      assertThat(System.nanoTime()).as("%s", state).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Listings wait, once that is asked for, until they may go on. */
  private static final class SlowListings {
    final CountDownLatch isListing = new CountDownLatch(1);
    final CountDownLatch mayList = new CountDownLatch(1);
    volatile boolean areHeld;

    ReplicaClient of(ReplicaClient client) {
      return new ForwardingReplicaClient(client) {
        @Override
        public List<LtxFileInfo> list(int level, Txid from, boolean isCreatedWanted)
            throws IOException {
          if (areHeld) {
            isListing.countDown();
            try {
              mayList.await();
            } catch (InterruptedException stopped) {
              throw new IOException(stopped);
            }
          }
          return super.list(level, from, isCreatedWanted);
        }
      };
    }
  }

  private void deleteReplica(ReplicatedDatabase database) throws IOException {
    for (int level : new int[] {0, 9}) {
      database.client().delete(database.uploaded(level));
    }
  }

  @Test
  void whatAListingFindsAfterARefusalDoesNotBringTheDatabaseBack() throws Exception {
    SlowListings listings = new SlowListings();
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder, listings::of)) {
      database.listingIntervalNanos = 1;
      database.restartAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute("PRAGMA journal_mode=wal", "CREATE TABLE t(id INTEGER PRIMARY KEY, v)", ROW);
        database.awaitUploaded();
        listings.areHeld = true;
        app.execute(ROW);
        listings.isListing.await();
        database.awaitUploaded();
        List<LtxFileInfo> files = database.uploaded(0);
        Txid next = files.get(files.size() - 1).maxTxid().next();
        Path foreign = folder.resolve("replica/ltx/0/" + next + "-" + next + ".ltx");
        Files.write(foreign, new byte[200]);
        app.execute(ROW);
        awaitState(database, DbState.REFUSED);

        deleteReplica(database);
        listings.mayList.countDown();
        for (int i = 0; i < 20; i++) {
          database.takeTurn();
          assertThat(database.db().describeState()).isEqualTo(DbState.REFUSED.name());
          app.execute(ROW);
        }
        assertThat(database.uploaded(9)).isEmpty();
        assertThat(database.uploaded(0)).isEmpty();
      }
    }
  }

  private static final String[] TABLE_AND_ROW = {
    "PRAGMA journal_mode=wal", "CREATE TABLE t(id INTEGER PRIMARY KEY, v)", ROW
  };

  private TurnsByHand database() throws Exception {
    return new TurnsByHand(folder, client -> client);
  }

  private static TurnsByHand.App captured(TurnsByHand database) throws Exception {
    TurnsByHand.App app = database.open();
    app.execute(TABLE_AND_ROW);
    database.turn();
    assertThat(database.state()).isEqualTo(DbState.ASKING);
    database.turn();
    assertThat(database.state()).isEqualTo(DbState.REPLICATING);
    return app;
  }

  @Test
  void anIdleDatabaseIsLetGoUntilSomebodyCommits() throws Exception {
    try (TurnsByHand database = database();
        TurnsByHand.App app = captured(database)) {
      database.turns(TurnsByHand.REST_AFTER.dividedBy(2));
      assertThat(database.state()).isEqualTo(DbState.REPLICATING);
      database.turns(TurnsByHand.REST_AFTER.plusSeconds(2));
      assertThat(database.state()).isEqualTo(DbState.RESTING);
      database.turns(Duration.ofHours(1));
      assertThat(database.state()).isEqualTo(DbState.RESTING);
      app.execute(ROW);
      database.turn();
      assertThat(database.state()).isEqualTo(DbState.REPLICATING);
      database.turns(Duration.ofSeconds(2));
      assertThat(database.uploaded(0)).hasSize(1);
    }
  }

  @Test
  void aStoreThatCannotBeReachedIsAskedAgainWhenItsWaitIsOver() throws Exception {
    AtomicInteger requestCount = new AtomicInteger();
    AtomicBoolean isUp = new AtomicBoolean();
    try (TurnsByHand database =
            new TurnsByHand(
                folder,
                client -> {
                  requestCount.incrementAndGet();
                  if (!isUp.get()) {
                    throw new UncheckedIOException(new IOException("the store is away"));
                  }
                  return client;
                });
        TurnsByHand.App app = database.open()) {
      app.execute(TABLE_AND_ROW);
      database.turn();
      assertThat(requestCount).hasValue(1);
      Duration wait = database.turn();
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(wait).isPositive();
      database.turn();
      assertThat(requestCount).as("before its time").hasValue(1);
      isUp.set(true);
      database.turns(wait.plusSeconds(1));
      assertThat(database.state()).isEqualTo(DbState.REPLICATING);
    }
  }

  @Test
  void besideANewDatabaseThatIsClosedAtOnceNothingIsDoneForASecond() throws Exception {
    try (TurnsByHand database = database()) {
      database.areAnswersLate = true;
      try (TurnsByHand.App app = database.open()) {
        app.execute(TABLE_AND_ROW);
        database.turn();
      }
      database.answer();
      database.areAnswersLate = false;
      Duration wait = database.turn();
      assertThat(wait).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
      database.turns(wait.minusMillis(1));
      assertThat(database.state()).isEqualTo(DbState.ASKING);
      database.turns(Duration.ofSeconds(3));
      assertThat(database.uploaded(9)).hasSize(1);
    }
  }

  @Test
  void aNewDatabaseThatIsDeletedWithinThatSecondLeavesNothingBehind() throws Exception {
    try (TurnsByHand database = database()) {
      database.areAnswersLate = true;
      try (TurnsByHand.App app = database.open()) {
        app.execute(TABLE_AND_ROW);
        database.turn();
      }
      Files.delete(database.file.toPath());
      database.turns(Duration.ofSeconds(3));
      assertThat(database.state()).isEqualTo(DbState.IDLE);
      assertThat(database.uploaded(9)).isEmpty();
    }
  }

  @Test
  void aFolderThatIsInUseIsTriedAgainUntilItIsFree() throws Exception {
    try (AgentLines lines = new AgentLines();
        TurnsByHand database = database();
        TurnsByHand.App app = database.open()) {
      app.execute(TABLE_AND_ROW);
      try (Staging held = Staging.open(Disk.REAL, folder.resolve(".app.db-walsync").toFile())) {
        assertThat(held).isNotNull();
        database.turn();
        assertThat(database.state()).isEqualTo(DbState.SUSPENDED);
        database.turns(Duration.ofMinutes(5));
        assertThat(database.state()).isEqualTo(DbState.SUSPENDED);
        assertThat(lines.with("WARN", "not replicated for now")).hasSize(1);
      }
      database.turns(Duration.ofSeconds(15));
      assertThat(database.state().isCaptured()).isTrue();
      assertThat(lines.with("replicating again")).hasSize(1);
    }
  }

  @Test
  void aClosedDatabaseGivesItsFolderBackAfterFiveSeconds() throws Exception {
    try (TurnsByHand database = database()) {
      try (TurnsByHand.App app = captured(database)) {
        database.turns(Duration.ofSeconds(2));
        app.execute(ROW);
      }
      database.turns(Duration.ofSeconds(2));
      assertThat(database.uploaded(0)).hasSize(1);
      assertThat(database.parking().isDueLater()).isTrue();
      assertThat(database.parking().isUndisturbed()).isFalse();
      database.turns(Duration.ofSeconds(5));
      assertThat(database.parking().isDueLater()).isFalse();
      assertThat(database.parking().isUndisturbed()).isTrue();
    }
  }
}
