package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LtxObject;
import java.util.List;

/**
 * Somebody deletes files of the replica, the oldest first as a rule by age does, or any: the next
 * start finds out, and the newest state is restorable again.
 */
final class DeletedObjects implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    int turnCount = life.times(1, 3);
    for (int turn = 0; turn < turnCount; turn++) {
      boolean isWhileRunning = life.random().nextInt(3) == 0;
      try (ForkedJvm app = life.app()) {
        app.ask("open");
        app.ask("insert 2");
        life.letReplicationBegin();
        app.ask(life.storm(1, 4, 2000, 3000, 0));
        life.drift(700);
        if (isWhileRunning) {
          life.judgeReplica();
          delete(life);
          life.drift(500);
        }
        app.ask("stop");
        if (life.random().nextBoolean()) {
          app.exit();
        } else {
          app.kill();
        }
      }
      life.judgeReplica();
      if (!isWhileRunning) {
        delete(life);
      }
    }
    life.endWell();
  }

  private static void delete(Life life) {
    List<LtxObject> files = life.replica().list();
    if (files.isEmpty()) {
      return;
    }
    int victimCount = life.times(1, 3);
    switch (life.random().nextInt(3)) {
      case 0 -> files.stream().filter(LtxObject::isSnapshot).forEach(file -> delete(life, file));
      case 1 -> {
        int from = life.random().nextInt(files.size());
        int to = Math.min(files.size(), from + victimCount);
        files.subList(from, to).forEach(file -> delete(life, file));
      }
      default ->
          files.stream()
              .filter(file -> file.maxTxid() <= 1L + victimCount)
              .forEach(file -> delete(life, file));
    }
  }

  private static void delete(Life life, LtxObject file) {
    life.replica().delete(file);
    life.judge().deleted(file);
  }
}
