package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.it.harness.AgentYaml;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Jdk;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.RestoreCommand;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every Java that the jar promises to run on, as far as this machine has it. */
final class JavaVersionIT {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {8, 11, 17, 21, 25})
  void anApplicationOnThatJavaIsReplicatedKilledAndRestored(int feature) {
    assumeTrue(
        Jdk.find(feature).isPresent(),
        "there is no JDK " + feature + " beside the running one nor in -Dwalsync.jdks=");
    Jdk jdk = Jdk.find(feature).orElseThrow();
    Path database = folder.resolve("app.db");
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replica"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.builder(database).on(jdk).agent(config).start()) {
      assertThat(app.ask("java")).matches("(1\\.)?" + feature + "\\b.*");
      app.ask("open");
      app.ask("create");
      app.ask("start threads=2 storm=25 size=2000 pause=300");
      new Recovery(replica, folder).awaitSeq(200);
      app.ask("stop");
      new Recovery(replica, folder.resolve("later")).awaitSeq(app.ask("insert 5"));
      assertThat(app.stderr())
          .noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
      app.kill();
    }
    DatabaseContent.settle(database);
    Path restored = folder.resolve("by-that-java.db");
    RestoreCommand.from(replica).on(jdk).to(restored).succeeded();
    LedgerContent.of(restored).isTheSameAs(LedgerContent.of(database));
  }
}
