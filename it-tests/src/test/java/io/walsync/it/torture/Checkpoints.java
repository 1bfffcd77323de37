package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.SqliteCli;
import io.walsync.testkit.Command;
import java.util.List;

/**
 * Another process truncates the WAL while the application writes, with all the time that a
 * checkpoint needs beside writers: nobody but a reader may keep it from it, and there is none.
 */
final class Checkpoints implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    try (ForkedJvm app = life.app()) {
      app.ask("open synchronous=" + (life.random().nextBoolean() ? "FULL" : "NORMAL"));
      app.ask("insert 2");
      life.letReplicationBegin();
      app.ask(life.storm(1 + life.random().nextInt(2), 6, 3000, 1000, 0));
      int checkpointCount = life.times(4, 6);
      for (int checkpoint = 0; checkpoint < checkpointCount; checkpoint++) {
        life.drift(300);
        String mode = List.of("FULL", "RESTART", "TRUNCATE").get(life.random().nextInt(3));
        Command.Outcome outcome =
            SqliteCli.required()
                .run(life.database(), List.of("PRAGMA wal_checkpoint(" + mode + ");"));
        if (!outcome.succeeded().stdout().startsWith("0|")) {
          throw new AssertionError(mode + " of another process got BUSY: " + outcome.stdout());
        }
      }
      app.ask("stop");
      life.judgeReplica();
      if (life.random().nextBoolean()) {
        app.kill();
        life.judgeReplica();
      } else {
        life.leave(app);
        life.isTheDatabase();
      }
    }
    life.endWell();
  }
}
