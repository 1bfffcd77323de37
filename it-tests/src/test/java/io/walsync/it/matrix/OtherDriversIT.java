package io.walsync.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers that resemble org.xerial's: one line each, and nothing else of us. */
final class OtherDriversIT {

  @TempDir Path folder;
  private Path database;
  private Path config;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    config =
        AgentYaml.of(database, new DirectoryReplica(folder.resolve("replica")))
            .writeTo(folder.resolve("walsync.yml"));
  }

  private static List<String> ours(ForkedJvm app) {
    return app.stderr().stream().filter(line -> line.contains("walsync")).toList();
  }

  @Test
  void theEncryptingForkWorksOnAndIsNotReplicated() {
    Path driver = DriverJars.other("willena").get(0);
    try (ForkedJvm app = Application.with(driver, database).agent(config).start()) {
      app.ask("open");
      app.ask("create");
      assertThat(app.ask("insert 5")).isEqualTo("5");
      app.ask("close");
      app.exit();
      assertThat(ours(app))
          .singleElement()
          .asString()
          .startsWith("walsync: databases of io.github.willena:sqlite-jdbc are not replicated:");
    }
    assertThat(folder.resolve("replica")).doesNotExist();
    assertThat(Path.of(database + "-wal")).doesNotExist();
  }

  @Test
  void sqlite4jIsAnsweredWithOneLineAndXerialsBesideItIsReplicated() {
    ForkedJvm.Builder application = Application.builder(database).agent(config);
    DriverJars.other("sqlite4j").forEach(application::classPath);
    try (ForkedJvm app = application.start()) {
      app.ask("load io.roastedroot.sqlite4j.core.WasmDB");
      app.ask("open");
      app.ask("create");
      app.ask("insert 5");
      app.ask("close");
      app.exit();
      assertThat(ours(app))
          .filteredOn(line -> line.contains("sqlite4j"))
          .singleElement()
          .asString()
          .startsWith("walsync: databases of sqlite4j are not replicated:");
    }
    assertThat(Files.exists(folder.resolve("replica"))).isTrue();
  }
}
