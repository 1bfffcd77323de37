package io.walsync.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much processor time a process has had, from {@code /proc/<pid>/stat}. */
public final class ProcessCpu {

  /** What Linux has counted in since anybody remembers. */
  private static final double TICKS_PER_SECOND = 100;

  /** Fields are numbered from 1; the name, the second, is in brackets and may hold blanks. */
  private static final int USER_FIELD = 14;

  private static final int SYSTEM_FIELD = 15;
  private static final int FIRST_AFTER_NAME = 3;

  private ProcessCpu() {}

  /** Seconds in user and system mode, all threads; 0 if the process is gone. */
  public static double seconds(long pid) {
    try {
      return parse(Files.readString(Path.of("/proc", String.valueOf(pid), "stat")));
    } catch (IOException gone) {
      return 0;
    }
  }

  static double parse(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long user = Long.parseLong(fields[USER_FIELD - FIRST_AFTER_NAME]);
    long system = Long.parseLong(fields[SYSTEM_FIELD - FIRST_AFTER_NAME]);
    return (user + system) / TICKS_PER_SECOND;
  }
}
