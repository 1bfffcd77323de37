package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotCommandTest {

  @TempDir Path folder;
  private Shell shell;
  private SampleReplica replica;

  @BeforeEach
  void replicate() throws Exception {
    shell = new Shell(folder);
    replica = SampleReplica.create(folder.resolve("replica"), folder, 100);
  }

  private List<String> snapshots() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("replica/ltx/9"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aRestoreBeginsWithItAfterwards() throws Exception {
    Shell.Outcome outcome = shell.run("snapshot", replica.url());
    assertThat(outcome.err())
        .as("this replica records none")
        .startsWith("walsync: no checksum of the database was recorded beside the newest file");
    assertThat(outcome.out()).startsWith("snapshot of TXID 0000000000000064 made in ");
    assertThat(outcome.exitCode()).isZero();
    assertThat(snapshots()).contains("0000000000000001-0000000000000064.ltx");
    Path copy = folder.resolve("copy");
    Shell.Outcome restored = shell.run("restore", "-o", copy.toString(), replica.url());
    assertThat(restored.exitCode()).as(restored.err()).isZero();
    assertThat(SampleReplica.rowCount(copy)).isEqualTo(100);
    assertThat(shell.run("verify", "-all", replica.url()).exitCode()).isZero();

    assertThat(shell.run("snapshot", replica.url()).out())
        .endsWith(" has a snapshot of its newest state\n");
  }

  @Test
  void whileSomebodyMayWriteTheReplicaItIsRefusedUnlessForced() throws Exception {
    replica.commitAt(System.currentTimeMillis());
    List<String> before = snapshots();
    Shell.Outcome outcome = shell.run("snapshot", replica.url());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(outcome.err()).contains("is in use", "no snapshot was made");
    assertThat(snapshots()).isEqualTo(before);
    assertThat(shell.run("snapshot", "-force", replica.url()).exitCode()).isZero();
  }

  @Test
  void ofDamagedFilesNoneIsMade() throws Exception {
    Path damaged = replica.file(0, 80, 80);
    byte[] content = Files.readAllBytes(damaged);
    content[content.length / 2] ^= 1;
    Files.write(damaged, content);
    Files.setLastModifiedTime(damaged, FileTime.fromMillis(SampleReplica.millis(80)));
    List<String> before = snapshots();
    Shell.Outcome outcome = shell.run("snapshot", replica.url());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(outcome.err()).contains("is damaged at byte", "no snapshot was stored");
    assertThat(snapshots()).isEqualTo(before);
  }

  @Test
  void anEmptyReplicaHasNothingToMakeItOf() throws Exception {
    Files.createDirectories(folder.resolve("empty/ltx"));
    Files.createFile(folder.resolve("empty/.walsync-replica"));
    Shell.Outcome outcome = shell.run("snapshot", "file://" + folder.resolve("empty"));
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO_BACKUP);
    assertThat(outcome.err()).contains("there is no backup");
  }
}
