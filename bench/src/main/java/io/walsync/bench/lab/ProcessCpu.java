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

  /** From a process's own fields to those of its children. */
  private static final int CHILDREN_OFFSET = 2;

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

  /** Seconds of all children of this process that have ended. */
  public static double secondsOfChildren() {
    try {
      return parse(Files.readString(Path.of("/proc/self/stat")), CHILDREN_OFFSET);
    } catch (IOException notToldHere) {
      return 0;
    }
  }

  static double parse(String stat) {
    return parse(stat, 0);
  }

  private static double parse(String stat, int offset) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long user = Long.parseLong(fields[USER_FIELD + offset - FIRST_AFTER_NAME]);
    long system = Long.parseLong(fields[SYSTEM_FIELD + offset - FIRST_AFTER_NAME]);
    return (user + system) / TICKS_PER_SECOND;
  }
}
