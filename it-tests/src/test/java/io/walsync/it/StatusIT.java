package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Intruder;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import io.walsync.testkit.S3Server;
import io.walsync.testkit.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code status} tells of a running JVM, in good times and in bad ones. */
final class StatusIT {

  private static final Duration NOTICE = Duration.ofSeconds(60);
  private static final int NOT_REPLICATED = 8;

  @TempDir Path folder;
  private Path database;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
  }

  @Test
  void anOutageIsSeenWhileItLasts() {
    S3Server server = S3Servers.EMBEDDED.server();
    TcpProxy network = new TcpProxy(server.endpoint());
    BucketReplica replica = new BucketReplica(server, network.endpoint());
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      assertThat(status(app).succeeded().stdout()).contains("has opened no database");
      app.ask("open");
      app.ask("create");
      new Recovery(replica, folder).awaitSeq(app.ask("insert 5 1000"));
      await().atMost(NOTICE).until(() -> status(app).exitCode() == 0);
      assertThat(status(app).stdout())
          .startsWith("database")
          .contains(database + "  replicating  0 s  0       0000");
      assertThat(status(app).stdout())
          .containsPattern("\n" + database + " +\\d+ +\\d+ +\\d+ +\\d+ +0 +\\d+ +\\d+\n")
          .containsPattern(
              "\nwalsync \\S+ on Java \\S+, sqlite-jdbc 3\\S+ with SQLite 3\\S+, since \\S+, with "
                  + config
                  + "\n");
      assertThat(json(app).stdout())
          .contains("\"sqlite\": \"3.", "\"unopened\": []", "\"replica_files\": ")
          .contains("\"fine\": true", "\"lag_seconds\": 0", "\"operation\": \"write\"")
          .contains("\"path\": \"" + database + "\"")
          .contains("\n      \"state\": \"replicating\"");

      network.cut();
      app.ask("insert 5 1000");
      await().atMost(NOTICE).until(() -> status(app).stdout().contains("  store-down  "));
      Command.Outcome down = status(app);
      assertThat(down.exitCode()).isEqualTo(NOT_REPLICATED);
      assertThat(down.stdout()).contains("\n" + database + ": store-down: ");
      assertThat(json(app).exitCode()).isEqualTo(NOT_REPLICATED);
      assertThat(json(app).stdout()).doesNotContain("\"store_down_since\": null");

      network.mend();
      await().atMost(NOTICE).until(() -> status(app).exitCode() == 0);
      app.ask("close");
      app.exit();
    } finally {
      replica.close();
      network.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.8.11.2", "3.54.1.0"})
  void theStartIsOneLineAndWhatIsNotOpenedIsNamed(String driver) {
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replica"));
    Path other = folder.resolve("other.db");
    Path config =
        AgentYaml.of(database, replica)
            .database(other, new DirectoryReplica(folder.resolve("other-replica")))
            .writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app =
        Application.with(driver(driver), database)
            .classPath(Application.slf4j())
            .agent(config)
            .start()) {
      app.ask("open");
      app.ask("create");
      new Recovery(replica, folder).awaitSeq(app.ask("insert 5"));
      String started =
          " walsync INFO walsync - walsync .* on Java .*, sqlite-jdbc .* with SQLite .*; 2 databases"
              + " or patterns in .*";
      assertThat(app.stderr())
          .filteredOn(line -> line.matches(".*" + started))
          .singleElement()
          .asString()
          .contains(
              "sqlite-jdbc " + driver.replaceAll("\\.0$", ""), "SQLite " + driver.substring(0, 3));
      assertThat(status(app).stdout())
          .contains("\nconfigured, but not opened so far: " + other + "\n");
      app.ask("close");
      app.exit();
    }
  }

  private static Path driver(String version) {
    return Path.of(System.getProperty("walsync.drivers", "target/drivers"))
        .resolve("sqlite-jdbc-" + version + ".jar")
        .toAbsolutePath();
  }

  @Test
  void whoIsFencedIsToldSo() {
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replica"));
    try (Intruder intruder = new Intruder(folder, replica, yaml -> yaml)) {
      intruder.comes(new Recovery(replica, folder), "insert 5");
      String refused = "(?s).*\n\\Q" + intruder.database() + "\\E: (refused|fenced): .*";
      await().atMost(NOTICE).until(() -> status(intruder.second()).stdout().matches(refused));
      assertThat(status(intruder.second()).exitCode()).isEqualTo(NOT_REPLICATED);
      await().atMost(NOTICE).until(() -> status(intruder.first()).exitCode() == 0);
      intruder.exit();
    }
  }

  @Test
  void aJvmWithoutTheAgentAndOneWhoseConfigurationIsWrongAreNoSuccess() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.yml"), "dbz: 1\n");
    try (ForkedJvm plain = Application.plain(database)) {
      plain.ask("open");
      assertThatThereIsNoAgent(status(plain));
      plain.ask("close");
      plain.exit();
    }
    try (ForkedJvm wrong = Application.builder(database).agent(bad).start()) {
      wrong.ask("open");
      await().atMost(NOTICE).until(() -> status(wrong).exitCode() == 1);
      assertThatThereIsNoAgent(status(wrong));
      wrong.ask("close");
      wrong.exit();
    }
  }

  private static void assertThatThereIsNoAgent(Command.Outcome outcome) {
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr()).contains("there is no agent, or its configuration was wrong");
  }

  @Test
  void aProcessThatIsNotThereIsNamed() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Command.Outcome outcome = RestoreCommand.cli(Map.of(), "status", String.valueOf(gone.pid()));
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stderr()).contains("there is no process " + gone.pid());
    assertThat(RestoreCommand.cli(Map.of(), "status", "mine").exitCode()).isEqualTo(2);
    assertThat(RestoreCommand.cli(Map.of(), "status").exitCode()).isEqualTo(2);
  }

  @Test
  void afterADetachThereIsNothingToTell() {
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replica"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      new Recovery(replica, folder).awaitSeq(app.ask("insert 5"));
      RestoreCommand.cli(Map.of(), "detach", String.valueOf(app.pid())).succeeded();
      assertThatThereIsNoAgent(status(app));
      app.ask("close");
      app.exit();
    }
  }

  @Test
  void aStoppedJvmIsNotWaitedFor() {
    Path config =
        AgentYaml.of(database, new DirectoryReplica(folder.resolve("replica")))
            .writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      status(app);
      signal("STOP", app);
      Command.Outcome stopped = status(app);
      signal("CONT", app);
      assertThat(stopped.exitCode()).isEqualTo(1);
      assertThat(stopped.stderr()).contains("cannot be attached to: it is stopped");
      app.ask("create");
      app.exit();
    }
  }

  private static void signal(String name, ForkedJvm app) {
    Command.run(List.of("kill", "-" + name, String.valueOf(app.pid())), Map.of(), "").succeeded();
  }

  private static Command.Outcome status(ForkedJvm app) {
    return RestoreCommand.cli(Map.of(), "status", String.valueOf(app.pid()));
  }

  private static Command.Outcome json(ForkedJvm app) {
    return RestoreCommand.cli(Map.of(), "status", String.valueOf(app.pid()), "--json");
  }
}
