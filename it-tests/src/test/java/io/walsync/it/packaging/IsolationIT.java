package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Jdk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent sees nothing of the host, and the host process gets no second SQLite. */
class IsolationIT {

  private static final String LOG_LINE =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z walsync INFO Db - a message";

  @TempDir private Path folder;

  @Test
  void inAHostThereIsNoSqliteThoughJarAndClassPathHaveOne() throws Exception {
    ForkedJava.Outcome outcome = classPath().main(LoaderApp.class, arguments("forHost"));
    assertThat(outcome.outLines())
        .contains("own class: io.walsync.agent.AgentStart")
        .contains("test class: not found")
        .contains("sqlite: not found")
        .contains("native: not found")
        .contains("library: none")
        .contains("drivers: 0")
        .contains("slf4j of the host: not found")
        .contains("query: not found");
  }

  @Test
  void inAModularHostThereIsNoSqliteEither() throws Exception {
    List<String> main = new ArrayList<>(List.of(LoaderApp.class.getName()));
    main.addAll(List.of(arguments("forHost")));
    ForkedJava.Outcome outcome = modular().classPath(Packed.jar()).testClasses().run(main);
    assertThat(outcome.outLines())
        .contains("own class: io.walsync.agent.AgentStart")
        .contains("sqlite: not found")
        .contains("native: not found")
        .contains("slf4j of the host: not found");
  }

  @Test
  void aNamedModuleOfSqliteIsWoven() throws Exception {
    ForkedJava.Outcome outcome =
        modular()
            .options(Packed.agentOption())
            .testClasses()
            .run(List.of(EventsApp.class.getName(), "a.db"));
    assertThat(outcome.stdout()).contains("opened ", "afterCall close 0").endsWith("faults 0\n");
  }

  @Test
  void theCommandLineHasTheJarsOwnSqlite() throws Exception {
    ForkedJava.Outcome outcome = classPath().main(LoaderApp.class, arguments("forCommandLine"));
    assertThat(outcome.outLines())
        .contains("sqlite: org.sqlite.JDBC")
        .contains("library: walsync")
        .contains("drivers: 1")
        .contains("test class: not found")
        .anyMatch(line -> line.matches("query: 3\\.\\d+\\.\\d+"));
  }

  @Test
  void theRunningAgentSeesNoSqliteEither() throws Exception {
    assertThat(armed().main(LoaderApp.class, arguments("armed")).outLines())
        .contains("own class: io.walsync.agent.AgentStart")
        .contains("sqlite: not found")
        .contains("native: not found")
        .contains("query: not found");
  }

  @Test
  void theLogIsOneShortLineOnStderr() throws Exception {
    ForkedJava.Outcome outcome = armed().main(LoaderApp.class, arguments("armed"));
    assertLogged(outcome);
  }

  @Test
  void theHostsLogConfigurationDoesNotReachOurs() throws Exception {
    Files.writeString(
        folder.resolve("simplelogger.properties"),
        "org.slf4j.simpleLogger.logFile=System.out\norg.slf4j.simpleLogger.defaultLogLevel=trace\n");
    ForkedJava.Outcome outcome =
        armed()
            .classPath(folder)
            .options(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                "-Dorg.slf4j.simpleLogger.logFile=System.out",
                "-Dslf4j.provider=com.example.NoSuchProvider",
                "-Dslf4j.internal.verbosity=DEBUG")
            .main(LoaderApp.class, arguments("armed"));
    assertLogged(outcome);
  }

  private static void assertLogged(ForkedJava.Outcome outcome) {
    assertThat(outcome.errLines())
        .filteredOn(line -> line.contains("a message"))
        .singleElement()
        .asString()
        .matches(LOG_LINE);
    assertThat(outcome.stderr()).doesNotContain("a detail", "SLF4J");
    assertThat(outcome.stdout()).doesNotContain("a message", "a detail");
  }

  private ForkedJava classPath() {
    return new ForkedJava(Jdk.running(), folder)
        .classPath(Packed.jar())
        .driver(Drivers.NEWEST)
        .testClasses();
  }

  private ForkedJava armed() {
    return classPath()
        .options(Packed.agentOption(), "--add-opens", "java.base/java.lang=ALL-UNNAMED");
  }

  private ForkedJava modular() {
    return new ForkedJava(Jdk.running(), folder)
        .options(
            "-p",
            Drivers.jar(Drivers.NEWEST)
                + java.io.File.pathSeparator
                + ForkedJava.whereIs(org.slf4j.Logger.class),
            "--add-modules",
            "org.xerial.sqlitejdbc");
  }

  private static String[] arguments(String mode) {
    return new String[] {Packed.jar().toString(), mode};
  }
}
