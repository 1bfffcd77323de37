package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;

/**
 * Another process is killed inside its commits, again and again, while the application has the
 * database open and writes in between: what it left uncounted is overwritten.
 */
final class ForeignKilledInCommit implements Scenario {

  private static final int FIRST_WRITER = 100;

  @Override
  public void play(Life life) {
    life.makeDatabase();
    try (ForkedJvm app = life.app()) {
      app.ask("open synchronous=" + (life.random().nextBoolean() ? "FULL" : "NORMAL"));
      app.ask("insert 3");
      life.letReplicationBegin();
      life.drift(400);
      int killCount = life.times(3, 6);
      for (int kill = 0; kill < killCount; kill++) {
        try (ForeignVictim victim = ForeignVictim.start(life, FIRST_WRITER + kill)) {
          life.drift(250);
          victim.kill();
        }
        life.struck();
        if (life.random().nextBoolean()) {
          // Time for the agent to find what the victim left.
          life.drift(400);
        }
        app.ask("insert 1 " + (1 + life.random().nextInt(5000)));
        switch (life.random().nextInt(4)) {
          case 0 -> life.judgeReplica();
          case 1 -> life.awaitArrival(app.ask("insert 1"));
          default -> {}
        }
      }
      if (life.random().nextBoolean()) {
        app.kill();
      } else {
        life.leave(app);
        life.isTheDatabase();
      }
    }
    life.judgeReplica();
    life.endWell();
  }
}
