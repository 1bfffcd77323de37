package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import io.walsync.testkit.Folders;
import java.nio.file.Path;

/**
 * The agent's folder is put back to a copy some time older, or is gone: the database and its WAL
 * hold all that the replica holds.
 */
final class OldStagingFolder implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    int turnCount = life.times(1, 4);
    for (int turn = 0; turn < turnCount; turn++) {
      Path old = life.folder().resolve("staging-" + turn);
      try (ForkedJvm app = life.app()) {
        app.ask("open");
        app.ask("insert 2");
        life.letReplicationBegin();
        app.ask(life.storm(1, 4, 2000, 2000, 30));
        life.drift(900);
        Folders.copy(life.staging(), old);
        life.drift(900);
        if (life.random().nextInt(4) > 0) {
          app.kill();
        } else {
          app.ask("stop");
          app.exit();
        }
      }
      if (life.random().nextInt(5) > 0) {
        Folders.delete(life.staging());
        if (life.random().nextInt(4) > 0) {
          Folders.copy(old, life.staging());
        }
      }
      life.judgeReplica();
    }
    life.endWell();
  }
}
