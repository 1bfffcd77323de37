package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaException;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactCommandTest {

  @TempDir Path folder;
  private Shell shell;
  private SampleReplica replica;

  @BeforeEach
  void replicate() throws Exception {
    shell = new Shell(folder);
    replica = SampleReplica.create(folder.resolve("replica"), folder, 100);
  }

  private Shell.Outcome compact(String... options) {
    String[] args =
        Stream.of(Stream.of("compact"), Stream.of(options), Stream.of(replica.url()))
            .flatMap(each -> each)
            .toArray(String[]::new);
    return shell.run(args);
  }

  private List<Path> merged() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("replica/ltx"))) {
      return files.filter(file -> file.toString().matches(".*/ltx/[1-8]/.*ltx")).sorted().toList();
    }
  }

  private int rowsAt(int txid) throws Exception {
    Path copy = folder.resolve("copy-" + txid + "-" + System.nanoTime());
    Shell.Outcome restored =
        shell.run(
            "restore", "-txid", String.format("%016x", txid), "-o", copy.toString(), replica.url());
    assertThat(restored.exitCode()).as(restored.err()).isZero();
    return SampleReplica.rowCount(copy);
  }

  @Test
  void aRestoreReadsFewFilesAfterwardsAndEveryStateIsStillThere() throws Exception {
    Shell.Outcome outcome = compact();

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .matches(
            "merged \\d+ files into \\d+ \\(.*\\): a restore of the newest state reads \\d files"
                + " instead of 100\n");
    assertThat(outcome.exitCode()).isZero();
    for (int txid : new int[] {1, 2, 17, 49, 50, 99, 100}) {
      assertThat(rowsAt(txid)).isEqualTo(txid);
    }
    assertThat(shell.run("verify", "-all", replica.url()).exitCode()).isZero();
  }

  @Test
  void theSecondTimeThereIsNothingToDo() throws Exception {
    compact();
    List<Path> files = merged();
    Shell.Outcome again = compact();
    assertThat(again.out()).startsWith("nothing to merge: a restore of the newest state reads");
    assertThat(again.exitCode()).isZero();
    assertThat(merged()).isEqualTo(files).isNotEmpty();
  }

  @Test
  void aDryRunSaysWhatItWouldDoAndDoesNothing() throws Exception {
    assertThat(compact("-dry-run").out()).matches("would merge \\d+ files into \\d+\n");
    assertThat(compact("-dry-run", "-json").out()).contains("inputs").doesNotContain("size");
    assertThat(merged()).isEmpty();
  }

  @Test
  void asJsonEachFileIsListed() {
    Shell.Outcome outcome = compact("-json", "-levels", "20s,1m");
    assertThat(outcome.out().replaceAll("\\s", ""))
        .startsWith("{\"replica\":\"")
        .contains("\"dry_run\":false,\"merged\":[{\"level\":1,\"min_txid\":\"0000000000000002\"")
        .contains("\"level\":2", "\"obstacles\":[],\"restore_files_before\":100");
    assertThat(outcome.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "0s", "5m,30s", "30s,30s", "1s,2s,3s,4s,5s,6s,7s,8s,9s"})
  void levelsThatMakeNoSenseAreRefused(String levels) {
    Shell.Outcome outcome = compact("-levels", levels);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("-levels must be 1 to 8 durations");
  }

  @Test
  void whileSomebodyMayWriteItNothingIsMergedUnlessForced() throws Exception {
    replica.commitAt(System.currentTimeMillis());
    Shell.Outcome outcome = compact();
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(outcome.err())
        .contains("is in use: somebody may replicate to it: its newest file is")
        .contains("nothing was merged");
    assertThat(merged()).isEmpty();
    assertThat(compact("-force").exitCode()).isZero();
    assertThat(merged()).isNotEmpty();
  }

  @Test
  void damageIsNamedAndWhatWasMergedBeforeStays() throws Exception {
    Path damaged = replica.file(0, 80, 80);
    byte[] content = Files.readAllBytes(damaged);
    content[content.length / 2] ^= 1;
    Files.write(damaged, content);
    Files.setLastModifiedTime(damaged, FileTime.fromMillis(SampleReplica.millis(80)));
    Shell.Outcome outcome = compact();
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(outcome.err())
        .contains("0000000000000050-0000000000000050.ltx", "is damaged at byte")
        .contains("files merged before stay", "verify -all");
    assertThat(merged()).isNotEmpty();
    assertThat(rowsAt(79)).isEqualTo(79);
  }

  @Test
  void anEmptyReplicaHasNothingToMerge() throws Exception {
    Files.createDirectories(folder.resolve("empty/ltx"));
    Files.createFile(folder.resolve("empty/.walsync-replica"));
    Shell.Outcome outcome = shell.run("compact", "file://" + folder.resolve("empty"));
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO_BACKUP);
    assertThat(outcome.err()).contains("there is no backup");
  }

  @Test
  void aStoreThatTakesNothingIsToldAndNothingIsLost() throws Exception {
    shell.wrap(
        client ->
            new ForwardingReplicaClient(client) {
              @Override
              public void write(LtxFileInfo file, LtxSource content, String sha256Hex)
                  throws IOException {
                throw new ReplicaException("cannot write: AccessDenied", true);
              }
            });
    Shell.Outcome outcome = compact();
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(outcome.err()).contains("AccessDenied");
    assertThat(merged()).isEmpty();
  }

  @Test
  void aFolderForScratchFilesMustBeThere() {
    assertThat(compact("-temp", folder.resolve("nowhere").toString()).err())
        .contains("-temp must be a folder");
    assertThat(compact("-temp", folder.toString()).exitCode()).isZero();
  }
}
