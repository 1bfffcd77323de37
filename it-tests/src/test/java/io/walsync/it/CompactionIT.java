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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar merges the files of a replica; everybody restores from it what they did before. */
class CompactionIT extends ReplicatedLedger {

  @Override
  void halfway(ForkedJvm app) {
    app.ask("delete 10");
    app.ask("sql VACUUM");
  }

  private Command.Outcome compact(String... options) {
    String[] words = new String[options.length + 4];
    words[0] = "compact";
    words[1] = "-levels";
    words[2] = "1s,3s";
    System.arraycopy(options, 0, words, 3, options.length);
    words[words.length - 1] = replica.url();
    return cli(words);
  }

  private List<LtxObject> merged() {
    return replica.list().stream().filter(file -> file.level() > 0 && file.level() < 9).toList();
  }

  private Map<String, Path> states() {
    Map<String, Path> states = new HashMap<>();
    for (LtxObject file : replica.level(0)) {
      states.put(file.maxTxidText(), recovery.restore(file.maxTxidText()));
    }
    return states;
  }

  private void changesNothing() {
    replicate();
    Map<String, Path> before = states();
    Path newest = recovery.restore();

    compact("-force").succeeded();

    assertThat(merged()).isNotEmpty();
    DatabaseContent.sameBytes(newest, recovery.restore());
    before.forEach((txid, path) -> DatabaseContent.sameBytes(path, recovery.restore(txid)));
    assertThat(cli("verify", "-all", replica.url()).succeeded().stdout())
        .doesNotContain("not recorded");
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void noStateOfAReplicaIsChanged() {
    changesNothing();
  }

  @ParameterizedTest
  @EnumSource
  void noStateOfAReplicaOnS3IsChanged(S3Servers kind) {
    try (BucketReplica bucket = new BucketReplica(kind.server())) {
      on(bucket);
      changesNothing();
    }
  }

  @Test
  void aReplicaThatIsWrittenAtThisMomentIsRefused() {
    try (ForkedJvm app = application()) {
      begin(app);
      Command.Outcome refused = compact();
      assertThat(refused.exitCode()).isEqualTo(6);
      assertThat(refused.stderr()).contains("is in use: process", "nothing was merged");
      assertThat(merged()).isEmpty();
      // Nor does it do harm where that is forced: the agent goes on, and so does a restart.
      compact("-force").succeeded();
      assertThat(merged()).isNotEmpty();
      commit(app);
      end(app);
    }
    replicateMore();
    assertThat(compact().exitCode()).as("its process has ended").isZero();
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @ParameterizedTest
  @ValueSource(strings = {Litestream.CURRENT, Litestream.OLDEST_ENCODING})
  void litestreamListsAndRestoresWhatWeMerged(String version) {
    Litestream litestream = Litestream.version(version);
    replicate();
    compact("-force").succeeded();
    assertThat(merged()).isNotEmpty();
    litestream.restore(replica, byLitestream, "-integrity-check", "full").succeeded();
    DatabaseContent.sameBytes(recovery.restore(), byLitestream);
    for (LtxObject file : replica.list()) {
      Path theirs = folder.resolve("theirs-" + file.level() + "-" + file.maxTxidText() + ".db");
      litestream.restore(replica, theirs, "-txid", file.maxTxidText()).succeeded();
      DatabaseContent.sameBytes(recovery.restore(file.maxTxidText()), theirs);
    }
    assertThat(litestream.ltx(replica).succeeded().stdout())
        .contains(merged().get(0).maxTxidText());
  }

  @Test
  void litestreamGoesOnWithWhatWeMerged() {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    replicate();
    compact("-force").succeeded();
    List<LtxObject> ours = merged();
    goOnBy(litestream);
    assertThat(ours).isNotEmpty();
    litestream.restore(replica, byLitestream).succeeded();
    LedgerContent.of(byLitestream).isTheSameAs(LedgerContent.of(database));
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @ParameterizedTest
  @ValueSource(strings = {Litestream.CURRENT, Litestream.OLDEST_ENCODING})
  void whatLitestreamReplicatedIsMerged(String version) {
    Litestream litestream = Litestream.version(version);
    replicateBy(litestream);
    Map<String, Path> before = states();
    assertThat(compact().exitCode()).as("it may be running").isEqualTo(6);
    compact("-force").succeeded();
    before.forEach((txid, path) -> DatabaseContent.sameBytes(path, recovery.restore(txid)));
    litestream.restore(replica, byLitestream).succeeded();
    DatabaseContent.sameBytes(recovery.restore(), byLitestream);
    LedgerContent.of(byLitestream).isTheSameAs(LedgerContent.of(database));
  }
}
