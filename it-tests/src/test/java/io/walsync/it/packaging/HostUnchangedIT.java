package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.walsync.it.harness.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host sees of the agent: nothing, or one line. */
class HostUnchangedIT {

  @TempDir private Path folder;

  static Stream<String> versions() throws IOException {
    return Drivers.versions().stream();
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void aJvmWithoutSqliteBehavesTheSame(int feature) throws Exception {
    Optional<Jdk> jdk =
        Jdk.running().feature() == feature ? Optional.of(Jdk.running()) : Jdk.find(feature);
    assumeThat(jdk).as("a JDK %d", feature).isPresent();

    ForkedJava.Outcome without =
        new ForkedJava(jdk.get(), folder).testClasses().main(PlainApp.class);
    ForkedJava.Outcome with =
        new ForkedJava(jdk.get(), folder)
            .options(Packed.agentOption() + "=absent.yml")
            .testClasses()
            .main(PlainApp.class);
    assertThat(with).isEqualTo(without);
    assertThat(with.exitCode()).isEqualTo(PlainApp.EXIT_CODE);
    assertThat(with.stdout()).contains("log manager " + PlainApp.OwnLogManager.class.getName());
  }

  @Test
  void aJvmWithoutSqliteLoadsOnlyTheBootstrap() throws Exception {
    ForkedJava.Outcome outcome =
        new ForkedJava(Jdk.running(), folder)
            .options(Packed.agentOption(), "-Xlog:class+load:stderr")
            .testClasses()
            .main(PlainApp.class);
    List<String> ours =
        outcome.errLines().stream()
            .filter(line -> line.contains(" io.walsync.") && !line.contains(".it."))
            .map(line -> line.replaceAll(".* (io\\.walsync\\.\\S+) .*", "$1"))
            .sorted()
            .toList();
    assertThat(ours)
        .containsExactly(
            "io.walsync.bootstrap.AgentEntry",
            "io.walsync.bootstrap.AgentJar",
            "io.walsync.bootstrap.IsolatedAgent",
            "io.walsync.bootstrap.NativeDbTransformer");
    assertThat(outcome.stderr()).doesNotContain("java.lang.WalsyncBridge");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void errorsOfTheDriverPassUnchanged(String version) throws Exception {
    ForkedJava.Outcome without =
        new ForkedJava(Jdk.running(), folder).driver(version).testClasses().main(FailuresApp.class);
    ForkedJava.Outcome with =
        new ForkedJava(Jdk.running(), folder)
            .options(Packed.agentOption())
            .driver(version)
            .testClasses()
            .main(FailuresApp.class);
    assertThat(with.stdout()).isEqualTo(without.stdout());
    assertThat(with.exitCode()).isEqualTo(without.exitCode());
    assertThat(with.foreignErrLines()).isEqualTo(without.foreignErrLines());
    assertThat(without.stdout()).contains("busy, step: ", "done");
  }

  @Test
  void aSecondAgentOfTheSameJarIsHarmless() throws Exception {
    ForkedJava.Outcome once = events(Packed.agentOption());
    ForkedJava.Outcome twice = events(Packed.agentOption(), Packed.agentOption());
    assertThat(twice.outLines()).hasSameSizeAs(once.outLines());
    assertThat(ourLines(twice)).isEmpty();
  }

  @Test
  void aSecondAgentWithAnotherConfigurationIsOneLine() throws Exception {
    ForkedJava.Outcome twice =
        events(Packed.agentOption() + "=a.yml", Packed.agentOption() + "=b.yml");
    assertThat(twice.stdout()).contains("opened ").endsWith("faults 0\n");
    assertThat(ourLines(twice)).singleElement().asString().contains("a second -javaagent");
  }

  @Test
  void aCopyOfTheJarElsewhereIsASecondAgentToo() throws Exception {
    Path copy = Files.copy(Packed.jar(), folder.resolve("copy.jar"));
    ForkedJava.Outcome twice = events(Packed.agentOption(), "-javaagent:" + copy);
    assertThat(twice.stdout()).contains("opened ").endsWith("faults 0\n");
    assertThat(ourLines(twice)).isEmpty();
  }

  @Test
  void aPremainThatFailsIsOneLineAndTheApplicationRuns() throws Exception {
    Path jar =
        Packed.copy(
            folder.resolve("incapable.jar"),
            entry -> true,
            manifest -> Packed.without(manifest, "Can-Set-Native-Method-Prefix"));
    assertFailsWithOneLine(jar);
  }

  @Test
  void aJarWithoutTheAgentIsOneLineAndTheApplicationRuns() throws Exception {
    Path jar =
        Packed.copy(
            folder.resolve("hollow.jar"),
            entry -> !entry.startsWith("inst/"),
            manifest -> manifest);
    assertFailsWithOneLine(jar);
  }

  @Test
  void anAgentThatCannotStartIsOneLineAndTheDriverStaysAsItWas() throws Exception {
    Path jar =
        Packed.copy(
            folder.resolve("headless.jar"),
            entry -> !entry.equals("inst/io/walsync/agent/AgentStart.classdata"),
            manifest -> manifest);
    assertFailsWithOneLine(jar);
  }

  private void assertFailsWithOneLine(Path jar) throws Exception {
    ForkedJava.Outcome outcome =
        new ForkedJava(Jdk.running(), folder)
            .options("-javaagent:" + jar)
            .driver("3.36.0.3")
            .testClasses()
            .main(FailuresApp.class);
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.stdout()).endsWith("done\n");
    assertThat(outcome.errLines())
        .singleElement()
        .asString()
        .startsWith("walsync: replication is off: ");
  }

  private ForkedJava.Outcome events(String... agents) throws Exception {
    Files.deleteIfExists(folder.resolve("a.db"));
    return new ForkedJava(Jdk.running(), folder)
        .options(agents)
        .driver(Drivers.NEWEST)
        .testClasses()
        .main(EventsApp.class, "a.db");
  }

  private static List<String> ourLines(ForkedJava.Outcome outcome) {
    return outcome.errLines().stream().filter(line -> line.startsWith("walsync: ")).toList();
  }
}
