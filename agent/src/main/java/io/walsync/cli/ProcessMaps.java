package io.walsync.cli;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The native libraries of a process, as Linux tells them in {@code /proc/PID/maps}. */
final class ProcessMaps {

  private static final Pattern JVM = Pattern.compile(".*/lib(jvm|j9vm[0-9]*)\\.so.*");
  private static final Pattern DRIVER =
      Pattern.compile(".*/(?:sqlite-([0-9][0-9.]*)-)?[^/]*sqlitejdbc[^/]*\\.so.*");
  private static final String UNKNOWN_VERSION = "?";

  private final Set<String> driverVersions = new TreeSet<>();
  private boolean isJvm;

  private ProcessMaps() {}

  /**
   * @throws IOException if the process is another user's, or gone
   */
  static ProcessMaps of(long pid) throws IOException {
    ProcessMaps maps = new ProcessMaps();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new FileInputStream("/proc/" + pid + "/maps"), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        maps.add(line);
      }
    }
    return maps;
  }

  private void add(String line) {
    isJvm |= JVM.matcher(line).matches();
    Matcher driver = DRIVER.matcher(line);
    if (driver.matches()) {
      driverVersions.add(driver.group(1) == null ? UNKNOWN_VERSION : driver.group(1));
    }
  }

  boolean isJvm() {
    return isJvm;
  }

  /** The versions of the copies of sqlite-jdbc that are loaded; empty if there is none. */
  Set<String> driverVersions() {
    return driverVersions;
  }
}
