package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;

/**
 * A single writer with {@code busy_timeout=0} that does not ask for WAL and never tries again: it
 * meets nobody, so no statement of it may fail.
 */
final class NoBusyTimeout implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    int turnCount = life.times(1, 3);
    for (int turn = 0; turn < turnCount; turn++) {
      try (ForkedJvm app = life.app()) {
        String style = life.random().nextBoolean() ? "open" : "each";
        app.ask(style + " busy_timeout=0 journal_mode= synchronous=");
        int stepCount = life.times(15, 45);
        for (int step = 0; step < stepCount; step++) {
          app.ask("sql UPDATE account SET id = id WHERE id = 7");
          app.ask("insert 1");
          life.drift(15);
        }
        if (life.random().nextBoolean()) {
          life.leave(app);
          life.isTheDatabaseOrNamed(app);
        } else {
          app.kill();
          life.judgeReplica();
        }
      }
    }
    life.endWell();
  }
}
