package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
}
