package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Litestream;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A ledger whose commits have a file each in a replica, on which commands work afterwards. */
abstract class ReplicatedLedger {

  private static final int COMMITS = 8;

  @TempDir Path folder;
  Path database;
  Path byLitestream;
  Replica replica;
  Recovery recovery;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    byLitestream = folder.resolve("by-litestream.db");
    on(new DirectoryReplica(folder.resolve("replica")));
  }

  void on(Replica place) {
    replica = place;
    recovery = new Recovery(replica, folder);
  }

  /** Each awaited by itself, so that each has a file of its own. */
  void commit(ForkedJvm app) {
    for (int i = 0; i < COMMITS; i++) {
      recovery.awaitSeq(app.ask("insert 5 " + (500 + 1500 * (i % 3))));
      if (i == COMMITS / 2) {
        halfway(app);
      }
    }
  }

  /** What is done between the commits. */
  void halfway(ForkedJvm app) {}

  /** The application under the agent, which has not opened the database yet. */
  ForkedJvm application() {
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    return Application.replicated(database, config);
  }

  void begin(ForkedJvm app) {
    app.ask("open");
    app.ask("create");
    recovery.awaitFirst();
    commit(app);
  }

  void end(ForkedJvm app) {
    app.ask("close");
    assertThat(app.exit()).isZero();
  }

  void replicate() {
    try (ForkedJvm app = application()) {
      begin(app);
      end(app);
    }
  }

  void replicateMore() {
    try (ForkedJvm app = application()) {
      app.ask("open");
      recovery.awaitSeq(app.ask("insert 20 3000"));
      end(app);
    }
  }

  /** The ledger's first commits, replicated by Litestream alone. */
  void replicateBy(Litestream litestream) {
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      try (Litestream.Daemon daemon = daemon(litestream)) {
        recovery.awaitFirst();
        commit(app);
        assertThat(daemon.isAlive()).as(daemon.log()).isTrue();
      }
      end(app);
    }
  }

  /** Litestream goes on with the replica as it is now, and has nothing to say against it. */
  void goOnBy(Litestream litestream) {
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      try (Litestream.Daemon daemon = daemon(litestream)) {
        recovery.awaitSeq(app.ask("insert 40 3000"));
        assertThat(daemon.isAlive()).as(daemon.log()).isTrue();
        assertThat(daemon.log()).doesNotContain("ERROR", "non-contiguous");
      }
      end(app);
    }
  }

  private Litestream.Daemon daemon(Litestream litestream) {
    return litestream.replicate(database, replica, folder.resolve("litestream.log"));
  }

  Command.Outcome cli(String... words) {
    return RestoreCommand.cli(replica.credentials(), words);
  }
}
