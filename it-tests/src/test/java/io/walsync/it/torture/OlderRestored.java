package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LtxObject;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.testkit.Folders;
import java.util.List;

/**
 * An older state is restored where the database was, and the application starts on it: either the
 * replica goes on from there and says so, or it stays as it is and that is said. Its newest state
 * is never buried without a word, and a refusal stands at the next start, too.
 */
final class OlderRestored implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    try (ForkedJvm app = life.app()) {
      app.ask("open");
      for (int state = 0; state < 3; state++) {
        for (int commit = 0; commit < 1 + life.random().nextInt(4); commit++) {
          app.ask("insert 1 3000");
          life.drift(150);
        }
        life.awaitArrival(app.ask("insert 1 3000"));
      }
      life.leave(app);
    }
    life.isTheDatabase();
    List<LtxObject> files = life.replica().level(0);
    LtxObject older = files.get(life.random().nextInt(files.size() - 1));
    Folders.deleteDatabase(life.database());
    if (life.random().nextBoolean()) {
      Folders.delete(life.staging());
    }
    RestoreCommand.from(life.replica()).txid(older.maxTxidText()).to(life.database()).succeeded();
    long newestTxid = life.replica().maxTxid();
    life.history().goBackTo(life.recovered(life.database()));
    int startCount = 2;
    for (int start = 0; start < startCount; start++) {
      try (ForkedJvm app = life.app()) {
        app.ask("open");
        app.ask("insert 2");
        life.drift(300);
        life.leave(app);
        life.judgeReplica();
        boolean isSaid =
            app.stderr().stream()
                .anyMatch(line -> line.contains(" ERROR ") || line.contains(" WARN "));
        boolean isUntouched = life.replica().maxTxid() == newestTxid;
        if (!isSaid) {
          throw new AssertionError(
              "an older state was started without a word; the replica "
                  + (isUntouched ? "stays as it is" : "went on from it"));
        }
      }
    }
  }
}
