package io.walsync.it;

import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seeded chaos on real SQLite: see {@link Simulation}. {@code -Dsimulation.seed=} repeats the
 * choices of a run (what the operating system schedules it cannot repeat), {@code
 * -Dsimulation.rounds=} sets its length.
 */
final class SimulationIT {

  private static final int ROUNDS_OF_A_LIFE = 4;
  private static final int SHORT_ROUNDS = 12;
  private static final Duration SHORT_LIMIT = Duration.ofSeconds(75);
  private static final int CAMPAIGN_ROUNDS = 40;
  private static final int LONG_CAMPAIGN_ROUNDS = 1000;
  private static final Duration CAMPAIGN_LIMIT = Duration.ofMinutes(6);
  private static final Duration LONG_CAMPAIGN_LIMIT = Duration.ofHours(8);

  @TempDir Path folder;

  @Test
  void whateverHappensTheReplicaRestoresToACommittedState() {
    run(SHORT_ROUNDS, SHORT_LIMIT);
  }

  @Test
  @Tag("campaign")
  void whateverHappensForLongTheReplicaRestoresToACommittedState() {
    boolean isLong = "long".equals(System.getProperty("campaign.length"));
    run(
        isLong ? LONG_CAMPAIGN_ROUNDS : CAMPAIGN_ROUNDS,
        isLong ? LONG_CAMPAIGN_LIMIT : CAMPAIGN_LIMIT);
  }

  /** Several lives, each a database of its own: a young one has more room for surprises. */
  private void run(int defaultRounds, Duration limit) {
    long seed = number("simulation.seed", System.nanoTime() & 0xffffff);
    long rounds = number("simulation.rounds", defaultRounds);
    System.out.println("simulation: -Dsimulation.seed=" + seed + " -Dsimulation.rounds=" + rounds);
    long end = System.nanoTime() + limit.toNanos();
    for (long life = 0; life * ROUNDS_OF_A_LIFE < rounds && System.nanoTime() < end; life++) {
      Path place = Folders.create(folder.resolve("life-" + life));
      long left = Math.min(ROUNDS_OF_A_LIFE, rounds - life * ROUNDS_OF_A_LIFE);
      new Simulation(place, seed + life).run(left, Duration.ofNanos(end - System.nanoTime()));
      Folders.delete(place);
    }
  }

  private static long number(String property, long defaultValue) {
    String given = System.getProperty(property, "");
    return given.isEmpty() ? defaultValue : Long.parseLong(given);
  }
}
