package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.staging.Staging;
import io.walsync.io.Disk;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.testkit.Await;
import io.walsync.testkit.Folders;
import io.walsync.teststore.AgentLines;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DutyCycleTest {

  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";

  @TempDir Path folder;

  private static void awaitState(ReplicatedDatabase database, DbState state) {
    Await.until(
        () -> database.db().describeState().equals(state.name()),
        Duration.ofSeconds(20),
        () -> state + ", and it is " + database.db().describeState());
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
      database.turns(ByHand.REST_AFTER.dividedBy(2));
      assertThat(database.state()).isEqualTo(DbState.REPLICATING);
      database.turns(ByHand.REST_AFTER.plusSeconds(2));
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

  private static final class RetryLater extends ReplicaException {
    private static final long serialVersionUID = 1L;
    private final long millis;

    RetryLater(long millis) {
      super("slow down (injected)", false);
      this.millis = millis;
    }

    @Override
    public long retryAfterMillis() {
      return millis;
    }
  }

  @Test
  void aStoreThatNamesATimeIsLeftAloneUntilThen() throws Exception {
    Duration asked = Duration.ofMinutes(2);
    AtomicInteger tries = new AtomicInteger();
    AtomicBoolean isSlow = new AtomicBoolean();
    try (TurnsByHand database =
            new TurnsByHand(
                folder,
                client ->
                    new ForwardingReplicaClient(client) {
                      @Override
                      public void write(LtxFileInfo file, LtxSource source, String sha256)
                          throws IOException {
                        if (isSlow.get()) {
                          tries.incrementAndGet();
                          throw new RetryLater(asked.toMillis());
                        }
                        super.write(file, source, sha256);
                      }
                    });
        TurnsByHand.App app = captured(database)) {
      database.turns(Duration.ofSeconds(2));
      isSlow.set(true);
      app.execute(ROW);
      long begin = database.clock.nanoTime();
      database.turns(Duration.ofSeconds(1));
      assertThat(tries).hasValue(1);
      database.turns(asked.minusSeconds(1));
      assertThat(Duration.ofNanos(database.clock.nanoTime() - begin)).isEqualTo(asked);
      assertThat(tries).as("not before its time").hasValue(1);
      isSlow.set(false);
      database.turns(Duration.ofSeconds(3));
      assertThat(database.uploaded(0)).hasSize(1);
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
  void aFileThatIsGoneWhileTheReplicaIsReadBackIsNoEndOfIt() throws Exception {
    AtomicInteger goneCount = new AtomicInteger(1);
    try (TurnsByHand first = database();
        TurnsByHand.App app = captured(first)) {
      first.turns(Duration.ofSeconds(2));
      app.execute(ROW);
      first.turns(Duration.ofSeconds(2));
      assertThat(first.uploaded(0)).hasSize(1);
    }
    Folders.delete(folder.resolve(".app.db-walsync"));
    try (TurnsByHand database =
            new TurnsByHand(
                folder,
                client ->
                    new ForwardingReplicaClient(client) {
                      @Override
                      public InputStream open(LtxFileInfo file, long offset, long length)
                          throws IOException {
                        if (goneCount.getAndDecrement() > 0) {
                          throw new LtxFileMissingException("no such file (injected)", null);
                        }
                        return super.open(file, offset, length);
                      }
                    });
        TurnsByHand.App app = database.open()) {
      app.execute(ROW);
      database.turns(Duration.ofMinutes(1));
      assertThat(goneCount).hasNegativeValue();
      assertThat(database.state().isCaptured()).isTrue();
      assertThat(database.uploaded(0)).hasSize(2);
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
