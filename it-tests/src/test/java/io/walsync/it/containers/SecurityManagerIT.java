package io.walsync.it.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.it.harness.AgentJar;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Legacy applications under a security manager: the agent may do what its own policy entry says,
 * whatever the application on whose thread it runs may not.
 */
@Tag("campaign")
final class SecurityManagerIT {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {8, 17})
  void anAgentThatThePolicyTrustsReplicatesAnApplicationThatItDoesNot(int feature)
      throws IOException {
    Jdk jdk = find(feature);
    RoundTrip trip = new RoundTrip(Container.CLASS_PATH, jdk, Parts.NEW_DRIVER, folder);
    trip.run(start(trip.host(), AgentJar.path(), Parts.driver(Parts.NEW_DRIVER), Parts.slf4j()));
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 17})
  void anAgentThatThePolicyForgetsSaysSoInOneLineAndTheApplicationRuns(int feature)
      throws IOException {
    RoundTrip trip = new RoundTrip(Container.CLASS_PATH, find(feature), Parts.NEW_DRIVER, folder);
    try (DeployedApp app = start(trip.host(), Parts.driver(Parts.NEW_DRIVER), Parts.slf4j())) {
      app.ask("open");
      app.ask("create");
      assertThat(app.ask("insert 5")).isEqualTo("5");
      assertThat(app.jvm().stderr())
          .filteredOn(line -> line.contains("walsync:"))
          .singleElement()
          .asString()
          .contains("replication is off", "security policy", "AllPermission");
    }
  }

  private DeployedApp start(Host host, Path... trusted) throws IOException {
    ForkedJvm.Builder builder =
        Container.classPath(host)
            .option("-Djava.security.manager")
            // Two signs: this policy and no other.
            .option("-Djava.security.policy==" + policy(trusted));
    return new DeployedApp(builder.start(), "");
  }

  private Path policy(Path... trusted) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path jar : trusted) {
      lines.add("grant codeBase \"" + jar.toUri() + "\" {");
      lines.add("  permission java.security.AllPermission;");
      lines.add("};");
    }
    lines.add("grant codeBase \"" + Parts.applicationFolder().toUri() + "-\" {");
    lines.add("  permission java.io.FilePermission \"<<ALL FILES>>\", \"read,write,delete\";");
    lines.add("  permission java.util.PropertyPermission \"*\", \"read,write\";");
    lines.add("  permission java.lang.RuntimePermission \"loadLibrary.*\";");
    lines.add("  permission java.lang.RuntimePermission \"getenv.*\";");
    lines.add("  permission java.lang.RuntimePermission \"readFileDescriptor\";");
    // What it takes to look for traces of the agent.
    lines.add("  permission java.lang.RuntimePermission \"getClassLoader\";");
    lines.add("  permission java.lang.RuntimePermission \"getProtectionDomain\";");
    lines.add("};");
    return Files.write(folder.resolve("application.policy"), lines);
  }

  private static Jdk find(int feature) {
    Optional<Jdk> jdk = Jdk.find(feature);
    assumeTrue(jdk.isPresent(), "there is no JDK " + feature);
    return jdk.orElseThrow();
  }
}
