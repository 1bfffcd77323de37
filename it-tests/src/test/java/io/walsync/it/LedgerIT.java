package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Litestream;
import io.walsync.it.harness.ProcLocks;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.S3Servers;
import io.walsync.it.harness.SqliteCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The measuring instrument itself, without the agent: what it must see and what it must reject. */
final class LedgerIT {

  @TempDir Path folder;
  private Path database;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
  }

  @Test
  void whatWasAcknowledgedSurvivesSigkill() throws IOException {
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      app.ask("start threads=3 storm=20 size=3000");
      app.ask("sql SELECT count(*) FROM log");
      String lastSeq = app.ask("insert 20");
      app.kill();
      DatabaseContent.settle(database);
      assertThat(LedgerContent.of(database).lastSeq())
          .isGreaterThanOrEqualTo(Long.parseLong(lastSeq));
      List<String> acknowledged = Files.readAllLines(Application.journal(database));
      assertThat(acknowledged).contains(lastSeq);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE account SET value = value + 1 WHERE id = 7",
        "DELETE FROM blob WHERE id = (SELECT min(id) FROM blob)",
        "UPDATE blob SET body = 'x' || substr(body, 2) WHERE id = (SELECT min(id) FROM blob)",
        "UPDATE log SET hash = hash + 1 WHERE seq = 3",
        "DELETE FROM log WHERE seq = 3",
        "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)"
      })
  void aLedgerThatIsNoCommittedStateIsRejected(String damage) {
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 5");
      app.ask("transaction 3");
      app.ask("sql " + damage);
      app.ask("close");
      app.exit();
    }
    assertThatThrownBy(() -> LedgerContent.of(database)).isInstanceOf(AssertionError.class);
  }

  @Test
  void anotherProcessAppendsToTheSameChain() {
    SqliteCli shell = SqliteCli.required();
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 5");
      shell
          .run(
              database,
              List.of(
                  io.walsync.it.app.Ledger.append(
                      9, 0, io.walsync.it.app.Ledger.Operation.PUT, 17, 5000)))
          .succeeded();
      assertThat(app.ask("insert 1")).isEqualTo("7");
      app.ask("close");
      app.exit();
    }
    assertThat(LedgerContent.of(database).lastSeq()).isEqualTo(7);
  }

  @Test
  void theLocksOfAnOpenConnectionAreSeen() {
    ProcLocks.required();
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      assertThat(ProcLocks.of(app.pid(), database)).isNotEmpty();
      app.ask("close");
      assertThat(ProcLocks.of(app.pid(), database)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Litestream.CURRENT, Litestream.OLDEST_ENCODING})
  void litestreamRestoresWhatItReplicated(String version) {
    Litestream litestream = Litestream.version(version);
    restoresTheSame(litestream, new DirectoryReplica(folder.resolve("replica")));
  }

  @ParameterizedTest
  @EnumSource
  void litestreamRestoresThroughEveryServer(S3Servers kind) {
    Litestream litestream = Litestream.version(Litestream.CURRENT);
    try (BucketReplica replica = new BucketReplica(kind.server())) {
      restoresTheSame(litestream, replica);
      assertThat(replica.list()).isNotEmpty();
    }
  }

  private void restoresTheSame(Litestream litestream, Replica replica) {
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 50 2000");
      app.ask("close");
      app.exit();
    }
    litestream.replicateOnce(database, replica).succeeded();
    Path restored = folder.resolve("restored.db");
    litestream.restore(replica, restored).succeeded();
    LedgerContent.of(restored).isTheSameAs(LedgerContent.of(database));
  }
}
