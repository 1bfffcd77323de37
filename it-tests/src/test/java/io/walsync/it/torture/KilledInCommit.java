package io.walsync.it.torture;

import io.walsync.it.harness.ForkedJvm;

/**
 * The application's own JVM is killed while it commits with {@code synchronous=FULL}, mostly beside
 * a reader in another process, so that nobody recovers the WAL: what was in the file and not yet
 * counted never was.
 */
final class KilledInCommit implements Scenario {

  @Override
  public void play(Life life) {
    life.makeDatabase();
    boolean hasReader = life.random().nextInt(4) > 0;
    if (hasReader) {
      life.reader();
    }
    int turnCount = life.times(1, 4);
    for (int turn = 0; turn < turnCount; turn++) {
      try (ForkedJvm app = life.app()) {
        app.ask("open synchronous=FULL");
        app.ask("insert " + (1 + life.random().nextInt(3)));
        life.letReplicationBegin();
        life.drift(400);
        int rows = 1 + life.random().nextInt(60);
        app.ask(life.storm(1 + life.random().nextInt(3), rows, 5000, 0, 0));
        life.drift(900);
        app.kill();
      }
      life.struck();
      life.judgeReplica();
    }
    life.endWell();
  }
}
