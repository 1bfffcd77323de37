package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.RestoreCommand;
import java.util.Map;

/**
 * The agent goes into a running application, and out of it and in again, while it commits on
 * connections that were open before, or opens one for each statement beside an old one.
 */
final class AttachedUnderFire implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    try (ForkedJvm app = life.other()) {
      app.ask(life.random().nextBoolean() ? "open" : "each");
      app.ask("insert 2");
      if (life.random().nextBoolean()) {
        app.ask("leak SELECT seq FROM log");
      }
      boolean isStorm = life.random().nextBoolean();
      if (isStorm) {
        app.ask(life.storm(1, 4, 2000, 3000, 50));
      }
      int turnCount = life.times(1, 2);
      for (int turn = 0; turn < turnCount; turn++) {
        cli("attach", String.valueOf(app.pid()), life.config().toString());
        app.ask("insert " + (1 + life.random().nextInt(30)));
        life.drift(700);
        if (life.random().nextBoolean()) {
          cli("detach", String.valueOf(app.pid()));
          app.ask("insert " + (1 + life.random().nextInt(5)));
          life.drift(300);
          cli("attach", String.valueOf(app.pid()), life.config().toString());
        }
        app.ask("insert 1");
        life.judgeReplica();
      }
      if (isStorm) {
        app.ask("stop");
      }
      life.awaitArrival(app.ask("insert 1"));
      life.leave(app);
      life.isTheDatabase();
    }
    life.endWell();
  }

  private static void cli(String... words) {
    RestoreCommand.cli(Map.of(), words).succeeded();
  }
}
