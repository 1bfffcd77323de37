package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Litestream;
import io.walsync.it.harness.LtxObject;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agent merges what it has uploaded, while the application writes. */
class LadderIT {

  private static final String LEVELS = "levels: [{interval: 1s}, {interval: 3s}]";

  @TempDir Path folder;
  private Path database;
  private Path config;
  private Replica replica;
  private Recovery recovery;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    on(new DirectoryReplica(folder.resolve("replica")));
  }

  private void on(Replica place) {
    replica = place;
    recovery = new Recovery(replica, folder);
    config = AgentYaml.of(database, replica).top(LEVELS).writeTo(folder.resolve("walsync.yml"));
  }

  private List<LtxObject> level(int level) {
    return replica.list().stream().filter(file -> file.level() == level).toList();
  }

  /** Commits until a level has so many files. */
  private void commitUntil(ForkedJvm app, int level, int count) {
    Awaitility.await()
        .atMost(ForkedJvm.ANSWER_DEADLINE)
        .until(
            () -> {
              app.ask("insert 5 1500");
              return level(level).size() >= count;
            });
  }

  private void replicate() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitFirst();
      commitUntil(app, 2, 1);
      app.kill();
    }
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      commitUntil(app, 2, 3);
      app.ask("close");
      assertThat(app.exit()).isZero();
      assertThat(app.stderr()).noneMatch(line -> line.contains("merged"));
    }
  }

  private void isWhole() {
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    for (LtxObject file : level(1)) {
      recovery.restore(file.maxTxidText());
    }
    assertThat(
            RestoreCommand.cli(replica.credentials(), "verify", "-all", replica.url())
                .succeeded()
                .stdout())
        .doesNotContain("not recorded");
  }

  @Test
  void aReplicaInAFolderIsMergedThroughAKill() {
    replicate();
    isWhole();
  }

  @ParameterizedTest
  @EnumSource
  void aReplicaOnS3IsMergedThroughAKill(S3Servers kind) {
    try (BucketReplica bucket = new BucketReplica(kind.server())) {
      on(bucket);
      replicate();
      isWhole();
    }
  }

  @Test
  void snapshotsAreMadeOfTheReplicaAndRestoresBeginWithThem() {
    config =
        AgentYaml.of(database, replica)
            .top(LEVELS)
            .top("snapshot: {interval: 3s}")
            .writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitFirst();
      commitUntil(app, 9, 3);
      app.ask("close");
      assertThat(app.exit()).isZero();
      assertThat(app.stderr()).anyMatch(line -> line.contains("a snapshot of TXID"));
    }
    isWhole();
  }

  @Test
  void litestreamRestoresWhatTheAgentHasMerged() {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    replicate();
    Path theirs = folder.resolve("by-litestream.db");
    litestream.restore(replica, theirs, "-integrity-check", "full").succeeded();
    DatabaseContent.sameBytes(recovery.restore(), theirs);
  }
}
