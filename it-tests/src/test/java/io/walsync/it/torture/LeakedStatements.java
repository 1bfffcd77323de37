package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import java.util.List;

/**
 * Statements and connections that the application never closes, on PRAGMAs and half-read queries.
 */
final class LeakedStatements implements Scenario {

  private static final List<String> LEAKS =
      List.of(
          "PRAGMA wal_checkpoint",
          "PRAGMA wal_checkpoint(TRUNCATE)",
          "PRAGMA journal_mode",
          "PRAGMA journal_mode=WAL",
          "PRAGMA synchronous",
          "PRAGMA locking_mode",
          "PRAGMA table_info(log)",
          "PRAGMA integrity_check",
          "SELECT seq FROM log",
          "SELECT a.seq FROM log a, account b");

  @Override
  public void play(Life life) {
    life.makeDatabase();
    try (ForkedJvm app = life.app()) {
      app.ask("open busy_timeout=2000");
      app.ask("insert 5");
      life.letReplicationBegin();
      int leakCount = life.times(1, 3);
      for (int leak = 0; leak < leakCount; leak++) {
        app.tell("leak " + LEAKS.get(life.random().nextInt(LEAKS.size())));
        // BUSY is SQLite's answer to some of them.
        app.anyAnswer();
        app.ask("insert " + (1 + life.random().nextInt(20)) + " 3000");
        life.drift(500);
      }
      life.awaitArrival(app.ask("insert 3"));
      app.ask("insert 3");
      life.leave(app);
      life.isTheDatabase();
    }
    life.endWell();
  }
}
