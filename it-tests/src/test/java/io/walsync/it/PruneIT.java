package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Litestream;
import io.walsync.it.harness.LtxObject;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The jar deletes files of a replica; everybody restores what was promised, and goes on. */
class PruneIT extends ReplicatedLedger {

  /**
   * Of files that are as young as those of a test. One state of each second is promised: how many
   * commits fall into a second depends on the machine.
   */
  private Command.Outcome prune(String... options) {
    List<String> words =
        new ArrayList<>(List.of("prune", "-keep", "1s every 1s", "-grace", "0", "-force"));
    words.addAll(List.of(options));
    words.add(replica.url());
    return cli(words.toArray(new String[0]));
  }

  private void prunesAndGoesOn() {
    replicate();
    cli("compact", "-force", "-levels", "1s,3s", replica.url()).succeeded();
    List<LtxObject> before = replica.list();
    String pinned = replica.level(0).get(3).maxTxidText();
    cli("pin", "-txid", pinned, replica.url(), "before-v2").succeeded();
    Path atPin = recovery.restore(pinned);
    Path newest = recovery.restore();

    assertThat(prune("-dry-run").succeeded().stdout()).contains("would delete ", "pin before-v2");
    prune().succeeded();

    assertThat(before).containsAll(replica.list()).hasSizeGreaterThan(replica.list().size());
    DatabaseContent.sameBytes(newest, recovery.restore());
    Path byName = folder.resolve("by-name.db");
    cli("restore", "-pin", "before-v2", "-o", byName.toString(), replica.url()).succeeded();
    DatabaseContent.sameBytes(atPin, byName);
    cli("verify", "-all", replica.url()).succeeded();
    replicateMore();
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    cli("compact", "-force", "-levels", "1s,3s", replica.url()).succeeded();
    prune().succeeded();
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    cli("unpin", replica.url(), "before-v2").succeeded();
  }

  @Test
  void whatIsPromisedIsRestoredAndTheAgentGoesOn() {
    prunesAndGoesOn();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPromisedIsRestoredOnS3(S3Servers kind) {
    try (BucketReplica bucket = new BucketReplica(kind.server())) {
      on(bucket);
      prunesAndGoesOn();
    }
  }

  @Test
  void aReplicaThatIsWrittenAtThisMomentIsRefused() {
    try (ForkedJvm app = application()) {
      begin(app);
      cli("compact", "-force", "-levels", "1s,3s", replica.url()).succeeded();
      int before = replica.list().size();
      Command.Outcome refused = prune();
      assertThat(refused.exitCode()).isEqualTo(6);
      assertThat(refused.stderr()).contains("is in use: process", "nothing was deleted");
      assertThat(replica.list()).hasSize(before);
      end(app);
    }
    prune().succeeded();
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void litestreamRestoresWhatIsLeftAndGoesOn() {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    replicate();
    cli("compact", "-force", "-levels", "1s,3s", replica.url()).succeeded();
    prune().succeeded();
    litestream.restore(replica, byLitestream, "-integrity-check", "full").succeeded();
    DatabaseContent.sameBytes(recovery.restore(), byLitestream);
    goOnBy(litestream);
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void whatLitestreamReplicatedIsPruned() {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    replicateBy(litestream);
    cli("compact", "-force", "-levels", "1s,3s", replica.url()).succeeded();
    Path newest = recovery.restore();
    List<LtxObject> before = replica.list();
    prune().succeeded();
    assertThat(before).containsAll(replica.list()).hasSizeGreaterThan(replica.list().size());
    DatabaseContent.sameBytes(newest, recovery.restore());
    litestream.restore(replica, byLitestream, "-integrity-check", "full").succeeded();
    LedgerContent.of(byLitestream).isTheSameAs(LedgerContent.of(database));
  }
}
