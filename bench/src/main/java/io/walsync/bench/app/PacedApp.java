package io.walsync.bench.app;

import java.nio.file.Path;

/**
 * Commits at a steady pace. Arguments: database, the file for the timeline. Commands: {@code go
 * <pause in microseconds> <count>}, {@code exit}. The pause is kept before the first commit, and
 * from one commit's start to the next one's. The timeline holds when each commit had returned.
 */
public final class PacedApp {

  private static final int CAPACITY = 1_000_000;

  private PacedApp() {}

  public static void main(String[] arguments) throws Exception {
    Dialogue dialogue = new Dialogue();
    Timeline timeline = new Timeline(CAPACITY);
    long commit = 0;
    try (Events events = Events.open(arguments[0], "NORMAL")) {
      dialogue.ok();
      for (String[] command = dialogue.next(); command != null; command = dialogue.next()) {
        long pauseMicros = Long.parseLong(command[1]);
        int count = Integer.parseInt(command[2]);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
          Pace.sleepUntil(start + (i + 1) * pauseMicros * 1_000);
          commit++;
          events.append(commit);
          timeline.add(WallClock.micros(), commit);
        }
        timeline.writeTo(Path.of(arguments[1]));
        dialogue.ok("commit=" + commit);
      }
    }
  }
}
