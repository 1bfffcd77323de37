package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.walsync.it.app.HostStateApp;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.Jdk;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Folders;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program whose database is replicated prints what it prints without the agent, to the byte. */
class HostStateIT {

  private static final String PICKED_UP = "Picked up JAVA_TOOL_OPTIONS: ";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {8, 17, 25})
  void nothingInTheProcessIsOurs(int feature) throws Exception {
    Optional<Jdk> jdk =
        Jdk.running().feature() == feature ? Optional.of(Jdk.running()) : Jdk.find(feature);
    assumeThat(jdk).as("a JDK %d", feature).isPresent();
    Path database = folder.resolve("app.db");
    Path replica = folder.resolve("replica");

    ForkedJava.Outcome without = app(jdk.get()).main(HostStateApp.class, database.toString(), "-");
    Files.delete(database);
    Path config =
        AgentYaml.of(database, new DirectoryReplica(replica))
            .top("logging:")
            .top("  level: off")
            .writeTo(folder.resolve("walsync.yml"));
    ForkedJava.Outcome with =
        app(jdk.get())
            .options(Packed.agentOption() + "=" + config)
            .main(
                HostStateApp.class,
                database.toString(),
                replica.resolve("ltx").resolve("9").toString());

    assertThat(replica.resolve("ltx").resolve("9")).isDirectory();
    // Java 8 itself appends every agent to java.class.path.
    String stdout = with.stdout().replace(File.pathSeparator + Packed.jar(), "");
    assertThat(stdout).isEqualTo(without.stdout());
    assertThat(with.stderr()).isEqualTo(without.stderr());
    assertThat(with.exitCode()).isEqualTo(without.exitCode()).isEqualTo(HostStateApp.EXIT_CODE);
    assertThat(with.stdout()).contains("log manager " + HostStateApp.OwnLogManager.class.getName());
  }

  private ForkedJava app(Jdk jdk) {
    return new ForkedJava(jdk, folder)
        .options("-Dorg.sqlite.tmpdir=" + Folders.create(folder.resolve("native")))
        .driver(Drivers.NEWEST)
        .classPath(Application.classes());
  }

  @Test
  void turnedOffTheLogTellsAWrongConfigurationInOneLine() throws Exception {
    Path config = folder.resolve("wrong.yml");
    Files.writeString(config, "logging:\n  level: off\ndsb: []\n");
    ForkedJava.Outcome outcome =
        app(Jdk.running())
            .options(Packed.agentOption() + "=" + config)
            .main(HostStateApp.class, folder.resolve("app.db").toString(), "-");
    assertThat(outcome.exitCode()).isEqualTo(HostStateApp.EXIT_CODE);
    assertThat(outcome.errLines().stream().filter(line -> line.contains("walsync ERROR")))
        .singleElement()
        .asString()
        .contains("dsb", "Nothing is replicated");
  }

  static Stream<List<String>> tools() {
    return Stream.of(
        List.of("javac", "-d", "out", "A.java"),
        List.of("javac", "-version"),
        List.of("jar", "--list", "--file", "absent.jar"),
        List.of("keytool", "-list", "-keystore", "absent.jks", "-storepass", "changeit"),
        List.of("jps", "-help"),
        List.of("jcmd", "-h"));
  }

  @ParameterizedTest
  @MethodSource("tools")
  void aToolOfTheJdkPrintsWhatItPrints(List<String> command) throws Exception {
    Files.writeString(folder.resolve("A.java"), "class A { @Deprecated int x = null; }");
    String option = Packed.agentOption() + "=absent.yml";
    List<String> without = run(command, "-Dplain=1");
    List<String> with = run(command, option);
    assertThat(with).contains(PICKED_UP + option);
    with.removeIf(line -> line.startsWith(PICKED_UP));
    without.removeIf(line -> line.startsWith(PICKED_UP));
    assertThat(with).isEqualTo(without).hasSizeGreaterThan(1);
  }

  /** Both streams, and the exit code. */
  private List<String> run(List<String> command, String toolOptions) throws Exception {
    List<String> words = new ArrayList<>(command);
    words.set(0, Jdk.running().home().resolve("bin").resolve(command.get(0)).toString());
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_TOOL_OPTIONS", toolOptions);
    Process process = builder.start();
    process.getOutputStream().close();
    int exitCode = process.waitFor();
    List<String> lines = new ArrayList<>(Files.readAllLines(output));
    lines.add("exit code " + exitCode);
    return lines;
  }
}
