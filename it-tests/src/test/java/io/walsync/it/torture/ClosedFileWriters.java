package io.walsync.it.torture;

import io.walsync.it.harness.ForeignWriter;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.SqliteCli;

/**
 * Others write while the application runs and has the database closed, and it opens and closes it
 * in between: an image of a closed file is of one moment, or is none.
 */
final class ClosedFileWriters implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    try (ForkedJvm app = life.app();
        ForkedJvm other = life.other()) {
      app.ask("each synchronous=" + (life.random().nextBoolean() ? "FULL" : "NORMAL"));
      other.ask("each");
      app.ask("sql SELECT count(*) FROM sqlite_master");
      try (ForeignWriter foreign =
          ForeignWriter.start(
              SqliteCli.required(), life.database(), life.random().nextInt(1 << 30))) {
        int stepCount = life.times(6, 8);
        for (int step = 0; step < stepCount; step++) {
          life.drift(350);
          switch (life.random().nextInt(3)) {
            case 0 -> app.ask("insert " + (1 + life.random().nextInt(4)));
            case 1 -> other.ask("transaction " + (1 + life.random().nextInt(30)) + " 3000");
            default -> app.ask("sql SELECT count(*) FROM log");
          }
        }
      }
      life.judgeReplica();
      other.exit();
      app.exit();
    }
    life.judgeReplica();
    life.endWell();
  }
}
