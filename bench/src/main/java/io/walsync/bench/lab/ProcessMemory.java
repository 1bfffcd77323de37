package io.walsync.bench.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code /proc/<pid>/status} says of a process's memory.
 *
 * @param rssBytes resident now; 0 if the system does not say
 * @param peakRssBytes the most it ever was; 0 if the system does not say
 */
public record ProcessMemory(long rssBytes, long peakRssBytes) {

  private static final long KIB = 1024;

  public static ProcessMemory of(long pid) {
    long rss = 0;
    long peak = 0;
    try {
      for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
        if (line.startsWith("VmRSS:")) {
          rss = kib(line);
        } else if (line.startsWith("VmHWM:")) {
          peak = kib(line);
        }
      }
    } catch (IOException gone) {
      return new ProcessMemory(0, 0);
    }
    return new ProcessMemory(rss, peak);
  }

  /** How many descriptors a process has open; 0 if the system does not say. */
  public static int descriptorCount(long pid) {
    return entryCount("/proc/" + pid + "/fd");
  }

  /** How many threads a process has, its own and the runtime's; 0 if the system does not say. */
  public static int threadCount(long pid) {
    return entryCount("/proc/" + pid + "/task");
  }

  private static int entryCount(String folder) {
    String[] entries = new File(folder).list();
    return entries == null ? 0 : entries.length;
  }

  private static long kib(String line) {
    return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
  }
}
