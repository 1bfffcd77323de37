package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Litestream;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.testkit.Folders;
import java.util.Map;

/**
 * Deployments that each begin on an empty disk with {@code restore}, toggle a flag, write, and end
 * in order or are killed; then the disk is gone.
 */
final class EmptyDisks implements Scenario {

  private static final String TOGGLE = "sql UPDATE flag SET isOn = 1 - isOn";

  @Override
  public void play(Life life) {
    life.makeDatabase();
    int deploymentCount = life.times(2, 4);
    for (int deployment = 0; deployment < deploymentCount; deployment++) {
      boolean isKilled = life.random().nextInt(4) == 0;
      try (ForkedJvm app = life.app()) {
        app.ask("open" + (life.random().nextBoolean() ? " synchronous=FULL" : ""));
        if (deployment == 0) {
          app.ask("sql CREATE TABLE flag AS SELECT 0 AS isOn");
        }
        int toggleCount = life.random().nextInt(4);
        for (int toggle = 0; toggle < toggleCount; toggle++) {
          app.ask(TOGGLE);
        }
        life.drift(400);
        app.ask("insert " + (1 + life.random().nextInt(40)));
        app.ask(TOGGLE);
        if (isKilled) {
          life.drift(300);
          app.kill();
        } else {
          life.leave(app);
        }
      }
      if (isKilled) {
        life.judgeReplica();
      } else {
        life.isTheDatabase();
      }
      if (life.replica().maxTxid() == 0) {
        // Killed before its first snapshot: nothing survives the disk.
        return;
      }
      newDisk(life);
    }
    life.endWell();
  }

  /** What the replica restores to is the database from now on. */
  private static void newDisk(Life life) {
    Folders.delete(life.database().getParent());
    Folders.create(life.database().getParent());
    Litestream litestream = Litestream.ifPresent();
    if (litestream != null && life.random().nextInt(4) == 0) {
      litestream.restore(life.replica(), life.database()).succeeded();
    } else {
      RestoreCommand.cli(
              Map.of(),
              "restore",
              "-config",
              life.config().toString(),
              "-if-db-not-exists",
              "-if-replica-exists",
              life.database().toString())
          .succeeded();
    }
    life.history().goBackTo(life.recovered(life.database()));
  }
}
