package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.teststore.ForwardingReplicaClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PruneCommandTest {

  private static final String SECONDS = "5s every commit, 20s every 5s";

  @TempDir Path folder;
  private Shell shell;
  private SampleReplica replica;

  @BeforeEach
  void replicate() throws Exception {
    shell = new Shell(folder).wrap(Aged::new);
    replica = SampleReplica.create(folder.resolve("replica"), folder, 40);
    replica.snapshot();
    replica.commit();
    replica.commit();
  }

  /** Its files have been there for a day. */
  private static class Aged extends ForwardingReplicaClient {
    Aged(ReplicaClient client) {
      super(client);
    }

    @Override
    public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
      List<LtxFileInfo> files = new ArrayList<>();
      for (LtxFileInfo file : super.list(level, seek, exactTimes)) {
        files.add(file.withStoredMillis(System.currentTimeMillis() - 86_400_000));
      }
      return files;
    }
  }

  private Shell.Outcome run(String command, String... options) {
    String[] args =
        Stream.of(Stream.of(command), Stream.of(options))
            .flatMap(each -> each)
            .toArray(String[]::new);
    return shell.run(args);
  }

  private Shell.Outcome prune(String... options) {
    List<String> words = new ArrayList<>(List.of(options));
    words.add(replica.url());
    return run("prune", words.toArray(new String[0]));
  }

  private int fileCount() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("replica/ltx"))) {
      return (int) files.filter(Files::isRegularFile).count();
    }
  }

  private int rowsAt(String option, String value) throws Exception {
    Path copy = folder.resolve("copy-" + System.nanoTime());
    Shell.Outcome restored = run("restore", option, value, "-o", copy.toString(), replica.url());
    assertThat(restored.exitCode()).as(restored.err()).isZero();
    return SampleReplica.rowCount(copy);
  }

  /** Without the wait. */
  private Shell.Outcome pruneNow(String keep, String... options) {
    List<String> words = new ArrayList<>(List.of("-force", "-grace", "0", "-keep", keep));
    words.addAll(List.of(options));
    return prune(words.toArray(new String[0]));
  }

  @Test
  void aDryRunSaysWhatIsPromisedAndWhatWouldGo() throws Exception {
    Shell.Outcome outcome = prune("-dry-run", "-keep", SECONDS);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains(
            "promise          states  oldest",
            "5s every commit  7       2023-11-14T22:13:55Z",
            "20s every 5s     6       2023-11-14T22:13:39Z",
            "would delete ",
            "restorable: 42 states, from 2023-11-14T22:13:20Z to 2023-11-14T22:14:01Z; afterwards ");
    assertThat(outcome.exitCode()).isZero();
    assertThat(fileCount()).isEqualTo(43);
  }

  @Test
  void whatIsPromisedIsRestoredAfterwards() throws Exception {
    shell.run("compact", "-levels", "5s,20s", "-force", replica.url());
    int before = fileCount();
    assertThat(prune("-keep", SECONDS).err()).contains("fewer than half", "then use -force");
    assertThat(prune("-keep", SECONDS).exitCode()).isEqualTo(6);
    assertThat(fileCount()).isEqualTo(before);
    Shell.Outcome outcome = pruneNow(SECONDS);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).contains("\ndeleted ");
    assertThat(outcome.exitCode()).isZero();
    assertThat(fileCount()).isLessThan(before);
    for (int txid : new int[] {20, 25, 30, 35, 36, 37, 38, 39, 40, 41, 42}) {
      assertThat(rowsAt("-txid", Txid.of(txid).toString())).isEqualTo(txid);
    }
    for (int second : new int[] {40, 45, 50, 55}) {
      assertThat(rowsAt("-timestamp", "2023-11-14T22:13:" + second + "Z")).isEqualTo(second - 20);
    }
    assertThat(run("verify", "-all", replica.url()).exitCode()).isZero();
    assertThat(prune("-keep", SECONDS).out()).contains("\ndeleted 0 files ");
  }

  @Test
  void aPinOutlivesItAndIsRestoredByItsName() throws Exception {
    Shell.Outcome pinned = run("pin", "-txid", Txid.of(7).toString(), replica.url(), "before-v2");
    assertThat(pinned.err()).isEmpty();
    assertThat(pinned.out())
        .isEqualTo("pinned before-v2: TXID 0000000000000007 of 2023-11-14T22:13:26Z\n");
    assertThat(run("pin", replica.url(), "before-v2").exitCode()).isEqualTo(6);
    assertThat(run("pin", replica.url(), "newest").out()).contains("TXID 000000000000002a");
    assertThat(run("timeline", replica.url()).out())
        .contains("pin: before-v2, TXID 0000000000000007 of 2023-11-14T22:13:26Z\n");
    assertThat(run("timeline", "-json", replica.url()).out()).contains("\"name\": \"before-v2\"");
    assertThat(run("pins", replica.url()).out())
        .startsWith("name       txid              state_of")
        .contains("\nbefore-v2  0000000000000007  2023-11-14T22:13:26Z");
    assertThat(run("pins", "-json", replica.url()).out())
        .contains("\"txid\": \"0000000000000007\"");

    assertThat(pruneNow(SECONDS).exitCode()).isZero();
    assertThat(rowsAt("-pin", "before-v2")).isEqualTo(7);

    assertThat(run("unpin", replica.url(), "before-v2").out()).isEqualTo("unpinned before-v2\n");
    assertThat(run("unpin", replica.url(), "before-v2").exitCode()).isEqualTo(7);
    Shell.Outcome gone = run("restore", "-pin", "before-v2", "-o", "x.db", replica.url());
    assertThat(gone.err()).contains("there is no pin before-v2 in ");
    assertThat(gone.exitCode()).isEqualTo(7);
  }

  @Test
  void aDamagedPinHidesNothingElseAndIsRemovedByItsName() throws Exception {
    run("pin", replica.url(), "whole");
    run("pin", replica.url(), "torn");
    Files.writeString(folder.resolve("replica/walsync/pins/torn.json"), "{");

    Shell.Outcome pins = run("pins", replica.url());
    assertThat(pins.out()).contains("\nwhole ").doesNotContain("torn");
    assertThat(pins.err()).contains("the pin torn of ").contains(" is damaged");
    assertThat(pins.exitCode()).isEqualTo(5);
    Shell.Outcome timeline = run("timeline", replica.url());
    assertThat(timeline.out()).contains("pin: whole, TXID");
    assertThat(timeline.err()).contains("the pin torn of ");
    assertThat(timeline.exitCode()).isZero();

    assertThat(pruneNow(SECONDS).exitCode()).as("what it needs is not known").isEqualTo(4);
    assertThat(run("restore", "-pin", "torn", "-o", "x.db", replica.url()).exitCode()).isEqualTo(4);
    assertThat(run("unpin", replica.url(), "torn").exitCode()).isZero();
    assertThat(run("pins", replica.url()).exitCode()).isZero();
  }

  @Test
  void aPinOfAStateThatIsNotThereIsNotMade() {
    Shell.Outcome none = run("pin", "-txid", Txid.of(99).toString(), replica.url(), "a");
    assertThat(none.exitCode()).as(none.err()).isEqualTo(7);
    assertThat(run("pins", replica.url()).out()).doesNotContain("\na ");
  }

  @Test
  void aPinOfADamagedStateIsNotMade() throws Exception {
    Files.write(replica.file(0, 41, 41), new byte[500]);
    Shell.Outcome damaged = run("pin", replica.url(), "a");
    assertThat(damaged.exitCode()).as(damaged.err()).isEqualTo(5);
    assertThat(run("pins", replica.url()).out()).doesNotContain("\na ");
  }

  @Test
  void theConfigurationSaysWhatIsKeptAndWhetherAnythingIsDeleted() throws Exception {
    Path database = folder.resolve("app.db");
    String dbs = "dbs:\n  - path: " + database + "\n    replica: {path: " + folder + "/replica}\n";
    Path config = folder.resolve("walsync.yml");
    Files.writeString(
        config, "retention: {enabled: false, keep: [5s every commit, 20s every 5s]}\n" + dbs);
    Shell.Outcome plan = run("prune", "-force", "-config", config.toString(), database.toString());
    assertThat(plan.err()).doesNotContain("retention");
    assertThat(plan.out()).contains("20s every 5s     6 ", "would delete ");
    assertThat(fileCount()).isEqualTo(43);
    Files.writeString(config, "snapshot: {retention: 20s}\n" + dbs);
    assertThat(run("prune", "-dry-run", "-config", config.toString(), database.toString()).out())
        .contains("20s every commit", "20s every 20s");
  }

  @Test
  void whatIsThereForLessThanTenMinutesStays() {
    shell.wrap(client -> client);
    Shell.Outcome young = prune("-dry-run", "-keep", SECONDS);
    assertThat(young.out()).contains("would delete 0 files ");
  }

  @Test
  void anEmptyReplicaIsNoBackup() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Shell.Outcome none = run("prune", "-dry-run", "-keep", SECONDS, "file://" + empty);
    assertThat(none.exitCode()).as(none.err()).isIn(3, 4);
    assertThat(none.err()).contains("there is nothing to delete").hasLineCount(1);
  }

  @Test
  void missingFilesStopIt() throws Exception {
    Files.delete(replica.file(0, 41, 41));
    Shell.Outcome broken = pruneNow(SECONDS);
    assertThat(broken.exitCode()).isEqualTo(5);
    assertThat(broken.err()).contains("WARN: nothing may be deleted: files are missing");
    assertThat(fileCount()).isEqualTo(42);
  }

  @Test
  void aDeletionThatIsRefusedIsToldOnceAndBreaksNothing() throws Exception {
    shell.wrap(
        client ->
            new Aged(client) {
              @Override
              public void delete(List<LtxFileInfo> files) throws IOException {
                throw new ReplicaException("cannot delete 2 objects: AccessDenied", true);
              }
            });
    for (int i = 0; i < 2; i++) {
      Shell.Outcome refused = pruneNow(SECONDS);
      assertThat(refused.exitCode()).isEqualTo(4);
      assertThat(refused.err())
          .isEqualTo(
              "walsync: cannot delete 2 objects: AccessDenied; no file is known to be deleted."
                  + " Everything that is promised can be restored\n");
      assertThat(rowsAt("-txid", Txid.of(42).toString())).isEqualTo(42);
    }
    int before = fileCount();
    shell.wrap(Aged::new);
    assertThat(prune("-dry-run", "-keep", SECONDS).out()).doesNotContain("would delete 0 files");
    assertThat(pruneNow(SECONDS).exitCode()).isZero();
    assertThat(fileCount()).isLessThan(before);
  }

  @Test
  void aStoreThatOnlySaysThatItDeletesIsFoundOut() {
    shell.wrap(
        client ->
            new Aged(client) {
              @Override
              public void delete(List<LtxFileInfo> files) {}
            });
    Shell.Outcome refused = pruneNow(SECONDS);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("WARN: the store has said that it deleted ", "still lists");
  }

  @Test
  void aShortGraceNeedsForce() {
    Shell.Outcome wrong = prune("-grace", "9m", "-keep", SECONDS);
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("less than 10m only with -force");
    assertThat(prune("-grace", "soon", "-keep", SECONDS).exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1h; -keep: \"1h\" is no promise",
        "1h every commit, 2h; -keep: \"2h\" is no promise",
        "1h every 2h; -keep: \"1h every 2h\" has states further apart",
      })
  void aWrongPromiseIsToldSo(String keep, String error) {
    Shell.Outcome wrong = prune("-dry-run", "-keep", keep);
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains(error);
  }

  @Test
  void aReplicaWithoutAPromiseIsNotPruned() {
    Shell.Outcome wrong = prune("-dry-run");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("say what to keep, such as -keep \"1h every commit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a", "a/b", "-x", ".a", "a b", "ä"})
  void aNameThatIsNoneIsToldSo(String name) {
    Shell.Outcome wrong = run("pin", replica.url(), name);
    assertThat(wrong.exitCode()).isEqualTo(2);
    Shell.Outcome none = run("pin", replica.url());
    assertThat(none.err()).contains("give the pin a name");
  }
}
