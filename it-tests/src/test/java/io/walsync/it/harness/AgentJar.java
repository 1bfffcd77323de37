package io.walsync.it.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/** The packed jar under test: {@code -Dwalsync.agent.jar=}, else where the build leaves it. */
public final class AgentJar {

  private AgentJar() {}

  public static Path path() {
    String given = System.getProperty("walsync.agent.jar", "../agent/target/walsync-agent.jar");
    Path jar = Path.of(given).toAbsolutePath().normalize();
    if (!Files.isRegularFile(jar)) {
      throw new AssertionError("no packed jar at " + jar + "; build it with ./mvnw verify");
    }
    return jar;
  }
}
