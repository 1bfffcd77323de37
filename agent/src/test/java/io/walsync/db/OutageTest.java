package io.walsync.db;

import static io.walsync.db.Operator.assertRestoresAlike;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store is away for longer than the process lives. */
class OutageTest {

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";

  /** Some six megabytes, which are worth a checkpoint. */
  private static final String MANY_ROWS =
      "INSERT INTO t(v) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
          + " SELECT randomblob(3000) FROM n";

  @TempDir Path folder;

  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private volatile boolean isStoreDown;

  private final class Heard implements DbEvents {
    @Override
    public boolean wantsDecisions() {
      return true;
    }

    @Override
    public void decided(Decision decision, String why) {
      decisions.add(decision);
    }
  }

  @Test
  void theNextProcessGoesOnInAWalThatWasRestartedMeanwhile() throws Exception {
    try (ReplicatedDatabase database =
        new ReplicatedDatabase(
            folder,
            client -> {
              if (isStoreDown) {
                throw new UncheckedIOException(new IOException("the store is away"));
              }
              return client;
            })) {
      database.events = new Heard();
      database.restartAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW);
        database.drain();
        isStoreDown = true;
        restartWal(database, app);
        app.execute(ROW);
        database.takeTurn();
        database.stopAgent();
        goOnElsewhere(database);
      }
    }
  }

  /** Returns as soon as a commit stands at the beginning of the WAL, where others stood before. */
  private void restartWal(ReplicatedDatabase database, ReplicatedDatabase.App app)
      throws Exception {
    app.execute(MANY_ROWS);
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!decisions.contains(Decision.CHECKPOINT) && System.nanoTime() < deadline) {
      app.execute(ROW);
      database.takeTurn();
    }
  }

  private void goOnElsewhere(ReplicatedDatabase database) throws Exception {
    try (Connection unseen = DriverManager.getConnection("jdbc:sqlite:" + database.file);
        Statement statement = unseen.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint=0");
      statement.execute(ROW);
    }
    decisions.clear();
    isStoreDown = false;
    database.startAgent();
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(ROW);
      database.drain();
      assertThat(decisions)
          .contains(Decision.PLACE_TRUSTED)
          .doesNotContain(Decision.COMPARISON, Decision.PLACE_NOT_TRUSTED);
      assertRestoresAlike(database, "what was committed between the two is there");
    }
  }
}
