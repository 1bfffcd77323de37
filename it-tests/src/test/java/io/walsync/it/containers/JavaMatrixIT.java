package io.walsync.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Jdk;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Folders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Java, driver and container, each with each: those of a short campaign are chosen so that every
 * Java, either driver and every container occur, and each container with its oldest and newest
 * Java.
 */
@Tag("campaign")
final class JavaMatrixIT {

  private static final List<Integer> PROMISED = List.of(8, 11, 17, 21, Jdk.NEWEST_PROMISED);

  @TempDir Path folder;

  static List<Arguments> cells() {
    boolean isLong = "long".equals(System.getProperty("campaign.length"));
    List<Arguments> cells = new ArrayList<>();
    for (Container container : Container.values()) {
      List<Jdk> suitable =
          Jdk.all().stream()
              .filter(jdk -> PROMISED.contains(jdk.feature()) || jdk.isLookAhead())
              .filter(jdk -> container.runsOn(jdk.feature()))
              .toList();
      for (Jdk jdk : suitable) {
        boolean isOldest = jdk.equals(suitable.get(0));
        boolean isNewest = jdk.equals(suitable.get(suitable.size() - 1));
        // On the class path, where only these two matter, every Java meets either driver: the new
        // one in JavaVersionIT.
        boolean isClassPath = container == Container.CLASS_PATH;
        if (isLong || isOldest || isClassPath) {
          cells.add(Arguments.of(container, jdk, Parts.OLD_DRIVER));
        }
        if (isLong || isNewest) {
          cells.add(Arguments.of(container, jdk, Parts.NEW_DRIVER));
        }
      }
    }
    return cells;
  }

  @ParameterizedTest
  @MethodSource("cells")
  void anApplicationThereIsReplicatedKilledAndRestored(
      Container container, Jdk jdk, String driverVersion) {
    Matrix.record(container, jdk, driverVersion, () -> run(container, jdk, driverVersion));
  }

  private void run(Container container, Jdk jdk, String driverVersion) {
    if (jdk.isLookAhead()) {
      requireItRunsWithoutUs(container, jdk, driverVersion);
    }
    new RoundTrip(container, jdk, driverVersion, folder.resolve("with")).run();
  }

  /** An early access build may be at odds with the container or the driver, and that is theirs. */
  private void requireItRunsWithoutUs(Container container, Jdk jdk, String driverVersion) {
    Host host = host(jdk, driverVersion, "without", null);
    try (DeployedApp app = container.start(host)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 5");
    } catch (AssertionError failure) {
      abort(jdk + " runs \"" + container + "\" not even without the agent: " + failure);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void theJvmSaysNothingThatItWouldNotSayWithoutUs(Jdk jdk) {
    List<String> without = stderrOf(host(jdk, Parts.NEW_DRIVER, "without", null), List.of());
    Path config = RoundTrip.configure(folder.resolve("with"));
    List<String> with = stderrOf(host(jdk, Parts.NEW_DRIVER, "with", config), List.of());
    assertThat(with).filteredOn(line -> !isOurLog(line)).isEqualTo(without);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void neitherWhatNewerJavasForbidNorMoreModulesThanJdbcAreNeeded(Jdk jdk) {
    try (BucketReplica replica = new BucketReplica(S3Servers.EMBEDDED.server())) {
      Path home = Folders.create(folder.resolve("strict"));
      Path config =
          AgentYaml.of(home.resolve(Host.DATABASE), replica).writeTo(home.resolve("walsync.yml"));
      Host host = host(jdk, Parts.OLD_DRIVER, "strict", config);
      assertThat(stderrOf(host, strictness(jdk)))
          .anyMatch(line -> line.contains("replicating to"))
          .noneMatch(line -> line.startsWith("WARNING") || RoundTrip.isComplaint(line));
      LedgerContent.of(new Recovery(replica, home).restore())
          .isTheSameAs(LedgerContent.of(host.database()));
    }
  }

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  /** Everything denied that this Java can deny; the driver may load its library. */
  private static List<String> strictness(Jdk jdk) {
    List<String> options = new ArrayList<>();
    if (jdk.feature() >= Host.MODULES_SINCE) {
      // What a runtime image made for a JDBC application has, and what -javaagent itself wants.
      options.add("--limit-modules=java.sql,java.instrument");
    }
    if (jdk.feature() >= Host.MODULES_SINCE && jdk.feature() < 17) {
      options.add("--illegal-access=deny");
    }
    if (jdk.feature() >= Host.UNSAFE_WARNINGS_SINCE) {
      options.add("--sun-misc-unsafe-memory-access=deny");
      options.add("--illegal-native-access=deny");
      options.add("--enable-native-access=ALL-UNNAMED");
    }
    if (jdk.feature() >= Host.FINAL_FIELDS_SINCE) {
      options.add("--illegal-final-field-mutation=deny");
    }
    return options;
  }

  private Host host(Jdk jdk, String driverVersion, String name, Path config) {
    return new Host(jdk, driverVersion, Folders.create(folder.resolve(name)), config);
  }

  private static List<String> stderrOf(Host host, List<String> options) {
    ForkedJvm.Builder builder = Container.classPath(host);
    options.forEach(builder::option);
    try (ForkedJvm jvm = builder.start()) {
      jvm.ask("open");
      jvm.ask("create");
      jvm.ask("insert 5");
      jvm.ask("close");
      jvm.exit();
      return List.copyOf(jvm.stderr());
    }
  }

  private static boolean isOurLog(String line) {
    return line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z walsync INFO .*");
  }
}
