package io.walsync.it.containers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.it.harness.Jdk;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every Java that the jar promises to run on, as far as this machine has it. */
final class JavaVersionIT {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {8, 11, 17, 21, Jdk.NEWEST_PROMISED})
  void anApplicationOnThatJavaIsReplicatedKilledAndRestored(int feature) {
    Optional<Jdk> found = Jdk.find(feature);
    assumeTrue(
        found.isPresent(),
        "there is no JDK " + feature + " beside the running one nor in -Dwalsync.jdks=");
    Jdk jdk = found.orElseThrow();
    Matrix.record(
        Container.CLASS_PATH,
        jdk,
        Parts.NEW_DRIVER,
        () -> new RoundTrip(Container.CLASS_PATH, jdk, Parts.NEW_DRIVER, folder).run());
  }
}
