package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.app.SqlShell;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.testkit.AgentYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However the application spells the name of its database, SQLite knows which file it is. */
final class ConnectionTargetIT {

  private static final Duration SAID_DEADLINE = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Path database;
  private Path config;
  private Replica replica;

  @BeforeEach
  void place() {
    database = folder.resolve("my app.db");
    replica = new DirectoryReplica(folder.resolve("replica"));
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  private static Stream<Path> drivers() throws IOException {
    // The first that read URIs, the last that read the schema to answer, and what came after.
    return Stream.of("3.8.11.2", "3.36.0.3", "3.39.3.0", "3.54.1.0")
        .map(version -> "sqlite-jdbc-" + version + ".jar")
        .map(Path.of(System.getProperty("walsync.drivers"))::resolve);
  }

  private ForkedJvm shell(Path driver, Path agentConfig) {
    return ForkedJvm.of(SqlShell.class)
        .classPath(Application.classes(), driver, Application.slf4j())
        .agent(agentConfig)
        .start();
  }

  private String relativeFolder() {
    return Path.of("").toAbsolutePath().relativize(folder).toString();
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void aRelativeUriWithEscapesIsReplicated(Path driver) {
    try (ForkedJvm app = shell(driver, config)) {
      app.ask("open a jdbc:sqlite:file:" + relativeFolder() + "/m%79%20app.db");
      app.ask("sql a CREATE TABLE t(x)");
      app.ask("sql a INSERT INTO t VALUES('by URI')");
      new Recovery(replica, folder).awaitFirst();
      app.ask("sql a INSERT INTO t VALUES('later')");
      app.ask("close a");
      app.exit();
    }
    DatabaseContent.sameBytes(database, new Recovery(replica, folder).restore());
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void aConnectionByUriThatClosesAtOnceIsReplicated(Path driver) {
    try (ForkedJvm app = shell(driver, config)) {
      String url = "jdbc:sqlite:file:" + relativeFolder() + "/my%20app.db";
      app.ask("cycle 1 " + url + " CREATE TABLE t(x);INSERT INTO t VALUES(1)");
      app.ask("cycle 20 " + url + " INSERT INTO t VALUES(2)");
      app.exit();
    }
    DatabaseContent.sameBytes(database, new Recovery(replica, folder).restore());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nolock=1", "vfs=unix-dotfile"})
  void aConnectionWhoseLocksNobodySeesIsLeftAloneAloud(String parameter) throws IOException {
    try (ForkedJvm app = shell(Application.sqliteJdbc(), config)) {
      app.ask(
          "open a jdbc:sqlite:file:" + database.toString().replace(" ", "%20") + "?" + parameter);
      app.ask("sql a CREATE TABLE t(x)");
      await().atMost(SAID_DEADLINE).until(() -> isSaid(app, parameter.replace("=1", "")));
      assertThat(app.ask("sql a PRAGMA journal_mode")).isEqualTo("delete");
      app.ask("sql a INSERT INTO t VALUES(1)");
      app.exit();
    }
    assertThat(folder.resolve("replica")).doesNotExist();
  }

  private static boolean isSaid(ForkedJvm app, String parameter) {
    return app.stderr().stream()
        .anyMatch(
            line ->
                line.contains("not replicated") && line.contains("opened it with " + parameter));
  }

  @Test
  void aConfiguredDatabaseThatNobodyOpensIsNamedAtTheEnd() throws IOException {
    Path other = folder.resolve("other.db");
    try (ForkedJvm app = shell(Application.sqliteJdbc(), config)) {
      app.ask("open a jdbc:sqlite:" + other);
      app.ask("sql a CREATE TABLE t(x)");
      app.exit();
      assertThat(app.stderr())
          .anyMatch(
              line ->
                  line.contains(database + ": configured, but not opened")
                      && line.contains(other.toString()));
    }
    assertThat(Files.size(other)).isPositive();
  }

  @Test
  void theAgentAnswersForTheFileThatALinkLedToWhenItWasOpened() throws IOException {
    Path first = Files.createDirectory(folder.resolve("release1"));
    Path second = Files.createDirectory(folder.resolve("release2"));
    Path current = folder.resolve("current");
    Files.createSymbolicLink(current, first);
    Path yaml =
        AgentYaml.of(current.resolve("app.db"), replica).writeTo(folder.resolve("links.yml"));
    try (ForkedJvm app = shell(Application.sqliteJdbc(), yaml)) {
      app.ask("open a jdbc:sqlite:" + current.resolve("app.db"));
      app.ask("sql a CREATE TABLE t(x)");
      new Recovery(replica, folder).awaitFirst();
      Files.delete(current);
      Files.createSymbolicLink(current, second);
      app.ask("sql a INSERT INTO t VALUES('of the first')");
      app.ask("close a");
      app.exit();
    }
    DatabaseContent.sameBytes(first.resolve("app.db"), new Recovery(replica, folder).restore());
  }
}
