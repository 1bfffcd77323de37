package io.walsync.db;

import static io.walsync.db.Operator.assertRestores;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.teststore.AgentLines;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody deletes in the replica: the newest state becomes restorable again, and it is said. */
class ReplicaLossTest {

  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";

  /** What is deleted of a replica of one snapshot and several files after it. */
  enum Victim {
    SNAPSHOT(replica -> replica.get(0)),
    FIRST_AFTER_IT(replica -> replica.get(1)),
    MIDDLE(replica -> replica.get(replica.size() / 2)),
    LAST_BUT_ONE(replica -> replica.get(replica.size() - 2)),
    NEWEST(replica -> replica.get(replica.size() - 1));

    final Function<List<LtxFileInfo>, LtxFileInfo> choice;

    Victim(Function<List<LtxFileInfo>, LtxFileInfo> choice) {
      this.choice = choice;
    }

    void delete(ReplicatedDatabase database) throws Exception {
      List<LtxFileInfo> all = database.uploaded(9);
      all.addAll(database.uploaded(0));
      database.client().delete(Collections.singletonList(choice.apply(all)));
    }
  }

  @TempDir Path folder;

  private void write(ReplicatedDatabase database, int count) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(WAL, "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v)");
      for (int i = 0; i < count; i++) {
        app.execute(ROW);
        database.awaitUploaded();
      }
    }
    database.awaitUploaded();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsDeletedAtRestIsMissedAtTheNextStart(Victim victim) throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 6);
      database.stopAgent();
      victim.delete(database);
      database.startAgent();
      write(database, 2);

      assertThat(lines.with("WARN", "deleted there", "A new snapshot is uploaded")).hasSize(1);
      assertRestores(database);

      int snapshotCount = database.uploaded(9).size();
      database.restartAgent();
      write(database, 2);
      assertThat(database.uploaded(9)).as("one is enough").hasSize(snapshotCount);
      assertThat(lines.with("WARN")).hasSize(1);
    }
  }

  /** As a file server leaves it that lost its power. */
  @ParameterizedTest
  @ValueSource(strings = {"9", "0"})
  void aFileThatIsThereAndEmptyIsMissedLikeADeletedOne(String level) throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 4);
      database.stopAgent();
      Path emptied =
          folder
              .resolve("replica/ltx/" + level)
              .resolve(database.uploaded(Integer.parseInt(level)).get(0).fileName());
      Files.write(emptied, new byte[0]);
      database.startAgent();
      write(database, 2);
      assertThat(lines.with("WARN", "or emptied. A new snapshot is uploaded")).hasSize(1);
      assertRestores(database);
    }
  }

  @Test
  void whatIsMissedByAProcessThatOnlyOpensAndClosesIsMadeGoodAsWell() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 3);
      database.stopAgent();
      Victim.SNAPSHOT.delete(database);
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.text("SELECT count(*) FROM t");
      }
      database.awaitUploaded();
      assertRestores(database);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFileThatNoRestoreNeedsIsNotMissed(boolean isSnapshot) throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 4);
      database.stopAgent();
      Victim.MIDDLE.delete(database);
      database.startAgent();
      write(database, 2);
      assertThat(database.uploaded(9)).hasSize(2);
      database.stopAgent();
      database
          .client()
          .delete(
              isSnapshot ? database.uploaded(9).subList(0, 1) : database.uploaded(0).subList(0, 1));
      database.startAgent();
      write(database, 2);
      assertThat(lines.with("WARN")).hasSize(1);
      assertThat(database.uploaded(9)).hasSize(isSnapshot ? 1 : 2);
      assertRestores(database);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsDeletedWhileItRunsIsMissedByTheNextPassOverTheListings(Victim victim)
      throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 6);
      database.stopAgent();
      database.listingIntervalNanos = 1;
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROW);
        database.awaitUploaded();
        victim.delete(database);
        while (database.uploaded(9).size() + (victim == Victim.SNAPSHOT ? 1 : 0) < 2) {
          app.execute(ROW);
          database.awaitUploaded();
        }
      }
      database.awaitUploaded();
      assertThat(lines.with("WARN", "deleted there", "A new snapshot is uploaded")).hasSize(1);
      assertRestores(database);
    }
  }

  @Test
  void theSnapshotOfADirectoryIsMissedAtTheNextUploadWithoutAPass() throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 2);
      try (ReplicatedDatabase.App app = database.open()) {
        Victim.SNAPSHOT.delete(database);
        app.execute(ROW);
        database.awaitUploaded();
      }
      database.awaitUploaded();
      assertThat(lines.with("WARN")).hasSize(1);
      assertThat(lines.with("WARN", "could not be restored")).hasSize(1);
      assertThat(database.uploaded(9)).hasSize(1);
      assertRestores(database);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFolderEmptiedWhileItRunsIsBegunAnew(boolean isMarkLeft) throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 3);
      try (ReplicatedDatabase.App app = database.open()) {
        try (Stream<Path> below = Files.walk(database.replicaFolder.toPath())) {
          for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
            boolean isKept =
                each.equals(database.replicaFolder.toPath())
                    || isMarkLeft && each.endsWith(".walsync-replica");
            if (!isKept) {
              Files.delete(each);
            }
          }
        }
        app.execute(ROW);
        database.awaitUploaded();
      }
      database.awaitUploaded();
      assertThat(lines.with("WARN", "ends at TXID (none)", "A new snapshot is uploaded"))
          .hasSize(1);
      assertThat(database.uploaded(9)).hasSize(1);
      assertRestores(database);
    }
  }

  @Test
  void aFolderDeletedAtRestIsBegunAnew() throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      write(database, 3);
      database.stopAgent();
      try (Stream<Path> below = Files.walk(database.replicaFolder.toPath())) {
        for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
      database.startAgent();
      write(database, 1);
      assertThat(lines.with("WARN", "ends at TXID (none)", "A new snapshot is uploaded"))
          .hasSize(1);
      assertRestores(database);
    }
  }

  /** Counts listings; fails the next upload as a store does that has lost something. */
  private static final class Store extends ForwardingReplicaClient {
    private final AtomicInteger listCount;
    private final AtomicBoolean isLost;

    Store(ReplicaClient delegate, AtomicInteger listCount, AtomicBoolean isLost) {
      super(delegate);
      this.listCount = listCount;
      this.isLost = isLost;
    }

    @Override
    public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
      listCount.incrementAndGet();
      return super.list(level, seek, exactTimes);
    }

    @Override
    public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
      if (isLost.compareAndSet(true, false)) {
        throw new ReplicaException("injected: not found", true) {
          @Override
          public boolean isNotFound() {
            return true;
          }
        };
      }
      super.write(file, content, sha256Hex);
    }
  }

  @Test
  void oneProcessListsOnceAndAgainOnlyIfSomethingIsNotFound() throws Exception {
    AtomicInteger listCount = new AtomicInteger();
    AtomicBoolean isLost = new AtomicBoolean();
    try (ReplicatedDatabase database =
        new ReplicatedDatabase(folder, client -> new Store(client, listCount, isLost))) {
      write(database, 20);
      assertThat(listCount).as("one for each level").hasValue(10);
      isLost.set(true);
      write(database, 1);
      assertThat(listCount).hasValue(20);
      write(database, 20);
      assertThat(listCount).hasValue(20);
      assertThat(database.uploaded(9)).hasSize(1);
      assertRestores(database);
    }
  }
}
