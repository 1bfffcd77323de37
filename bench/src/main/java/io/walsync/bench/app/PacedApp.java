package io.walsync.bench.app;

import java.nio.file.Path;
import java.util.Random;

/**
 * Commits at a steady pace. Arguments: database, the file for the timeline, synchronous. Commands:
 * {@code go <pause in microseconds> <count>}, {@code exit}. The pause is kept before the first
 * commit. From one commit's start to the next one's it is the pause on average, and at random
 * between half and one and a half of it, so that the pace does not resonate with anybody's poll.
 * The timeline holds when each commit had returned and how long it took.
 */
public final class PacedApp {

  private static final int CAPACITY = 2_000_000;
  private static final long SEED = 11;

  private PacedApp() {}

  public static void main(String[] arguments) throws Exception {
    Dialogue dialogue = new Dialogue();
    Timeline timeline = new Timeline(CAPACITY);
    Random random = new Random(SEED);
    long commit = 0;
    try (Events events = Events.open(arguments[0], arguments[2])) {
      dialogue.ok();
      for (String[] command = dialogue.next(); command != null; command = dialogue.next()) {
        long pauseNanos = Long.parseLong(command[1]) * 1_000;
        int count = Integer.parseInt(command[2]);
        long due = System.nanoTime();
        for (int i = 0; i < count; i++) {
          due += pauseNanos / 2 + (long) (random.nextDouble() * pauseNanos);
          Pace.sleepUntil(due);
          commit++;
          long start = System.nanoTime();
          events.append(commit);
          timeline.add(WallClock.micros(), commit, System.nanoTime() - start);
        }
        timeline.writeTo(Path.of(arguments[1]));
        dialogue.ok("commit=" + commit);
      }
    }
  }
}
