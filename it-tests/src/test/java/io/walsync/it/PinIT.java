package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Litestream;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The jar gives a state a name while the application writes, and says what could be deleted. */
class PinIT {

  @TempDir Path folder;

  private void pinsWhileItIsWritten(Replica replica) {
    Path database = folder.resolve("app.db");
    Recovery recovery = new Recovery(replica, folder);
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    Path atPin;
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitFirst();
      recovery.awaitSeq(app.ask("insert 5 2000"));
      cli(replica, "pin", replica.url(), "before-v2").succeeded();
      atPin = recovery.restore();
      assertThat(cli(replica, "pin", replica.url(), "before-v2").exitCode()).isEqualTo(6);
      recovery.awaitSeq(app.ask("insert 5 2000"));
      app.ask("close");
      assertThat(app.exit()).isZero();
    }
    Path byName = folder.resolve("by-name.db");
    cli(replica, "restore", "-pin", "before-v2", "-o", byName.toString(), replica.url())
        .succeeded();
    DatabaseContent.sameBytes(atPin, byName);
    assertThat(cli(replica, "timeline", replica.url()).succeeded().stdout())
        .contains("pin: before-v2, TXID ");
    int files = replica.list().size();
    String[] prune = {
      "prune", "-dry-run", "-keep", "1h every commit, 1y every month", replica.url()
    };
    assertThat(cli(replica, prune).succeeded().stdout())
        .contains("1h every commit", "pin before-v2", "would delete 0 files ");
    assertThat(replica.list()).hasSize(files);
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    cli(replica, "unpin", replica.url(), "before-v2").succeeded();
    assertThat(cli(replica, "unpin", replica.url(), "before-v2").exitCode()).isEqualTo(7);
  }

  private static Command.Outcome cli(Replica replica, String... words) {
    return RestoreCommand.cli(replica.credentials(), words);
  }

  @Test
  void aStateHasANameInADirectory() {
    pinsWhileItIsWritten(new DirectoryReplica(folder.resolve("replica")));
  }

  @ParameterizedTest
  @EnumSource
  void aStateHasANameOnS3(S3Servers kind) {
    try (BucketReplica bucket = new BucketReplica(kind.server())) {
      pinsWhileItIsWritten(bucket);
    }
  }

  @Test
  void litestreamGoesOnWithAReplicaThatHasPins() {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    Replica replica = new DirectoryReplica(folder.resolve("replica"));
    Recovery recovery = new Recovery(replica, folder);
    Path database = folder.resolve("app.db");
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      try (Litestream.Daemon daemon =
          litestream.replicate(database, replica, folder.resolve("litestream.log"))) {
        recovery.awaitFirst();
        cli(replica, "pin", replica.url(), "before-v2").succeeded();
        recovery.awaitSeq(app.ask("insert 5 2000"));
        assertThat(daemon.isAlive()).as(daemon.log()).isTrue();
        assertThat(daemon.log()).doesNotContain("ERROR");
      }
      app.ask("close");
      app.exit();
    }
    Path byLitestream = folder.resolve("by-litestream.db");
    litestream.restore(replica, byLitestream, "-integrity-check", "full").succeeded();
    LedgerContent.of(byLitestream).isTheSameAs(LedgerContent.of(database));
    assertThat(cli(replica, "pins", replica.url()).succeeded().stdout()).contains("before-v2");
  }
}
