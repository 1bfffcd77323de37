package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.io.Disk;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.teststore.FaultyReplicaClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreCommandTest {

  private static final String TXID_2 = "0000000000000002";
  private static final String TXID_3 = "0000000000000003";

  @TempDir Path temporary;
  private Path folder;
  private Path output;
  private SampleReplica replica;
  private Shell shell;

  @BeforeEach
  void create() throws Exception {
    folder = temporary.toRealPath();
    output = folder.resolve("out.db");
    replica = SampleReplica.create(folder.resolve("replica"), folder, 3);
    shell = new Shell(folder);
  }

  private Shell.Outcome restore(String... options) {
    String[] words = new String[options.length + 4];
    words[0] = "restore";
    System.arraycopy(options, 0, words, 1, options.length);
    words[options.length + 1] = "-o";
    words[options.length + 2] = output.toString();
    words[options.length + 3] = replica.url();
    return shell.run(words);
  }

  @Test
  void theLatestStateIsRestoredFromAUrl() throws Exception {
    Shell.Outcome outcome = restore();

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .matches(
            "restored out\\.db from file://replica: TXID 0000000000000003 of"
                + " 2023-11-14T22:13:22Z, 8\\.2 kB from 3 files in [0-9.]+ s\n");
    assertThat(SampleReplica.rowCount(output)).isEqualTo(3);
  }

  @Test
  void optionsMayFollowTheArgumentAndTakeTwoDashesOrAnEqualsSign() throws Exception {
    String url = replica.url();
    assertThat(shell.run("restore", url, "--o", output.toString()).exitCode()).isZero();
    assertThat(shell.run("restore", url, "--o=" + output, "--force").exitCode()).isZero();
    assertThat(shell.run("restore", "-force=true", url, "-o=" + output).exitCode()).isZero();
    assertThat(shell.run("restore", "-o", output.toString(), "-force", "--", url).exitCode())
        .isZero();
    assertThat(shell.run("restore", "-force=false", url, "-o=" + output).exitCode())
        .isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void theResultIsPrintedAsJson() {
    Shell.Outcome outcome = restore("-json", "-integrity-check", "full");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out().replaceAll("\"duration_ms\": [0-9]+", "\"duration_ms\": 0"))
        .isEqualTo(
            """
            {
              "db_path": "out.db",
              "replica": "file://replica",
              "txid": "0000000000000003",
              "timestamp": "2023-11-14T22:13:22Z",
              "size": 8192,
              "page_size": 4096,
              "files": 3,
              "duration_ms": 0,
              "integrity_check": "full"
            }
            """);
  }

  @Test
  void aDatabaseIsFoundInTheConfigurationAndRestoredInItsPlace() throws Exception {
    Path database = folder.resolve("data/app.db");
    Path config = config(database);

    assertThat(shell.run("restore", "-config", config.toString(), database.toString()).exitCode())
        .isZero();
    assertThat(SampleReplica.rowCount(database)).isEqualTo(3);
    Shell.Outcome elsewhere =
        shell.run(
            "restore", "-config", config.toString(), "-o", output.toString(), database.toString());
    assertThat(elsewhere.exitCode()).isZero();
    assertThat(SampleReplica.rowCount(output)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"WALSYNC_CONFIG", "LITESTREAM_CONFIG"})
  void theConfigurationIsNamedByAVariable(String variable) throws Exception {
    Path database = folder.resolve("app.db");
    shell.set(variable, config(database).toString());

    assertThat(shell.run("restore", "sqlite3://" + database).exitCode()).isZero();
    assertThat(SampleReplica.rowCount(database)).isEqualTo(3);
  }

  @Test
  void aDatabaseThatIsNotInTheConfigurationIsAMistake() throws Exception {
    Path config = config(folder.resolve("app.db"));
    Shell.Outcome outcome =
        shell.run("restore", "-config", config.toString(), folder + "/other.db");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err())
        .isEqualTo(
            "walsync: restore: other.db is no replica's folder and not in c.yml, which has app.db (see: walsync help"
                + " restore)\n");
  }

  @Test
  void oneOfManyDatabasesIsRestored() throws Exception {
    SampleReplica.create(folder.resolve("many/eu/a.db"), folder, 2);
    Path config =
        Files.writeString(
            folder.resolve("c.yml"),
            """
            dbs:
              - dir: %s/tenants
                pattern: "*.db"
                recursive: true
                replica: {path: "%s/many"}
            """
                .formatted(folder, folder));
    Path database = folder.resolve("tenants/eu/a.db");

    assertThat(shell.run("restore", "-config", config.toString(), database.toString()).exitCode())
        .isZero();
    assertThat(SampleReplica.rowCount(database)).isEqualTo(2);
  }

  @Test
  void variablesInTheConfigurationAreReplacedUnlessForbidden() throws Exception {
    Path database = folder.resolve("app.db");
    Path config =
        Files.writeString(
            folder.resolve("c.yml"),
            "dbs: [{path: " + database + ", replica: {path: '${ROOT}/replica'}}]");
    shell.set("ROOT", folder.toString());

    assertThat(
            shell
                .run("restore", "-config", config.toString(), "-no-expand-env", "" + database)
                .exitCode())
        .isEqualTo(ExitCode.NO_BACKUP);
    assertThat(shell.run("restore", "-config", config.toString(), "" + database).exitCode())
        .isZero();
  }

  @Test
  void aTxidIsRestoredWhateverItsCase() throws Exception {
    Shell.Outcome outcome = restore("-txid", TXID_2);

    assertThat(outcome.out()).contains("TXID " + TXID_2);
    assertThat(SampleReplica.rowCount(output)).isEqualTo(2);
    assertThat(restore("-force", "-txid", "000000000000000A").err()).contains("000000000000000a");
  }

  @ParameterizedTest
  @CsvSource({
    "2023-11-14T22:13:22Z, 2",
    "2023-11-14T23:13:22+01:00, 2",
    "2023-11-14T22:13:22.001Z, 3",
    "2033-11-14T22:13:22Z, 3",
  })
  void theStateBeforeATimeIsRestored(String time, int rowCount) throws Exception {
    assertThat(restore("-timestamp", time).exitCode()).isZero();
    assertThat(SampleReplica.rowCount(output)).isEqualTo(rowCount);
  }

  @ParameterizedTest
  @CsvSource({
    "2023-11-14T22:13:22Z, '0000000000000002 of 2023-11-14T22:13:21Z, 1.0 s before'",
    "2023-11-15T22:13:22Z, '0000000000000003 of 2023-11-14T22:13:22Z, 24 h 0 min before'",
  })
  void aRestoreByTimeSaysWhatItTookAndHowFarThatIsFromWhatWasAsked(String time, String text) {
    assertThat(restore("-timestamp", time).out()).contains(text + " " + time + ", ");
    assertThat(restore("-timestamp", time, "-dry-run").out())
        .contains("time:  ")
        .contains(" before " + time + "\n");
  }

  @Test
  void theJsonOfARestoreByTimeHasTheDistance() {
    assertThat(restore("-json", "-timestamp", "2023-11-14T22:13:22Z").out())
        .contains("\"timestamp\": \"2023-11-14T22:13:21Z\",")
        .contains("\"asked_timestamp\": \"2023-11-14T22:13:22Z\",")
        .contains("\"before_asked_ms\": 1000,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-txid nonsense", "-txid 0000000000000009", ""})
  void aMistakeOfTheUsersHasNoStackTrace(String options) throws Exception {
    Files.writeString(output, "x");
    String[] more = ("-verbose " + options).trim().split(" ");
    assertThat(restore(more).err()).isNotEmpty().doesNotContain("\tat ", "Exception");
  }

  @ParameterizedTest
  @CsvSource({
    "-txid, 0000000000000009",
    "-timestamp, 2001-01-01T00:00:00Z",
  })
  void aStateTheReplicaDoesNotHaveIsExitCode7(String option, String value) {
    Shell.Outcome outcome = restore(option, value, "-if-replica-exists");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NOT_REACHABLE);
    assertThat(outcome.err())
        .startsWith("walsync: ")
        .endsWith("; nothing was written. List what there is: walsync ltx -level all\n");
    assertThat(output).doesNotExist();
  }

  @Test
  void aTimeThatIsYetToComeIsNotBelievedAndThatIsSaid() throws Exception {
    Instant ahead = Instant.now().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS);
    replica.commitAt(ahead.toEpochMilli());
    Path newest = replica.file(LtxFileInfo.LEVEL_L0, 4, 4);
    Instant stored = ((FileTime) Files.getAttribute(newest, "unix:ctime")).toInstant();

    Shell.Outcome outcome = restore("-timestamp", stored.plusSeconds(60).toString());

    assertThat(outcome.exitCode()).isZero();
    assertThat(SampleReplica.rowCount(output)).isEqualTo(4);
    assertThat(outcome.err())
        .contains("TXID " + Txid.of(4) + " carries the time " + ahead + ", which is yet to come");
    assertThat(outcome.out()).doesNotContain(ahead.toString()).contains(" before ");
  }

  @Test
  void anEmptyReplicaThatTheAgentHasWrittenIsExitCode4() throws Exception {
    Path database = folder.resolve("data/app.db");
    Path config = config(database);
    String[] words = {"restore", "-if-replica-exists", "-config", config + "", database + ""};
    try (Stream<Path> all = Files.walk(folder.resolve("replica"))) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    assertThat(shell.run(words).exitCode()).isZero();
    try (Staging staging =
        Staging.open(Disk.REAL, folder.resolve("data/.app.db-walsync").toFile())) {
      staging.save(Position.before(7).of(replica.url(), ""));
    }
    Shell.Outcome outcome = shell.run(words);

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(outcome.err()).contains("file://replica is empty").contains("0000000000000007");
    assertThat(database).doesNotExist();
  }

  @Test
  void noBackupIsExitCode3() {
    Shell.Outcome outcome =
        shell.run("restore", "-o", output.toString(), "file://" + folder + "/nothing");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.NO_BACKUP);
    assertThat(outcome.err())
        .isEqualTo(
            "walsync: no backup in file://nothing; nothing was written. Check the path, or add"
                + " -if-replica-exists where a start without a backup is right\n");
    assertThat(output).doesNotExist();
  }

  @Test
  void aReplicaThatMayNotBeMountedIsExitCode4WhateverTheUserSays() throws Exception {
    Path link = folder.resolve("disk");
    Files.createSymbolicLink(link, folder.resolve("unmounted"));
    for (String command : new String[] {"restore", "ltx"}) {
      Shell.Outcome outcome =
          command.equals("ltx")
              ? shell.run(command, "file://" + link + "/app")
              : shell.run(
                  command, "-if-replica-exists", "-o", "" + output, "file://" + link + "/app");
      assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNREADABLE);
      assertThat(outcome.err())
          .isEqualTo(
              "walsync: the replica could not be read: file://disk/app is not there: the symbolic"
                  + " link disk leads to unmounted, which does not exist (is its disk mounted?)\n");
    }
    assertThat(output).doesNotExist();
  }

  @Test
  void noBackupIsFineIfTheUserSaysSo() {
    String url = "file://" + folder + "/nothing";
    String out = output.toString();

    Shell.Outcome text = shell.run("restore", "-if-replica-exists", "-o", out, url);
    assertThat(text.exitCode()).isZero();
    assertThat(text.out()).isEqualTo("nothing restored to out.db: there is no backup\n");
    Shell.Outcome json = shell.run("restore", "-if-replica-exists", "-json", "-o", out, url);
    assertThat(json.exitCode()).isZero();
    assertThat(json.out())
        .isEqualTo(
            """
            {
              "db_path": "out.db",
              "replica": "file://nothing",
              "skipped": "there is no backup"
            }
            """);
    Shell.Outcome dryRun = shell.run("restore", "-if-replica-exists", "-dry-run", "-o", out, url);
    assertThat(dryRun).isEqualTo(text);
  }

  @Test
  void aReplicaThatCannotBeReadIsExitCode4EvenIfNoBackupWouldBeFine() {
    shell.wrap(
        client -> {
          FaultyReplicaClient faulty = new FaultyReplicaClient(client);
          faulty.setDown(true);
          return faulty;
        });
    Shell.Outcome outcome = restore("-if-replica-exists");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(outcome.err()).startsWith("walsync: the replica could not be read: ");
    assertThat(output).doesNotExist();
  }

  @Test
  void anExistingDatabaseIsExitCode6() throws Exception {
    Files.writeString(output, "mine");
    Shell.Outcome outcome = restore();

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(outcome.err())
        .isEqualTo(
            "walsync: restore to out.db: the file exists; nothing was written. Name another file"
                + " with -o, or replace it with -force\n");
    assertThat(output).hasContent("mine");
  }

  @Test
  void anExistingDatabaseIsFineIfTheUserSaysSo() throws Exception {
    Files.writeString(output, "mine");

    Shell.Outcome text = restore("-if-db-not-exists");
    assertThat(text.exitCode()).isZero();
    assertThat(text.out()).isEqualTo("nothing restored to out.db: the database exists\n");
    Shell.Outcome json = restore("-if-db-not-exists", "-json");
    assertThat(json.exitCode()).isZero();
    assertThat(json.out()).contains("\"skipped\": \"the database exists\"");
    assertThat(output).hasContent("mine");
  }

  @Test
  void aMissingDatabaseIsRestoredIfOnlyAnExistingOneIsLeftAlone() throws Exception {
    assertThat(restore("-if-db-not-exists").exitCode()).isZero();
    assertThat(SampleReplica.rowCount(output)).isEqualTo(3);
  }

  @Test
  void anExistingDatabaseIsReplacedByForce() throws Exception {
    Files.writeString(output, "mine");

    assertThat(restore("-force").exitCode()).isZero();
    assertThat(SampleReplica.rowCount(output)).isEqualTo(3);
  }

  @Test
  void aDatabaseThatTheAgentRefusedIsNotReplacedWithoutAWord() throws Exception {
    Path database = folder.resolve("data/app.db");
    String config = config(database).toString();
    Files.createDirectories(database.getParent());
    Files.writeString(database, "mine");
    String[] words = {"restore", "-force", "-config", config, database.toString()};
    assertThat(shell.run(words).err()).isEmpty();
    try (Staging staging =
        Staging.open(Disk.REAL, folder.resolve("data/.app.db-walsync").toFile())) {
      staging.refusal().write(replica.url(), 0, "it is behind");
    }
    Shell.Outcome outcome = shell.run(words);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err())
        .startsWith("walsync: WARN: the agent has refused to replicate data/app.db: ")
        .contains("exists nowhere else");
  }

  @Test
  void forceIsNotSuggestedForADirectory() throws Exception {
    Files.createDirectory(output);

    assertThat(restore().err())
        .isEqualTo(
            "walsync: restore to out.db: it is a directory; nothing was written. Name another file"
                + " with -o\n");
  }

  @Test
  void forceIsNotSuggestedToThoseWhoGaveIt() throws Exception {
    Files.createDirectory(output);
    Shell.Outcome outcome = restore("-force");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(outcome.err())
        .isEqualTo("walsync: restore to out.db: it is a directory; nothing was written\n");
  }

  @Test
  void aDryRunPrintsThePlanAndWritesNothing() {
    Shell.Outcome outcome = restore("-dry-run", "-txid", TXID_2);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out().replaceAll("(?<=txid: +[0-9]{16}\nfetch: ).*", "SIZE"))
        .matches(
            """
            from:  file://replica
            to:    out.db
            txid:  0000000000000002
            fetch: SIZE

            level  file                                   +size  created
            9      0000000000000001-0000000000000001.ltx  [0-9]+ +2023-11-14T22:13:20Z
            0      0000000000000002-0000000000000002.ltx  [0-9]+ +2023-11-14T22:13:21Z
            """);
    assertThat(output).doesNotExist();
  }

  @Test
  void aDryRunPrintsThePlanAsJson() {
    Shell.Outcome outcome = restore("-dry-run", "-json");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains(
            "\"source\": \"file://replica\",\n  \"target_path\": \"out.db\",\n",
            "\"min_txid\": \"0000000000000001\",\n  \"max_txid\": \"" + TXID_3 + "\",\n",
            "\"name\": \"0000000000000003-0000000000000003.ltx\",\n",
            "\"timestamp\": \"2023-11-14T22:13:22Z\"\n");
    assertThat(output).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "quick", "full"})
  void aSoundDatabasePassesEveryCheck(String check) throws Exception {
    assertThat(restore("-integrity-check", check).exitCode()).isZero();
    assertThat(folder.toFile().list()).doesNotContain("out.db-wal", "out.db-shm");
  }

  @Test
  void aDamagedFileIsExitCode5() throws Exception {
    Path file = replica.file(LtxFileInfo.LEVEL_L0, 3, 3);
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
    Shell.Outcome outcome = restore();

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(outcome.err())
        .contains(file.getFileName().toString())
        .endsWith("; nothing was written. An older state may be whole: -txid or -timestamp\n");
    assertThat(output).doesNotExist();
    assertThat(restore("-txid", TXID_2).exitCode()).isZero();
  }

  @Test
  void aGapIsExitCode5AndSaysWhatIsWhole() throws Exception {
    Files.delete(replica.file(LtxFileInfo.LEVEL_L0, 2, 2));
    Shell.Outcome outcome = restore();

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DAMAGED);
    assertThat(outcome.err())
        .contains(TXID_2)
        .endsWith(
            "; nothing was written. What is whole can be restored with -txid"
                + " 0000000000000001\n");
    Files.delete(replica.file(LtxFileInfo.LEVEL_SNAPSHOT, 1, 1));
    assertThat(restore().err())
        .endsWith("; nothing was written. The backup cannot be restored as it is\n");
  }

  @Test
  void aFolderThatCannotBeMadeIsExitCode1() throws Exception {
    Files.writeString(folder.resolve("file"), "");
    output = folder.resolve("file/out.db");
    Shell.Outcome outcome = restore();

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.err()).startsWith("walsync: ").contains("file").hasLineCount(1);
  }

  @Test
  void aFaultOfOurOwnIsExitCode1() {
    shell.wrap(
        client -> {
          throw new IllegalStateException("boom");
        });
    Shell.Outcome outcome = restore();

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.err())
        .isEqualTo("walsync: unexpected failure: java.lang.IllegalStateException: boom\n");
  }

  @Test
  void theDetailsAreForThoseWhoAsk() {
    assertThat(restore("-verbose", "-parallelism", "1").err())
        .contains("walsync: restoring 3 files up to TXID " + TXID_3)
        .contains("walsync: all pages written");
  }

  private Path config(Path database) throws Exception {
    return Files.writeString(
        folder.resolve("c.yml"),
        "dbs: [{path: " + database + ", replica: {url: '" + replica.url() + "'}}]");
  }
}
