package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.FaultyReplicaClient;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyCommandTest {

  @TempDir Path temporary;
  private Path folder;
  private SampleReplica replica;
  private Shell shell;

  @BeforeEach
  void create() throws Exception {
    folder = temporary.toRealPath();
    replica = SampleReplica.create(folder.resolve("replica"), folder, 4);
    shell = new Shell(folder);
  }

  private static void damage(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void theNewestStateIsReadWithoutWritingAnything() throws Exception {
    Shell.Outcome outcome = shell.run("verify", replica.url());
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .startsWith("proved (stream): TXID 0000000000000004 of 2023-11-14T22:13:23Z, 4 files (")
        .contains(" 2 pages; the database's checksum ")
        .endsWith(" was not recorded at its commit, so it is not compared\n");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.contains("restored"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ledger", "stream", "drill"})
  void anotherStateCanBeProvedInEachTier(String tier) {
    Shell.Outcome outcome =
        shell.run("verify", "-tier", tier, "-txid", "0000000000000002", replica.url());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).startsWith("proved (" + tier + "): TXID 0000000000000002");
  }

  @Test
  void aDamagedFileIsNamedWithTheStateThatIsWhole() throws Exception {
    damage(replica.file(0, 3, 3));
    Shell.Outcome outcome = shell.run("verify", replica.url());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains("walsync: FAILED: ", "0000000000000003-0000000000000003.ltx", "damaged")
        .contains("is TXID 0000000000000002: restore it with -txid 0000000000000002");
    assertThat(shell.run("verify", "-tier", "ledger", replica.url()).exitCode()).isZero();
    Shell.Outcome json = shell.run("verify", "-json", replica.url());
    assertThat(json.out())
        .contains("\"outcome\": \"failed\"", "\"whole_txid\": \"0000000000000002\"");
  }

  @Test
  void aMissingFileFailsInEachTier() throws Exception {
    Files.delete(replica.file(0, 3, 3));
    for (String tier : new String[] {"ledger", "stream", "drill"}) {
      Shell.Outcome outcome = shell.run("verify", "-tier", tier, replica.url());
      assertThat(outcome.exitCode()).isEqualTo(ExitCode.DAMAGED);
      assertThat(outcome.err()).contains("TXIDs 0000000000000003", "-txid 0000000000000002");
    }
  }

  @Test
  void allReadsWhatOlderStatesNeedToo() throws Exception {
    // A snapshot of the newest state hides what came before it.
    Files.copy(replica.file(9, 1, 1), folder.resolve("first"));
    replica.snapshot();
    damage(replica.file(0, 2, 2));
    assertThat(shell.run("verify", replica.url()).exitCode()).isZero();
    Shell.Outcome all = shell.run("verify", "-all", replica.url());
    assertThat(all.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(all.out())
        .contains("proved (stream): TXID 0000000000000004")
        .contains("4 states are listed, from 5 files");
    assertThat(all.err())
        .contains("FAILED: TXID 0000000000000003: ")
        .contains("is TXID 0000000000000004");
  }

  private static long checksumAt(ReplicaClient client, Txid txid) throws IOException {
    RestoreOptions options = RestoreOptions.defaults().withChecksum(true);
    Restore restore = new Restore(client, options, RestoreProgress.NONE);
    return restore.prove(restore.plan(RestoreTarget.at(txid))).checksum();
  }

  @Test
  void withoutItsOnlySnapshotNoStateIsRecommended() throws Exception {
    Files.delete(replica.file(9, 1, 1));
    for (String tier : new String[] {"ledger", "stream", "drill"}) {
      Shell.Outcome outcome = shell.run("verify", "-tier", tier, replica.url());
      assertThat(outcome.exitCode()).isEqualTo(ExitCode.DAMAGED);
      assertThat(outcome.err()).contains("nothing can be restored before").doesNotContain("-txid");
    }
    Shell.Outcome all = shell.run("verify", "-all", replica.url());
    assertThat(all.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(all.err()).contains("nothing can be restored before").doesNotContain("-txid");
  }

  @Test
  void whatANewSnapshotHasHealedIsProvedAndSaysSinceWhen() throws Exception {
    replica.snapshot();
    Files.delete(replica.file(9, 1, 1));
    Shell.Outcome all = shell.run("verify", "-all", replica.url());
    assertThat(all.exitCode()).isZero();
    assertThat(all.err())
        .contains("lost: TXIDs 0000000000000001 to 0000000000000001 are not in the replica")
        .contains("from TXID 0000000000000004 of 20")
        .doesNotContain("FAILED");
    assertThat(shell.run("verify", "-all", "-json", replica.url()).out())
        .contains("\"outcome\": \"proved\"", "\"lost\": [", "0000000000000004");
    assertThat(shell.run("verify", replica.url()).exitCode()).isZero();
  }

  @Test
  void aFileWithoutAChecksumAmongOthersThatHaveOneIsNamed() {
    shell.wrap(
        client ->
            new ForwardingReplicaClient(client) {
              @Override
              public long recordedDatabaseChecksum(LtxFileInfo file) throws IOException {
                boolean isForeign = file.maxTxid().value() == 3;
                return isForeign ? 0 : checksumAt(client, file.maxTxid());
              }
            });
    Shell.Outcome outcome = shell.run("verify", "-all", replica.url());
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err())
        .contains("WARN: 1 of 4 files were written by something else")
        .contains("0000000000000003-0000000000000003.ltx");
    shell.wrap(client -> client);
    assertThat(shell.run("verify", "-all", replica.url()).err()).as("all of them").isEmpty();
  }

  @Test
  void aReplicaThatCannotBeReadProvesNothing() {
    shell.wrap(
        client -> {
          FaultyReplicaClient faulty = new FaultyReplicaClient(client);
          faulty.setDown(true);
          return faulty;
        });
    Shell.Outcome outcome = shell.run("verify", replica.url());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void noBackupIsExitCode3() {
    Shell.Outcome outcome = shell.run("verify", "file://" + folder + "/nothing");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO_BACKUP);
    assertThat(outcome.err())
        .startsWith("walsync: no backup in ")
        .endsWith("; nothing is proved. Check the path\n");
    assertThat(shell.run("verify", "-all", "file://" + folder + "/nothing")).isEqualTo(outcome);
  }

  @Test
  void aWrongTierIsRefused() {
    assertThat(shell.run("verify", "-tier", "soft", replica.url()).exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(shell.run("verify", "-all", "-tier", "drill", replica.url()).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }
}
