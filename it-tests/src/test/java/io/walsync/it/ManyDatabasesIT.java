package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One entry of the configuration, several databases. */
final class ManyDatabasesIT {

  @TempDir Path folder;

  @Test
  void everyDatabaseOfADirectoryHasAReplicaOfItsOwn() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path config =
        Files.write(
            folder.resolve("walsync.yml"),
            List.of(
                "dbs:",
                "  - dir: " + data,
                "    pattern: '*.db'",
                "    replica:",
                "      path: " + folder.resolve("replicas"),
                "      sync-interval: 50ms"));
    for (String name : List.of("one.db", "two.db", "three.db", "left-alone.sqlite")) {
      Path database = data.resolve(name);
      try (ForkedJvm app = Application.replicated(database, config)) {
        app.ask("open");
        app.ask("create");
        app.ask("insert 30 1000");
        app.ask("close");
        app.exit();
      }
    }
    assertThat(folder.resolve("replicas").toFile().list())
        .containsExactlyInAnyOrder("one.db", "two.db", "three.db");
    for (String name : List.of("one.db", "two.db", "three.db")) {
      DirectoryReplica replica = new DirectoryReplica(folder.resolve("replicas").resolve(name));
      new Recovery(replica, folder.resolve("restored-" + name))
          .ledger()
          .isTheSameAs(LedgerContent.of(data.resolve(name)));
    }
  }

  @Test
  void severalDatabasesOfOneApplicationDoNotDisturbEachOther() throws IOException {
    Path config =
        Files.write(
            folder.resolve("walsync.yml"),
            List.of(
                "dbs:",
                "  - path: " + folder + "/*.db",
                "    replica:",
                "      path: " + folder.resolve("replicas"),
                "      sync-interval: 50ms"));
    Path other = folder.resolve("other.db");
    try (ForkedJvm app = Application.replicated(folder.resolve("app.db"), config)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 30 1000");
      app.ask("sql ATTACH '" + other + "' AS other");
      app.ask("sql CREATE TABLE main.here(x)");
      app.ask("insert 30 1000");
      app.ask("sql DETACH other");
      app.ask("close");
      app.exit();
    }
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replicas").resolve("app.db"));
    new Recovery(replica, folder.resolve("restored"))
        .ledger()
        .isTheSameAs(LedgerContent.of(folder.resolve("app.db")));
  }
}
