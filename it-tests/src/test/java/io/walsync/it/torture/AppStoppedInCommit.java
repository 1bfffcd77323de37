package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;

/**
 * The whole application, agent included, stops at a random moment of its commits: what the replica
 * has by then, SQLite has counted. After a power cut it would be ahead of the database otherwise.
 */
final class AppStoppedInCommit implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    try (ForkedJvm app = life.app()) {
      app.ask("open synchronous=FULL");
      app.ask("insert 2");
      life.letReplicationBegin();
      int rows = 1 + life.random().nextInt(80);
      app.ask(life.storm(1 + life.random().nextInt(2), rows, 5000, 0, 0));
      int stopCount = life.times(3, 4);
      for (int stop = 0; stop < stopCount; stop++) {
        life.drift(500);
        Signals.stop(app.pid());
        life.struck();
        if (life.canBeAsked()) {
          life.judgeReplica();
        }
        Signals.goOn(app.pid());
      }
      app.ask("stop");
      life.leave(app);
      life.isTheDatabase();
    }
    life.endWell();
  }
}
