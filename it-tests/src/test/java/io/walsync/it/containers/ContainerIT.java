package io.walsync.it.containers;

import io.walsync.it.harness.Jdk;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One round in each kind of container; {@link JavaMatrixIT} has all Javas and drivers. */
final class ContainerIT {

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"MODULE_PATH", "SPRING_BOOT_4", "OSGI_EMBEDDED"})
  void anApplicationInThatContainerIsReplicatedKilledAndRestored(Container container) {
    Matrix.record(
        container,
        Jdk.running(),
        Parts.NEW_DRIVER,
        () -> new RoundTrip(container, Jdk.running(), Parts.NEW_DRIVER, folder).run());
  }
}
