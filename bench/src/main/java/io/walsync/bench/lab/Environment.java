package io.walsync.bench.lab;

import java.util.Map;

/** The environment of child processes. */
public final class Environment {

  private Environment() {}

  /** Removes what would change a measurement or, for Litestream, prevent it. */
  public static void clean(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(
            name ->
                name.startsWith("AWS_")
                    || name.startsWith("LITESTREAM_")
                    || name.startsWith("WALSYNC_")
                    || name.startsWith("SSL_CERT_")
                    || name.equals("JAVA_TOOL_OPTIONS")
                    || name.equals("_JAVA_OPTIONS")
                    || name.equals("JDK_JAVA_OPTIONS"));
  }
}
