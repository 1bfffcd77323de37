package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.app.EndlessRecursion;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.SqliteCli;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application whose stack ends in the middle of what the agent does on its thread. */
final class StackEndIT {

  private static final Duration EXIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Path database;
  private Recovery recovery;
  private Path config;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  private ForkedJvm.Builder application() {
    return ForkedJvm.of(EndlessRecursion.class)
        .classPath(Application.classes(), Application.sqliteJdbc(), Application.slf4j())
        .arguments(database)
        .agent(config);
  }

  private static String rows(Path file) {
    return SqliteCli.required()
        .run(file, List.of("SELECT count(*), hex(max(content)) FROM row;"))
        .succeeded()
        .stdout();
  }

  @Test
  void opensClosesAndTheExitGoOnAfterOverflowsInTheAgentAndNothingIsMissing() {
    try (ForkedJvm app = application().start()) {
      app.ask("open");
      app.ask("insert 1");
      recovery.awaitFirst();
      app.ask("deep 40");
      app.ask("insert 20");
      app.tell("exit");
      assertThat(app.waitForExit(EXIT)).isZero();
      assertThat(app.stderr()).noneMatch(line -> line.contains(" ERROR "));
    }
    DatabaseContent.settle(database);
    assertThat(rows(recovery.restore())).isEqualTo(rows(database));
  }

  @Test
  void aConnectionWhoseOpenTheAgentDidNotSurviveIsReplicatedThoughTheJvmEndsAtOnce() {
    try (ForkedJvm app = application().start()) {
      app.ask("memory");
      app.ask("first");
      app.ask("insert 20");
      app.tell("exit");
      assertThat(app.waitForExit(EXIT)).isZero();
      assertThat(app.stderr()).noneMatch(line -> line.contains("not opened by this process"));
    }
    DatabaseContent.settle(database);
    assertThat(rows(recovery.restore())).isEqualTo(rows(database));
  }

  /** In an interpreter's larger frames the stack ends elsewhere. */
  @ParameterizedTest
  @ValueSource(strings = {"-Xshare:auto", "-Xint"})
  void aDriverThatIsFirstUsedAtTheEndOfTheStackIsWovenLaterAndTold(String option) {
    try (ForkedJvm app = application().option(option).start()) {
      app.ask("first");
      app.ask("insert 20");
      recovery.awaitFirst();
      app.ask("insert 20");
      app.tell("exit");
      assertThat(app.waitForExit(EXIT)).isZero();
      assertThat(app.stderr())
          .filteredOn(line -> line.startsWith("walsync: "))
          .allMatch(line -> line.contains("It is now: databases are replicated"))
          .hasSizeLessThanOrEqualTo(1);
    }
    DatabaseContent.settle(database);
    assertThat(rows(recovery.restore())).isEqualTo(rows(database));
  }
}
