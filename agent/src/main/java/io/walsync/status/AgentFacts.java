package io.walsync.status;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What whoever asks is told of the agent itself. Immutable. */
public final class AgentFacts {

  private final String version;
  private final String java;
  private final @Nullable String driver;
  private final @Nullable String sqlite;
  private final String config;
  private final long sinceMillis;
  private final List<String> unopened;

  /**
   * @param version of Walsync
   * @param java version of the running Java
   * @param driver version of the application's sqlite-jdbc; null if unknown
   * @param sqlite version of SQLite in it; null if unknown
   * @param config path of the configuration
   * @param sinceMillis when the agent started, milliseconds since the epoch
   * @param unopened entries of the configuration of which the process has opened no database
   */
  public AgentFacts(
      String version,
      String java,
      @Nullable String driver,
      @Nullable String sqlite,
      String config,
      long sinceMillis,
      List<String> unopened) {
    this.version = version;
    this.java = java;
    this.driver = driver;
    this.sqlite = sqlite;
    this.config = config;
    this.sinceMillis = sinceMillis;
    this.unopened = Collections.unmodifiableList(new ArrayList<>(unopened));
  }

  String version() {
    return version;
  }

  String java() {
    return java;
  }

  @Nullable String driver() {
    return driver;
  }

  @Nullable String sqlite() {
    return sqlite;
  }

  String config() {
    return config;
  }

  long sinceMillis() {
    return sinceMillis;
  }

  List<String> unopened() {
    return unopened;
  }
}
