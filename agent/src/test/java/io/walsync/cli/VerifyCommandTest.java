package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.teststore.FaultyReplicaClient;
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
