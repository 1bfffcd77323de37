package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import java.time.Duration;

/**
 * SIGTERM while writers write and shutdown hooks commit: what is not in the store after the end was
 * named at the end.
 */
final class ExitUnderFire implements Scenario {

  private static final Duration LONGEST_EXIT = Duration.ofSeconds(60);

  @Override
  public void play(Life life) {
    life.makeDatabase();
    int turnCount = life.times(1, 3);
    for (int turn = 0; turn < turnCount; turn++) {
      try (ForkedJvm app = life.app()) {
        app.ask("open");
        app.ask("insert 2");
        life.letReplicationBegin();
        if (life.random().nextBoolean()) {
          app.ask("hook " + (1 + life.random().nextInt(60)));
        }
        if (life.random().nextBoolean()) {
          app.ask(life.storm(1, 3, 1000, 500 + life.random().nextInt(4000), 0));
        }
        life.drift(600);
        app.terminate(LONGEST_EXIT);
        life.isTheDatabaseOrNamed(app);
      }
    }
    life.endWell();
  }
}
