package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.events.Decision;
import io.walsync.testkit.Await;
import io.walsync.testkit.Checkout;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionTest {

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";

  /** As much as may be staged of one database here. */
  private static final String SMALL_STAGING = "staging-max-bytes: 16MiB";

  private final HeardDecisions heard = new HeardDecisions();
  private volatile boolean isStoreDown;

  @TempDir Path folder;

  @Test
  void eachKindOfDecisionIsToldWithItsReason() throws Exception {
    try (ReplicatedDatabase database =
        new ReplicatedDatabase(
            folder,
            client -> {
              if (isStoreDown) {
                throw new UncheckedIOException(new IOException("the store is away"));
              }
              return client;
            },
            SMALL_STAGING)) {
      begin(database);
      park(database);
      goOn(database);
      compare(database);
      loseTheStore(database);
      loseTheReplica(database);
      loseTheFolder(database);
    }
    assertThat(heard.kinds()).isEqualTo(EnumSet.allOf(Decision.class));
    assertThat(heard.lines()).allSatisfy(line -> assertThat(line).matches("[a-zA-Z ]+: .{5,}"));
  }

  @Test
  void eachKindOfDecisionIsDocumented() throws Exception {
    String operations = Files.readString(Checkout.root().resolve("docs/OPERATIONS.md"));
    for (Decision decision : Decision.values()) {
      assertThat(operations).contains("`" + decision.words() + "`");
    }
  }

  private void begin(ReplicatedDatabase database) throws Exception {
    database.events = heard;
    database.restartAgent();
    try (ReplicatedDatabase.App app = database.open()) {
      await(Decision.START_POSTPONED);
      app.execute(WAL, TABLE, ROW);
      database.drain();
      await(
          Decision.FOLDER_OPENED,
          Decision.REPLICA_ASKED,
          Decision.REPLICA_ANSWERED,
          Decision.SNAPSHOT,
          Decision.UPLOADED,
          Decision.PIN_RELEASED);
      heard.writeUntilCheckpoint(database, app);
    }
    await(Decision.PLACE_NOTED);
    database.awaitUploaded();
  }

  /** Another process replicates it meanwhile. */
  private void park(ReplicatedDatabase database) throws Exception {
    giveFolderBack(database);
    await(Decision.FOLDER_PARKED);
    try (ReplicatedDatabase other = new ReplicatedDatabase(folder)) {
      commit(other);
      giveFolderBack(other);
    }
    commit(database);
    await(Decision.FOLDER_CHANGED);
  }

  private void goOn(ReplicatedDatabase database) throws Exception {
    database.restartAgent();
    commit(database);
    await(Decision.PLACE_TRUSTED);
  }

  /** Somebody writes it while no agent runs. */
  private void compare(ReplicatedDatabase database) throws Exception {
    database.stopAgent();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database.file);
        Statement statement = connection.createStatement()) {
      statement.execute(ROW);
    }
    database.startAgent();
    commit(database);
    await(Decision.PLACE_NOT_TRUSTED, Decision.COMPARISON);
  }

  private void loseTheStore(ReplicatedDatabase database) throws Exception {
    isStoreDown = true;
    try (ReplicatedDatabase.App app = database.open()) {
      long deadline = System.nanoTime() + DEADLINE.toNanos();
      // Two segments are needed for a merge: the first file may be sealed.
      for (int file = 0; file < 3; file++) {
        int before = stagedCount();
        app.execute(ROW);
        while (stagedCount() == before && System.nanoTime() < deadline) {
          database.takeTurn();
        }
      }
      while (!isFull() && System.nanoTime() < deadline) {
        app.execute(HeardDecisions.MANY_ROWS);
        database.takeTurn();
      }
      await(Decision.REQUEST_RETRIED, Decision.SEGMENTS_MERGED, Decision.CHECKPOINT_SKIPPED);
      isStoreDown = false;
      database.awaitUploaded();
    }
    database.awaitUploaded();
  }

  private int stagedCount() {
    int count = 0;
    for (String below : new String[] {"segments", "ltx/0"}) {
      String[] names = new File(folder.toFile(), ".app.db-walsync/" + below).list();
      count += names == null ? 0 : names.length;
    }
    return count;
  }

  private boolean isFull() {
    return heard.has(Decision.CHECKPOINT_SKIPPED) && heard.has(Decision.SEGMENTS_MERGED);
  }

  private void loseTheReplica(ReplicatedDatabase database) throws Exception {
    database.stopAgent();
    try (Stream<Path> below = Files.walk(database.replicaFolder.toPath())) {
      below.map(Path::toFile).filter(File::isFile).forEach(File::delete);
    }
    database.startAgent();
    commit(database);
    await(Decision.PLACE_FORGOTTEN);
  }

  private void loseTheFolder(ReplicatedDatabase database) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(ROW);
      database.awaitUploaded();
      assertThat(new File(folder.toFile(), ".app.db-walsync/position").delete()).isTrue();
      await(Decision.FOLDER_FORGOTTEN, Decision.REPLICA_ADOPTED);
    }
  }

  private static void giveFolderBack(ReplicatedDatabase database) {
    Await.until(
        () -> {
          database.db().park();
          return database.db().isForgettable();
        },
        DEADLINE,
        () -> "the folder is given back");
  }

  private static void commit(ReplicatedDatabase database) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(ROW);
      database.awaitUploaded();
    }
    database.awaitUploaded();
  }

  private void await(Decision... decisions) {
    for (Decision decision : decisions) {
      Await.until(() -> heard.has(decision), DEADLINE, () -> decision + " after " + heard.lines());
    }
  }
}
