package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.LtxIndex;
import io.walsync.it.harness.LtxObject;
import io.walsync.it.harness.PageDifference;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Replica;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a second start uploads, and what it must never upload again. */
final class RestartIT {

  private static final int INITIAL_ROWS = 200;

  @TempDir Path folder;
  private Path database;
  private Path config;
  private Replica replica;
  private Recovery recovery;

  @BeforeEach
  void replicateOnce() {
    database = folder.resolve("app.db");
    replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
  }

  @Test
  void aCleanRestartUploadsNothingUntilSomethingIsWritten() {
    runAndClose();
    List<String> before = replica.keys();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("sql SELECT count(*) FROM blob");
      app.ask("close");
      app.exit();
    }
    assertThat(replica.keys()).isEqualTo(before);
  }

  @Test
  void aCleanRestartContinuesWithoutASecondSnapshot() {
    runAndClose();
    continueAndCheck();
  }

  @Test
  void aRestartAfterSigkillContinuesWithoutASecondSnapshot() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert " + INITIAL_ROWS + " 2000"));
      app.kill();
    }
    continueAndCheck();
  }

  @Test
  void aKillBeforeTheUploadIsMadeUpForAfterTheRestart() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert " + INITIAL_ROWS + " 2000"));
      app.ask("transaction 5 2000");
      app.kill();
    }
    continueAndCheck();
  }

  @Test
  void changesMadeWhileAwayUploadOnlyThePagesThatDiffer() throws IOException {
    runAndClose();
    Path before = Files.copy(database, folder.resolve("before.db"));
    long txidBefore = replica.maxTxid();
    String seq;
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      seq = app.ask("insert 3 2000");
      app.ask("close");
      app.exit();
    }
    Set<Integer> differing = PageDifference.between(before, database);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      recovery.awaitSeq(seq);
      app.ask("close");
      app.exit();
    }
    Set<Integer> uploaded = new TreeSet<>();
    for (LtxObject file : replica.level(0)) {
      if (file.minTxid() > txidBefore) {
        uploaded.addAll(LtxIndex.pageNumbers(replica.read(file)));
      }
    }
    assertThat(uploaded).isNotEmpty().isSubsetOf(differing);
    assertThat(replica.snapshotCount()).isEqualTo(1);
  }

  @Test
  void changesMadeWhileAwayThatAreStillInTheWalAreCaptured() {
    runAndClose();
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("insert 20 2000");
      app.kill();
    }
    continueAndCheck();
  }

  @Test
  void lostLocalStateIsRebuiltFromTheReplica() {
    runAndClose();
    deleteLocalState();
    continueAndCheck();
  }

  @Test
  void aDatabaseBehindItsReplicaNeverOverwritesIt() throws IOException {
    runAndClose();
    Path old = Files.copy(database, folder.resolve("old.db"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      recovery.awaitSeq(app.ask("insert 20 2000"));
      app.ask("close");
      app.exit();
    }
    LedgerContent newest = recovery.ledger();
    Files.delete(database);
    Files.copy(old, database);
    deleteLocalState();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("sql SELECT count(*) FROM blob");
      app.ask("close");
      app.exit();
    }
    assertThat(recovery.ledger().lastSeq()).isEqualTo(newest.lastSeq());
  }

  private void runAndClose() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert " + INITIAL_ROWS + " 2000"));
      app.ask("close");
      app.exit();
    }
  }

  /** The next run adds one commit: the replica follows, by less than a database. */
  private void continueAndCheck() {
    long bytesBefore = replica.totalBytes();
    List<String> keysBefore = replica.keys();
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      String seq = app.ask("insert 1 2000");
      recovery.awaitSeq(seq);
      app.ask("close");
      app.exit();
    }
    LedgerContent.of(recovery.restore()).isTheSameAs(LedgerContent.of(database));
    assertThat(replica.keys()).as("nothing is replaced").containsAll(keysBefore);
    assertThat(replica.snapshotCount()).isEqualTo(1);
    assertThat(pagesUploadedAfter(keysBefore)).isLessThan(pageCount() / 2);
    assertThat(replica.totalBytes()).isGreaterThan(bytesBefore);
  }

  private long pagesUploadedAfter(List<String> keysBefore) {
    return replica.list().stream()
        .filter(file -> !keysBefore.contains(file.key()))
        .mapToLong(file -> LtxIndex.pageNumbers(replica.read(file)).size())
        .sum();
  }

  private long pageCount() {
    return Long.parseLong(DatabaseContent.query(database, "PRAGMA page_count"));
  }

  private void deleteLocalState() {
    Path state = folder.resolve(".app.db-walsync");
    assertThat(state).isDirectory();
    Folders.delete(state);
  }
}
