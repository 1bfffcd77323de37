package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;
import java.time.Duration;

/**
 * Another process is stopped inside its commits for longer than the agent needs to look and to
 * upload, then goes on or is killed: the replica never is ahead of what SQLite counts.
 */
final class StoppedInCommit implements Scenario {

  private static final int FIRST_WRITER = 200;

  /** Longer than the poll of the agent for other processes' commits, and an upload. */
  private static final Duration LONG_ENOUGH_TO_BE_FOUND = Duration.ofMillis(1300);

  @Override
  public void play(Life life) {
    life.makeDatabase();
    try (ForkedJvm app = life.app()) {
      app.ask("open synchronous=FULL");
      app.ask("insert 3");
      life.letReplicationBegin();
      life.drift(400);
      int stopCount = life.times(2, 3);
      for (int stop = 0; stop < stopCount; stop++) {
        try (ForeignVictim victim = ForeignVictim.start(life, FIRST_WRITER + stop)) {
          life.drift(200);
          victim.stop();
          life.struck();
          life.wait(LONG_ENOUGH_TO_BE_FOUND);
          life.judgeReplica();
          if (life.random().nextBoolean()) {
            victim.goOn();
            life.drift(200);
          }
          victim.kill();
        }
        app.ask("insert 1 " + (1 + life.random().nextInt(5000)));
      }
      app.kill();
    }
    life.judgeReplica();
    life.endWell();
  }
}
