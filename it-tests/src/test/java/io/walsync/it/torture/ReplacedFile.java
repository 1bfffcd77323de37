package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.SqliteCli;
import io.walsync.it.harness.WalTail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The database file is replaced by a vacuumed copy of itself while an old connection stays open;
 * connections for each statement go on with the new one.
 */
final class ReplacedFile implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    try (ForkedJvm app = life.app()) {
      app.ask("each");
      app.ask("insert 2");
      app.ask("leak " + (life.random().nextBoolean() ? "SELECT 1" : "SELECT seq FROM log"));
      life.letReplicationBegin();
      int replacementCount = life.times(1, 2);
      for (int replacement = 0; replacement < replacementCount; replacement++) {
        app.ask("insert " + (1 + life.random().nextInt(20)) + " 900");
        life.drift(400);
        replace(life);
        life.drift(400);
        for (int burst = 0; burst < 2; burst++) {
          app.ask("insert " + (1 + life.random().nextInt(20)) + " 900");
          life.drift(500);
        }
        if (life.random().nextBoolean()) {
          life.awaitArrival(app.ask("insert 1"));
        } else {
          life.judgeReplica();
        }
      }
      if (life.random().nextInt(4) == 0) {
        app.kill();
        life.judgeReplica();
      } else {
        life.leave(app);
        life.isTheDatabase();
      }
    }
    life.endWell();
  }

  private static void replace(Life life) {
    Path next = life.folder().resolve("disk").resolve("next.db");
    SqliteCli.required().run(life.database(), List.of("VACUUM INTO '" + next + "';")).succeeded();
    try {
      Files.deleteIfExists(WalTail.wal(life.database()));
      Files.deleteIfExists(life.database().resolveSibling("app.db-shm"));
      Files.move(next, life.database(), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
