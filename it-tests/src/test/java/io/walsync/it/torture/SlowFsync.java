package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;

/**
 * The disk takes its time for each fsync, so that a commit stands in the WAL for long before SQLite
 * counts it: what the agent finds meanwhile is no commit. Then the process is killed in it.
 */
final class SlowFsync implements Scenario {

  private static final int FIRST_WRITER = 300;

  @Override
  public void play(Life life) {
    life.makeDatabase();
    if (life.random().nextBoolean()) {
      life.reader();
      ofTheApplication(life);
    } else {
      ofAnotherProcess(life);
    }
    life.endWell();
  }

  private static void ofTheApplication(Life life) {
    int turnCount = life.times(1, 3);
    for (int turn = 0; turn < turnCount; turn++) {
      ForkedJvm.Builder slow =
          life.program().agent(life.config()).prefix(Fsync.slow(30 + life.random().nextInt(300)));
      try (ForkedJvm app = life.started(slow)) {
        app.ask("open synchronous=FULL");
        app.ask("insert 2");
        life.letReplicationBegin();
        app.ask(life.storm(1, 1 + life.random().nextInt(30), 4000, 0, 0));
        int lookCount = life.times(1, 4);
        for (int look = 0; look < lookCount; look++) {
          life.drift(700);
          life.judgeReplica();
        }
        app.kill();
      }
      life.struck();
      life.judgeReplica();
    }
  }

  private static void ofAnotherProcess(Life life) {
    try (ForkedJvm app = life.app()) {
      app.ask("open synchronous=FULL");
      app.ask("insert 2");
      life.letReplicationBegin();
      int killCount = life.times(2, 4);
      for (int kill = 0; kill < killCount; kill++) {
        try (ForeignVictim victim =
            ForeignVictim.start(
                life, FIRST_WRITER + kill, Fsync.slow(100 + life.random().nextInt(900)))) {
          life.drift(1500);
          life.judgeReplica();
          life.drift(500);
          victim.kill();
        }
        life.struck();
        life.drift(300);
        String seq = app.ask("insert 1 " + (1 + life.random().nextInt(5000)));
        if (life.random().nextBoolean()) {
          life.awaitArrival(seq);
        }
      }
      app.kill();
    }
    life.judgeReplica();
  }
}
