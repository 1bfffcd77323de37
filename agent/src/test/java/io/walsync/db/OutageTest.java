package io.walsync.db;

import static io.walsync.db.Operator.assertRestoresAlike;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.events.Decision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store is away for longer than the process lives. */
class OutageTest {

  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";

  @TempDir Path folder;

  private final HeardDecisions heard = new HeardDecisions();
  private volatile boolean isStoreDown;

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
      database.events = heard;
      database.restartAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROW);
        database.drain();
        isStoreDown = true;
        heard.writeUntilCheckpoint(database, app);
        app.execute(ROW);
        database.takeTurn();
        database.stopAgent();
        goOnElsewhere(database);
      }
    }
  }

  private void goOnElsewhere(ReplicatedDatabase database) throws Exception {
    try (Connection unseen = DriverManager.getConnection("jdbc:sqlite:" + database.file);
        Statement statement = unseen.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint=0");
      statement.execute(ROW);
    }
    heard.clear();
    isStoreDown = false;
    database.startAgent();
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(ROW);
      database.drain();
      assertThat(heard.kinds())
          .contains(Decision.PLACE_TRUSTED)
          .doesNotContain(Decision.COMPARISON, Decision.PLACE_NOT_TRUSTED);
      assertRestoresAlike(database, "what was committed between the two is there");
    }
  }
}
