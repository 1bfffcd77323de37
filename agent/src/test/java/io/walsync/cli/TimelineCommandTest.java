package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineCommandTest {

  @TempDir Path temporary;
  private SampleReplica replica;
  private Shell shell;

  @BeforeEach
  void create() throws Exception {
    Path folder = temporary.toRealPath();
    replica = SampleReplica.create(folder.resolve("replica"), folder, 5);
    shell = new Shell(folder);
  }

  @Test
  void fromWhenToWhenAndHowClose() {
    Shell.Outcome outcome = shell.run("timeline", replica.url());
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .startsWith(
            """
            from                  to                    first_txid        last_txid         states  precision
            2023-11-14T22:13:20Z  2023-11-14T22:13:24Z  0000000000000001  0000000000000005  5       every TXID, at most 1.0 s apart

            snapshots: 1, files: 5 (""");
  }

  @Test
  void whatAMissingFileCosts() throws Exception {
    Files.delete(replica.file(0, 3, 3));
    Shell.Outcome outcome = shell.run("timeline", replica.url());
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains(
            "lost: TXIDs 0000000000000003 to 0000000000000003 are not in the replica, so none of"
                + " TXIDs 0000000000000003 to 0000000000000005 can be restored\n");
    assertThat(shell.run("timeline", "-json", replica.url()).out())
        .contains("\"last_lost_txid\": \"0000000000000005\"", "\"max_txid\": \"0000000000000002\"");
  }

  @Test
  void aCopyWithoutTheTimesOfTheFilesHasTheSameStates() throws Exception {
    String original = shell.run("timeline", replica.url()).out();
    for (int txid = 1; txid <= 5; txid++) {
      Path file = replica.file(txid == 1 ? 9 : 0, txid, txid);
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
    }
    assertThat(shell.run("timeline", replica.url()).out()).isEqualTo(original);
    String copy = temporary.resolve("copy.db").toString();
    assertThat(
            shell
                .run("restore", "-o", copy, "-timestamp", "2023-11-14T22:13:23Z", replica.url())
                .out())
        .contains("TXID 0000000000000003 of 2023-11-14T22:13:22Z");
  }

  @Test
  void aDistanceIsRoundedUpToWhatIsShown() {
    assertThat(RestoreReport.spanAtMost(0)).isEqualTo("0.0 s");
    assertThat(RestoreReport.spanAtMost(1)).isEqualTo("0.1 s");
    assertThat(RestoreReport.spanAtMost(1_999)).isEqualTo("2.0 s");
    assertThat(RestoreReport.spanAtMost(59_999)).isEqualTo("1 min 0 s");
    assertThat(RestoreReport.spanAtMost(60_001)).isEqualTo("1 min 1 s");
    assertThat(RestoreReport.spanAtMost(3_599_001)).isEqualTo("1 h 0 min");
    assertThat(RestoreReport.spanAtMost(3_600_001)).isEqualTo("1 h 1 min");
    assertThat(RestoreReport.spanAtMost(48 * 3_600_000L + 1)).isEqualTo("2 days 1 h");
  }

  @Test
  void nothingToRestoreIsAnError() throws Exception {
    Files.delete(replica.file(9, 1, 1));
    assertThat(shell.run("timeline", replica.url()).exitCode()).isEqualTo(ExitCode.DAMAGED);
    for (int txid = 2; txid <= 5; txid++) {
      Files.delete(replica.file(0, txid, txid));
    }
    assertThat(shell.run("timeline", replica.url()).exitCode()).isEqualTo(ExitCode.NO_BACKUP);
  }
}
