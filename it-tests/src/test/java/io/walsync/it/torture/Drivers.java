package io.walsync.it.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which sqlite-jdbc the tortured applications run on. */
final class Drivers {

  private Drivers() {}

  /** {@code -Dtorture.driver=}: a version that the build has fetched, or a jar. */
  static Optional<Path> asked() {
    String asked = System.getProperty("torture.driver", "");
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    Path jar =
        asked.endsWith(".jar")
            ? Path.of(asked)
            : Path.of(System.getProperty("walsync.drivers", "target/drivers"))
                .resolve("sqlite-jdbc-" + asked + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new IllegalArgumentException("-Dtorture.driver=" + asked + ": there is no " + jar);
    }
    return Optional.of(jar);
  }
}
