package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.io.Disk;
import io.walsync.teststore.FaultyReplicaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LtxCommandTest {

  private static final String TABLE =
      """
      level  min_txid          max_txid          size  created
      """;

  @TempDir Path temporary;
  private Path folder;
  private SampleReplica replica;
  private Shell shell;

  @BeforeEach
  void create() throws Exception {
    folder = temporary.toRealPath();
    replica = SampleReplica.create(folder.resolve("replica"), folder, 2);
    shell = new Shell(folder);
  }

  @Test
  void levelZeroIsListedByDefault() throws Exception {
    long size = Files.size(replica.file(0, 2, 2));
    Shell.Outcome outcome = shell.run("ltx", replica.url());

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            TABLE
                + "0      0000000000000002  0000000000000002  "
                + size
                + "   2023-11-14T22:13:21Z\n"
                + newestState());
    assertThat(shell.run("ltx", "-level", "0", replica.url())).isEqualTo(outcome);
  }

  @Test
  void oneLevelOrAllAreListed() throws Exception {
    assertThat(shell.run("ltx", "-level=9", replica.url()).out())
        .contains("\n9      0000000000000001  0000000000000001  ")
        .endsWith(newestState())
        .hasLineCount(4);
    assertThat(shell.run("ltx", "--level", "all", replica.url()).out())
        .contains("\n0      ", "\n9      ")
        .hasLineCount(5);
    assertThat(shell.run("ltx", "-level", "1", replica.url()).out())
        .isEqualTo("level  min_txid  max_txid  size  created\n" + newestState());
  }

  private String newestState() throws IOException {
    long size = Files.size(replica.file(0, 2, 2)) + Files.size(replica.file(9, 1, 1));
    return "\nnewest restorable state: TXID 0000000000000002 of 2023-11-14T22:13:21Z, from 2 files ("
        + RestoreReport.size(size)
        + ")\n";
  }

  @Test
  void aSnapshotAloneIsANewestState() throws Exception {
    Files.delete(replica.file(0, 2, 2));
    assertThat(shell.run("ltx", replica.url()).out())
        .endsWith(
            "\nnewest restorable state: TXID 0000000000000001 of 2023-11-14T22:13:20Z, from 1 file ("
                + RestoreReport.size(Files.size(replica.file(9, 1, 1)))
                + ")\n");
  }

  @Test
  void aReplicaWithAGapIsListedAndThenExitCode5() throws Exception {
    Files.delete(replica.file(9, 1, 1));
    Shell.Outcome outcome = shell.run("ltx", replica.url());
    assertThat(outcome.out()).contains("0      0000000000000002");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(outcome.err()).contains("cannot be restored");
  }

  @Test
  void anEmptyReplicaHasNoneWhichIsExitCode3() throws Exception {
    Files.delete(replica.file(9, 1, 1));
    Files.delete(replica.file(0, 2, 2));
    Shell.Outcome outcome = shell.run("ltx", replica.url());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO_BACKUP);
    assertThat(outcome.out()).endsWith("\nnewest restorable state: none, the replica is empty\n");
    Shell.Outcome json = shell.run("ltx", "-json", replica.url());
    assertThat(json.exitCode()).isEqualTo(ExitCode.NO_BACKUP);
    assertThat(json.out()).isEqualTo("[]\n");
  }

  @Test
  void aReplicaThatIsNotThereYetIsExitCode3() {
    assertThat(shell.run("ltx", "file://" + folder + "/nothing").exitCode())
        .isEqualTo(ExitCode.NO_BACKUP);
  }

  @Test
  void anEmptyReplicaThatTheAgentHasWrittenIsExitCode4() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("c.yml"),
            "dbs: [{path: " + folder + "/a.db, replica: {path: '" + folder + "/nothing'}}]");
    try (Staging staging = Staging.open(Disk.REAL, folder.resolve(".a.db-walsync").toFile())) {
      staging.save(Position.before(7).of("file://" + folder + "/nothing", ""));
    }
    Shell.Outcome outcome = shell.run("ltx", "-config", config.toString(), folder + "/a.db");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(outcome.err()).contains("file://nothing is empty").contains("0000000000000007");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void aFolderThatIsNotThereIsNotTakenForADatabaseWithoutAConfiguration() throws Exception {
    Shell.Outcome outcome = shell.run("ltx", folder + "/disk/app");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(outcome.err())
        .startsWith(
            "walsync: the replica could not be read: there is no folder disk/app (not mounted?), and"
                + " no configuration that names a database there: ");
    Path config =
        Files.writeString(
            folder.resolve("c.yml"), "dbs: [{path: " + folder + "/a.db, replica: {path: /r}}]");
    shell.set("WALSYNC_CONFIG", config.toString());
    assertThat(shell.run("ltx", folder + "/disk/app").err())
        .isEqualTo(
            "walsync: the replica could not be read: there is no folder disk/app (not mounted?), and"
                + " no such database in c.yml, which has a.db\n");
  }

  @Test
  void theListIsPrintedAsJson() throws Exception {
    Shell.Outcome outcome = shell.run("ltx", "-level", "all", "-json", replica.url());

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            """
            [
              {
                "level": 0,
                "min_txid": "0000000000000002",
                "max_txid": "0000000000000002",
                "size": %d,
                "timestamp": "2023-11-14T22:13:21Z"
              },
              {
                "level": 9,
                "min_txid": "0000000000000001",
                "max_txid": "0000000000000001",
                "size": %d,
                "timestamp": "2023-11-14T22:13:20Z"
              }
            ]
            """
                .formatted(Files.size(replica.file(0, 2, 2)), Files.size(replica.file(9, 1, 1))));
    assertThat(shell.run("ltx", "-level", "1", "-json", replica.url()).out()).isEqualTo("[]\n");
  }

  @Test
  void theReplicaOfAConfiguredDatabaseIsListed() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("c.yml"),
            "dbs: [{path: " + folder + "/a.db, replica: {url: '" + replica.url() + "'}}]");
    Shell.Outcome outcome =
        shell.run("ltx", folder.resolve("a.db").toString(), "-config", config.toString());

    assertThat(outcome).isEqualTo(shell.run("ltx", replica.url()));
  }

  @Test
  void aReplicaThatCannotBeReadIsExitCode4() {
    shell.wrap(
        client -> {
          FaultyReplicaClient faulty = new FaultyReplicaClient(client);
          faulty.setDown(true);
          return faulty;
        });
    Shell.Outcome outcome = shell.run("ltx", replica.url());

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(outcome.err()).startsWith("walsync: the replica could not be read: ");
    assertThat(outcome.out()).isEmpty();
  }
}
