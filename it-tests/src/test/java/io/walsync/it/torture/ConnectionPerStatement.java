package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;

/**
 * Each statement of the application has a connection of its own, while a reader in another process
 * or a leaked connection keeps the WAL alive, or nobody does.
 */
final class ConnectionPerStatement implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    int turnCount = life.times(1, 2);
    for (int turn = 0; turn < turnCount; turn++) {
      try (ForkedJvm app = life.app()) {
        app.ask("each synchronous=" + (life.random().nextBoolean() ? "FULL" : "NORMAL"));
        app.ask("insert 1");
        life.letReplicationBegin();
        int company = life.random().nextInt(3);
        if (company == 0) {
          life.reader();
        } else if (company == 1) {
          app.ask("leak SELECT seq FROM log");
        }
        int burstCount = life.times(2, 5);
        for (int burst = 0; burst < burstCount; burst++) {
          app.ask("insert " + (1 + life.random().nextInt(60)) + " 800");
          life.drift(300);
        }
        if (life.random().nextBoolean()) {
          life.awaitArrival(app.ask("insert 1"));
        }
        if (life.random().nextInt(3) == 0) {
          app.kill();
          life.judgeReplica();
        } else {
          life.leave(app);
          life.isTheDatabase();
        }
      }
    }
    life.endWell();
  }
}
