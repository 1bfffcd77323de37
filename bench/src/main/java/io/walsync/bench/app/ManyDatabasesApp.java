package io.walsync.bench.app;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes to some databases in turn. Arguments: folder, number of databases. Commands: {@code go
 * <milliseconds> <writes per second in total> [<how many of them are written to>]}, {@code idle
 * <milliseconds>}, {@code exit}.
 */
public final class ManyDatabasesApp {

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private ManyDatabasesApp() {}

  /** The name of one of the databases in the folder. */
  public static String name(int index) {
    return "app-" + index + ".db";
  }

  public static void main(String[] arguments) throws Exception {
    int databaseCount = Integer.parseInt(arguments[1]);
    List<Events> databases = new ArrayList<>();
    for (int i = 0; i < databaseCount; i++) {
      databases.add(Events.open(arguments[0] + "/" + name(i), "NORMAL"));
    }
    Dialogue dialogue = new Dialogue();
    dialogue.ok();
    for (String[] command = dialogue.next(); command != null; command = dialogue.next()) {
      if (command[0].equals("idle")) {
        Thread.sleep(Long.parseLong(command[1]));
      } else {
        int active = command.length > 3 ? Integer.parseInt(command[3]) : databaseCount;
        write(
            databases.subList(0, Math.min(active, databaseCount)),
            Long.parseLong(command[1]),
            Long.parseLong(command[2]));
      }
      System.gc();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      dialogue.ok(
          "heap=" + heap,
          "threads=" + ManagementFactory.getThreadMXBean().getThreadCount(),
          "classes=" + ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    }
    for (Events database : databases) {
      database.close();
    }
  }

  private static void write(List<Events> databases, long millis, long perSecond) throws Exception {
    long start = System.nanoTime();
    long count = millis * perSecond / 1_000;
    for (long i = 0; i < count; i++) {
      Pace.sleepUntil(start + i * NANOS_PER_SECOND / perSecond);
      databases.get((int) (i % databases.size())).append(i);
    }
  }
}
