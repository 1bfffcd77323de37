package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;

/**
 * Large transactions spill into the WAL and are rolled back; what is committed after them, over
 * their frames, is small and the last for a while.
 */
final class RolledBackSpill implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    try (ForkedJvm app = life.app()) {
      app.ask("open cache_size=10");
      app.ask("sql CREATE TABLE spill(noise BLOB)");
      app.ask("insert 2");
      life.letReplicationBegin();
      int turnCount = life.times(1, 4);
      for (int turn = 0; turn < turnCount; turn++) {
        spill(life, app);
        String seq = app.ask("insert " + (1 + life.random().nextInt(3)) + " 10");
        if (life.random().nextBoolean()) {
          life.awaitArrival(seq);
        } else {
          life.drift(900);
        }
      }
      if (life.random().nextInt(3) == 0) {
        app.kill();
        life.judgeReplica();
      } else {
        life.leave(app);
        life.isTheDatabase();
      }
    }
    life.endWell();
  }

  private static void spill(Life life, ForkedJvm app) {
    int rows = 200 << life.random().nextInt(life.size() == Size.LARGE ? 9 : 5);
    app.ask("sql BEGIN IMMEDIATE");
    app.ask(
        "sql INSERT INTO spill WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            + " WHERE i < "
            + rows
            + ") SELECT randomblob(3000) FROM n");
    life.drift(200);
    app.ask("sql ROLLBACK");
  }
}
