package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.LtxObject;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.S3Servers;
import io.walsync.it.harness.ShortGrace;
import io.walsync.testkit.AgentYaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agent deletes what no promise needs, while the application writes and after a kill. */
class RetentionIT {

  private static final String LEVELS = "levels: [{interval: 1s}, {interval: 3s}]";
  private static final String KEPT = "2s every commit, 1h every 3s";

  @TempDir Path folder;
  private Path database;
  private Path config;
  private Path shortGrace;
  private Replica replica;
  private Recovery recovery;

  @BeforeEach
  void place() throws IOException {
    database = folder.resolve("app.db");
    shortGrace = ShortGrace.packed(folder);
    on(new DirectoryReplica(folder.resolve("replica")));
  }

  private void on(Replica place) {
    replica = place;
    recovery = new Recovery(replica, folder);
    config =
        AgentYaml.of(database, replica)
            .top(LEVELS)
            .top("snapshot: {interval: 3s}")
            .top("retention: {keep: '" + KEPT + "'}")
            .writeTo(folder.resolve("walsync.yml"));
  }

  private ForkedJvm start() {
    return Application.builder(database).option("-javaagent:" + shortGrace).agent(config).start();
  }

  /** TXIDs of which there was a file of level 0 that is gone. */
  private long deletedCount() {
    List<LtxObject> files = replica.level(0);
    return files.stream().mapToLong(LtxObject::maxTxid).max().orElse(1) - 1 - files.size();
  }

  private void commitUntilDeleted(ForkedJvm app) {
    long before = deletedCount();
    Awaitility.await()
        .atMost(ForkedJvm.ANSWER_DEADLINE)
        .until(
            () -> {
              app.ask("insert 5 1500");
              return deletedCount() > before + 5;
            });
  }

  private void replicate() {
    try (ForkedJvm app = start()) {
      app.ask("open");
      app.ask("create");
      recovery.awaitFirst();
      commitUntilDeleted(app);
      commitUntilDeleted(app);
      app.kill();
    }
    try (ForkedJvm app = start()) {
      app.ask("open");
      commitUntilDeleted(app);
      commitUntilDeleted(app);
      app.ask("close");
      assertThat(app.exit()).isZero();
      assertThat(app.stderr()).noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
    }
  }

  private void isWhole() {
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    String url = replica.url();
    String plan =
        RestoreCommand.cli(replica.credentials(), "prune", "-dry-run", "-keep", KEPT, url)
            .succeeded()
            .stdout();
    assertThat(plan).contains("2s every commit", "1h every 3s");
    assertThat(
            RestoreCommand.cli(replica.credentials(), "verify", "-all", url).succeeded().stdout())
        .doesNotContain("not recorded");
  }

  @Test
  void aReplicaInAFolderIsDeletedFromThroughAKill() {
    replicate();
    isWhole();
  }

  @ParameterizedTest
  @EnumSource
  void aReplicaOnS3IsDeletedFromThroughAKill(S3Servers kind) {
    try (BucketReplica bucket = new BucketReplica(kind.server())) {
      on(bucket);
      replicate();
      isWhole();
    }
  }
}
