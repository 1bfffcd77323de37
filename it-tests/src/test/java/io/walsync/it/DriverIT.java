package io.walsync.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.testkit.AgentYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shape that sqlite-jdbc has had: the jars that the build puts beside the tests. */
final class DriverIT {

  @TempDir Path folder;

  static List<Path> drivers() throws IOException {
    Path drivers = Path.of(System.getProperty("walsync.drivers", "target/drivers"));
    assumeTrue(Files.isDirectory(drivers), "there is no " + drivers);
    try (Stream<Path> jars = Files.list(drivers)) {
      return jars.filter(jar -> jar.toString().endsWith(".jar"))
          .map(Path::toAbsolutePath)
          .sorted()
          .toList();
    }
  }

  /**
   * With SQLite 3.7.2 one of two writers meets SQLITE_BUSY at once now and then, whatever its
   * timeout, without an agent too: in one of 40 runs of this test's load.
   */
  private static int writerCount(Path driver) {
    return driver.getFileName().toString().equals("sqlite-jdbc-3.7.2.jar") ? 1 : 2;
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void anApplicationWithThatDriverIsReplicated(Path driver) {
    Path database = folder.resolve("app.db");
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replica"));
    Recovery recovery = new Recovery(replica, folder);
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    ForkedJvm.Builder application =
        Application.with(driver, database).classPath(Application.slf4j()).agent(config);
    try (ForkedJvm app = application.start()) {
      app.ask("open");
      app.ask("create");
      app.ask("start threads=" + writerCount(driver) + " storm=25 size=2000 pause=300");
      recovery.awaitSeq(200);
      app.ask("stop");
      app.ask("delete 3");
      app.ask("sql VACUUM");
      app.ask("sql PRAGMA wal_checkpoint");
      recovery.awaitSeq(app.ask("insert 5"));
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    DatabaseContent.sameBytes(database, recovery.restore());
  }
}
