package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Litestream;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the jar proves of a replica that somebody writes. */
class VerifyIT {

  private static final String RECORDED = " is the one recorded at its commit";

  @TempDir Path folder;
  private Path database;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
  }

  private static Command.Outcome verify(Replica replica, String... options) {
    String[] words = new String[options.length + 2];
    words[0] = "verify";
    System.arraycopy(options, 0, words, 1, options.length);
    words[words.length - 1] = replica.url();
    return RestoreCommand.cli(replica.credentials(), words);
  }

  private void provesWhatIsWritten(Replica replica) {
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    Recovery recovery = new Recovery(replica, folder);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 20 2000"));
      app.ask("start threads=2 size=3000");
      assertThat(verify(replica).succeeded().stdout()).contains(RECORDED);
      app.ask("stop");
      app.ask("close");
      app.exit();
    }
    for (String tier : new String[] {"stream", "drill"}) {
      assertThat(verify(replica, "-tier", tier).succeeded().stdout()).contains(RECORDED);
    }
    assertThat(verify(replica, "-tier", "ledger").succeeded().stdout())
        .doesNotContain("without a recorded SHA-256");
    assertThat(verify(replica, "-all").succeeded().stdout())
        .contains(RECORDED)
        .doesNotContain("not recorded");
    assertThat(
            RestoreCommand.cli(replica.credentials(), "timeline", replica.url())
                .succeeded()
                .stdout())
        .contains("every TXID")
        .doesNotContain("lost:");
  }

  @Test
  void aDirectoryIsProvedWhileItIsWritten() {
    provesWhatIsWritten(new DirectoryReplica(folder.resolve("replica")));
  }

  @ParameterizedTest
  @EnumSource
  void aBucketIsProvedWhileItIsWritten(S3Servers kind) {
    try (BucketReplica replica = new BucketReplica(kind.server())) {
      provesWhatIsWritten(replica);
    }
  }

  @Test
  void ofLitestreamsReplicaAllIsProvedButTheWholeDatabasesChecksum() {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 50 2000");
      app.ask("close");
      app.exit();
    }
    litestream.replicateOnce(database, replica).succeeded();
    assertThat(verify(replica, "-all").succeeded().stdout())
        .contains(" was not recorded at its commit, so it is not compared");
    assertThat(verify(replica, "-tier", "ledger").succeeded().stdout())
        .contains("without a recorded SHA-256");
  }
}
