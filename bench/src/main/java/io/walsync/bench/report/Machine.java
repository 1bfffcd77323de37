package io.walsync.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What was measured where and when. */
public final class Machine {

  private Machine() {}

  /**
   * Name and value, in the order to print.
   *
   * @param driver version of sqlite-jdbc
   * @param revision of Walsync
   */
  public static Map<String, String> facts(String driver, String revision, String commandLine) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", now());
    facts.put("command", commandLine);
    facts.put("revision", revision);
    facts.put("machine", processor() + ", " + memory());
    facts.put(
        "system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    facts.put(
        "jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    facts.put("sqlite-jdbc", driver);
    facts.put(
        "load before",
        String.format(
            Locale.ROOT,
            "%.2f",
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    return facts;
  }

  private static String now() {
    return ZonedDateTime.now(ZoneId.systemDefault())
        .truncatedTo(ChronoUnit.SECONDS)
        .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }

  private static String processor() {
    String model = field(Path.of("/proc/cpuinfo"), "model name");
    return Runtime.getRuntime().availableProcessors() + " x " + model;
  }

  private static String memory() {
    String kib = field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "");
    return kib.isEmpty() ? "memory unknown" : Long.parseLong(kib) / (1024 * 1024) + " GiB";
  }

  private static String field(Path file, String name) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(name)) {
          return line.substring(line.indexOf(':') + 1).trim();
        }
      }
    } catch (IOException e) {
      return "unknown";
    }
    return "unknown";
  }
}
