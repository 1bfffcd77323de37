package io.walsync.testkit;

import java.util.Map;

/**
 * What child processes must not inherit: credentials and certificate settings of the machine that
 * would change what a test proves or a benchmark measures (Litestream refuses to start with
 * AWS_CA_BUNDLE set), and JVM options that print to standard error.
 */
public final class ChildEnvironment {

  private ChildEnvironment() {}

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
