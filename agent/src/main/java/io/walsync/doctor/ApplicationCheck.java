package io.walsync.doctor;

import io.walsync.host.SqliteVersion;
import java.util.ArrayList;
import java.util.List;

/** What a running JVM says of itself, its driver and its databases. */
public final class ApplicationCheck {

  private static final String UNKNOWN = "-";

  private ApplicationCheck() {}

  /** The agent that answered. */
  public static Finding agent(String process, String version, String java, String config) {
    return Finding.ok(
        "agent", process, "walsync " + version + " on Java " + java + ", with " + config);
  }

  /**
   * @param driver version of sqlite-jdbc; {@code -} if it is not known yet
   * @param sqlite version of SQLite in it
   */
  public static Finding driver(String process, String driver, String sqlite) {
    String name = "driver";
    if (driver.equals(UNKNOWN) && sqlite.equals(UNKNOWN)) {
      return Finding.ok(name, process, "not known before the application opens a database");
    }
    String found = "sqlite-jdbc " + driver + " with SQLite " + sqlite;
    SqliteVersion version = SqliteVersion.parse(sqlite);
    return version != null && version.hasWalResetBug()
        ? Finding.warning(
            name,
            process,
            found + ", which can lose commits when a checkpoint meets a WAL reset",
            "Use sqlite-jdbc 3.51.3.0 or newer")
        : Finding.ok(name, process, found);
  }

  /**
   * None unless the JVM has more than one copy of the driver.
   *
   * @param versions with commas between
   */
  public static List<Finding> copies(String process, String versions) {
    List<Finding> findings = new ArrayList<>();
    if (versions.indexOf(',') >= 0) {
      findings.add(
          Finding.warning(
              "driver",
              process,
              "several copies of sqlite-jdbc are loaded: " + versions,
              "Two SQLites in one process drop each other's locks: see that no database is opened"
                  + " through both"));
    }
    return findings;
  }

  /**
   * @param state the word for it
   * @param lag how far the store is behind, in seconds
   * @param reason why it does not do well; empty if it does
   */
  public static Finding database(String path, String state, String lag, String reason) {
    return reason.isEmpty()
        ? Finding.ok("replication", path, state + ", " + lag + " s behind")
        : Finding.failure(
            "replication",
            path,
            state + ": " + reason,
            "TROUBLESHOOTING.md has what to do for each reason");
  }

  /**
   * @param unopened entries of the configuration, with commas between; empty for none
   */
  public static List<Finding> unopened(String process, String unopened) {
    List<Finding> findings = new ArrayList<>();
    if (!unopened.isEmpty()) {
      findings.add(
          Finding.warning(
              "entries",
              process,
              "configured, and not opened so far: " + unopened,
              "If the application uses them, compare the path with the one that it opens"));
    }
    return findings;
  }
}
