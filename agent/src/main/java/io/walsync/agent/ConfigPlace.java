package io.walsync.agent;

import io.walsync.config.ConfigException;
import java.io.File;

/** Where the configuration is: what was given with the agent counts before the environment. */
final class ConfigPlace {

  private static final String VARIABLE = "WALSYNC_CONFIG";

  private ConfigPlace() {}

  /**
   * @param given null or empty if no path was
   * @throws ConfigException if the environment names none either
   */
  static File of(String given) throws ConfigException {
    String path = given;
    if (path == null || path.isEmpty()) {
      path = System.getenv(VARIABLE);
    }
    if (path == null || path.isEmpty()) {
      throw new ConfigException(
          "no configuration: give its path as -javaagent:walsync-agent.jar=PATH, as attach PID CONFIG,"
              + " or in "
              + VARIABLE);
    }
    return new File(path);
  }
}
