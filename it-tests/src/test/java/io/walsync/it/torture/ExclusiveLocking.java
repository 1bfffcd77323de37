package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;

/** The application keeps the database to itself, with {@code locking_mode=EXCLUSIVE}. */
final class ExclusiveLocking implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    int turnCount = life.times(1, 3);
    for (int turn = 0; turn < turnCount; turn++) {
      try (ForkedJvm app = life.app()) {
        app.ask("open locking_mode=EXCLUSIVE synchronous=" + (life.random().nextBoolean() ? 1 : 2));
        int burstCount = life.times(3, 4);
        for (int burst = 0; burst < burstCount; burst++) {
          app.ask("insert " + (1 + life.random().nextInt(30)) + " 2000");
          life.drift(300);
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
