package io.walsync.config;

import java.util.HashMap;
import java.util.Map;

/** What this process was started with that may hold settings of the agent's. */
public final class HostEnvironment {

  private HostEnvironment() {}

  /**
   * The variables, and each system property that begins with {@code walsync.} under its own name,
   * which no shell gives a variable. Where a security manager keeps the properties from the agent
   * there are none.
   */
  public static Map<String, String> read() {
    Map<String, String> all = new HashMap<>(System.getenv());
    try {
      for (String name : System.getProperties().stringPropertyNames()) {
        if (name.startsWith(Overrides.PROPERTY_PREFIX)) {
          all.put(name, System.getProperty(name, ""));
        }
      }
    } catch (SecurityException none) {
      return all;
    }
    return all;
  }
}
