package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;

/**
 * The disk fails some fsyncs, of another process or of the application itself: commits that SQLite
 * refuses stay in the WAL, valid and uncounted, until the next writer overwrites them.
 */
final class FailedFsync implements Scenario {

  private static final int FIRST_WRITER = 400;

  @Override
  public void play(Life life) {
    life.makeDatabase();
    if (life.random().nextBoolean()) {
      ofTheApplication(life);
    } else {
      ofAnotherProcess(life);
    }
    life.endWell();
  }

  private static void ofTheApplication(Life life) {
    if (life.random().nextBoolean()) {
      life.reader();
    }
    int from = 2 + life.random().nextInt(8);
    ForkedJvm.Builder failing =
        life.program()
            .agent(life.config())
            .prefix(Fsync.failing(from, 1 + life.random().nextInt(3)));
    try (ForkedJvm app = life.started(failing)) {
      int stepCount = life.times(8, 12);
      app.tell("open synchronous=FULL");
      // Where opening already fails, the rest opens for itself.
      app.anyAnswer();
      life.letReplicationBegin();
      for (int step = 0; step < stepCount; step++) {
        app.tell("transaction " + (1 + life.random().nextInt(20)) + " 3000");
        app.anyAnswer();
        life.drift(300);
        if (life.random().nextInt(4) == 0) {
          life.judgeReplica();
        }
      }
      app.kill();
    }
    life.judgeReplica();
  }

  private static void ofAnotherProcess(Life life) {
    try (ForkedJvm app = life.app()) {
      app.ask("open");
      app.ask("insert 2");
      life.letReplicationBegin();
      int failureCount = life.times(2, 4);
      for (int failure = 0; failure < failureCount; failure++) {
        try (ForeignVictim victim =
            ForeignVictim.start(
                life, FIRST_WRITER + failure, Fsync.failing(1 + life.random().nextInt(20), 1))) {
          victim.waitForEnd();
        }
        life.struck();
        life.drift(400);
        String seq = app.ask("insert 1 " + (1 + life.random().nextInt(5000)));
        if (life.random().nextBoolean()) {
          life.awaitArrival(seq);
        }
      }
      life.leave(app);
      life.isTheDatabase();
    }
  }
}
