package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.it.app.Ledger;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Jdk;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.SqliteCli;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The agent comes into JVMs that are running, and leaves them. */
final class AttachIT {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final String STORM = "start threads=2 storm=25 size=2000 pause=300";
  private static final String STEADY = "start threads=2 size=2000 pause=300";
  private static final String AUTOCHECKPOINT = "sql PRAGMA wal_autocheckpoint";

  @TempDir Path folder;
  private Path database;
  private Path config;
  private Recovery recovery;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replica"));
    config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    recovery = new Recovery(replica, folder);
  }

  @ParameterizedTest
  @CsvSource({"3.8.11.2, 17", "3.36.0.3, 17", "3.54.1.0, 25"})
  void anApplicationUnderLoadIsReplicatedFromTheAttachOn(String driver, int java) {
    attachUnderLoad(driver, java);
  }

  @Tag("campaign")
  @ParameterizedTest
  @CsvSource({
    "3.15.1, 17",
    "3.21.0, 17",
    "3.30.1, 25",
    "3.39.3.0, 17",
    "3.45.3.0, 25",
    "3.51.3.0, 17",
    "3.54.1.0, 17"
  })
  void soIsOneWithAnyOtherDriver(String driver, int java) {
    attachUnderLoad(driver, java);
  }

  private void attachUnderLoad(String driver, int java) {
    ForkedJvm.Builder application = Application.with(driver(driver), database).on(jdk(java));
    try (ForkedJvm app = application.classPath(Application.slf4j()).start()) {
      app.ask("open");
      app.ask("create");
      app.ask(STORM);
      String before = app.ask("insert 3");
      assertThat(attach(app)).startsWith("process " + app.pid() + " attached: ");
      recovery.awaitSeq(before);
      recovery.awaitSeq(app.ask("insert 3"));
      app.ask("stop");
      app.ask("delete 3");
      app.ask("sql VACUUM");
      recovery.awaitSeq(app.ask("insert 3"));
      app.ask("close");
      app.exit();
      assertThat(app.stdout()).allMatch(line -> line.startsWith("ok"));
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
    DatabaseContent.sameBytes(database, recovery.restore());
  }

  @ParameterizedTest
  @CsvSource({"3.8.11.2", "3.54.1.0"})
  void statementsPreparedBeforeTheAttachAreKnownForWhatTheyAre(String driver) {
    try (ForkedJvm app = start(driver)) {
      String insert = app.ask("prepare " + Ledger.append(0, 0, Ledger.Operation.PUT, 17, 500));
      String truncate = app.ask("prepare PRAGMA wal_checkpoint(TRUNCATE)");
      String begin = app.ask("prepare BEGIN IMMEDIATE");
      String commit = app.ask("prepare COMMIT");
      attach(app);
      app.ask("again " + insert);
      recovery.awaitSeq(1);
      // Busy, after the whole busy timeout, if the agent did not get out of the way.
      assertThat(app.ask("again " + truncate)).isEqualTo("0|0|0");
      app.ask("again " + begin);
      app.ask("again " + insert);
      app.ask("again " + insert);
      app.ask("again " + commit);
      recovery.awaitSeq(3);
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @ParameterizedTest
  @CsvSource({"3.8.11.2", "3.54.1.0"})
  void afterADetachUnderLoadNothingOfTheAgentIsLeftAndALaterAttachGoesOn(String driver) {
    try (ForkedJvm app = start(driver)) {
      app.ask(STEADY);
      attach(app);
      recovery.awaitSeq(app.ask("insert 1"));
      await().atMost(DEADLINE).until(() -> app.ask(AUTOCHECKPOINT).equals("0"));

      String atDetach = app.ask("insert 1");
      assertThat(detach(app)).contains("detached: 1 database, everything").contains("in the store");
      recovery.awaitSeq(atDetach);
      assertThat(threads(app)).isEmpty();
      assertThat(app.ask(AUTOCHECKPOINT)).isEqualTo("1000");
      // The application's writers checkpoint again, and one checkpoint excludes another.
      await().atMost(DEADLINE).until(() -> app.ask("sql PRAGMA wal_checkpoint").startsWith("0|"));
      long captured = recovery.ledger().lastSeq();
      assertThat(Long.parseLong(app.ask("insert 3"))).isGreaterThan(captured);

      attach(app);
      recovery.awaitSeq(app.ask("insert 1"));
      app.ask("stop");
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void anAgentThatWasThereFromTheStartLeavesAndComesBackToo() {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      app.ask(STEADY);
      recovery.awaitSeq(app.ask("insert 1"));
      assertThat(attach(app)).contains("already: the agent is there, with " + config);
      detach(app);
      assertThat(threads(app)).isEmpty();
      assertThat(app.ask(AUTOCHECKPOINT)).isEqualTo("1000");
      // Opened while there is no agent, and still open when it comes.
      app.ask("stop");
      app.ask(STEADY);
      attach(app);
      recovery.awaitSeq(app.ask("insert 1"));
      app.ask("stop");
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void aCheckpointIntervalOfTheApplicationsIsNeitherTakenNorGivenBack() {
    try (ForkedJvm app = start("3.54.1.0")) {
      app.ask("sql PRAGMA wal_autocheckpoint=77");
      attach(app);
      recovery.awaitSeq(app.ask("insert 2"));
      assertThat(app.ask(AUTOCHECKPOINT)).isEqualTo("77");
      detach(app);
      assertThat(app.ask(AUTOCHECKPOINT)).isEqualTo("77");
      app.exit();
    }
  }

  @ParameterizedTest
  @CsvSource({"3.8.11.2", "3.54.1.0"})
  void anApplicationThatDoesNothingIsReplicatedAsItIsAndGoesOnAtItsNextStatement(String driver) {
    try (ForkedJvm app = start(driver)) {
      String before = app.ask("insert 3");
      attach(app);
      recovery.awaitSeq(before);
      recovery.awaitSeq(app.ask("insert 3"));
      app.ask("close");
      app.exit();
      assertThat(app.stderr()).filteredOn(line -> line.contains("starting with")).hasSize(1);
      assertThat(app.stderr()).noneMatch(line -> line.contains(" WARN ") && !isOldSqlite(line));
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  private static boolean isOldSqlite(String line) {
    return line.contains("WAL-reset bug");
  }

  @Test
  void whatAnotherProcessCommitsBesideSuchAnApplicationIsReplicatedToo() {
    try (ForkedJvm app = start("3.54.1.0")) {
      String before = app.ask("insert 3");
      attach(app);
      recovery.awaitSeq(before);
      SqliteCli.required()
          .run(database, List.of(Ledger.append(0, 0, Ledger.Operation.PUT, 17, 500) + ";"))
          .succeeded();
      recovery.awaitSeq(Long.parseLong(before) + 1);
      app.exit();
    }
  }

  @Test
  void anApplicationThatExitsRightAfterTheAttachHasWhatItCommittedInTheStore() {
    try (ForkedJvm app = start("3.54.1.0")) {
      app.ask("insert 3");
      attach(app);
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void whatCannotBeReplicatedBeforeItsNextStatementIsToldAndNamedByTheDetach() {
    try (ForkedJvm app = start("3.54.1.0")) {
      app.ask("sql PRAGMA journal_mode=DELETE");
      app.ask("insert 3");
      attach(app);
      assertThat(detach(app)).contains("not replicated", database.toString());
      app.exit();
      assertThat(app.stderr())
          .anyMatch(line -> line.contains("nothing is replicated before its next statement"));
    }
  }

  @ParameterizedTest
  @CsvSource({"3.8.11.2", "3.54.1.0"})
  void aConnectionThatKeepsItsDatabaseToItselfIsReplicatedAtItsNextStatement(String driver) {
    try (ForkedJvm app = start(driver)) {
      app.ask("sql PRAGMA locking_mode=EXCLUSIVE");
      app.ask("insert 3");
      attach(app);
      await()
          .atMost(DEADLINE)
          .until(
              () ->
                  app.stderr().stream()
                      .anyMatch(line -> line.contains("nothing is replicated before its next")));
      app.ask("insert 3");
      app.ask("close");
      app.exit();
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void attachingTwiceChangesNothingAndAJvmWithoutTheAgentIsToldApart() {
    try (ForkedJvm app = start("3.36.0.3")) {
      String row = app.pid() + " +" + app.getClass().getPackageName().replace("harness", "app");
      assertThat(list()).containsPattern(row + "\\.WriterApp +3\\.36\\.0\\.3 +no");
      assertThat(detach(app)).contains("absent: there is no agent");
      attach(app);
      recovery.awaitSeq(app.ask("insert 1"));
      assertThat(list()).containsPattern(row + "\\.WriterApp +3\\.36\\.0\\.3 +replicating");
      assertThat(attach(app)).contains("already: the agent is there, with " + config);
      String missing = folder.resolve("nosuch.yml").toString();
      Command.Outcome wrong = cli("attach", String.valueOf(app.pid()), missing);
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.stderr()).contains(missing + ": there is no such configuration file");
      recovery.awaitSeq(app.ask("insert 1"));
      app.exit();
      assertThat(app.stderr()).filteredOn(line -> line.contains("starting with")).hasSize(1);
    }
  }

  @Test
  void ofSeveralWhoAttachAtOnceEachIsToldWhatBecameOfItsOwn() throws Exception {
    Path other = Files.copy(config, folder.resolve("other.yml"));
    try (ForkedJvm app = start("3.54.1.0")) {
      String pid = String.valueOf(app.pid());
      // Before it has ever been attached to, a JVM takes a second request for one of a thread dump.
      assertThat(detach(app)).contains("absent");
      List<CompletableFuture<Command.Outcome>> asked = new ArrayList<>();
      for (Path file : List.of(config, other, config)) {
        asked.add(CompletableFuture.supplyAsync(() -> cli("attach", pid, file.toString())));
      }
      List<String> answers = new ArrayList<>();
      for (CompletableFuture<Command.Outcome> each : asked) {
        answers.add(each.get().succeeded().stdout());
      }
      assertThat(answers).filteredOn(answer -> answer.contains(" attached: ")).hasSize(1);
      assertThat(answers).filteredOn(answer -> answer.contains(" already: ")).hasSize(2);
      recovery.awaitSeq(app.ask("insert 1"));
      app.exit();
    }
  }

  @Test
  void whatIsWrongIsToldToWhoAttachesAndNotToTheApplication() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.yml"), "dbz: 1\n");
    try (ForkedJvm app = start("3.54.1.0")) {
      String pid = String.valueOf(app.pid());
      Command.Outcome outcome = cli("attach", pid, bad.toString());
      assertThat(outcome.exitCode()).isEqualTo(2);
      assertThat(outcome.stderr())
          .contains("bad.yml:1:1: dbz: unknown key")
          .contains("nothing was changed");
      assertThat(cli("attach", pid).stderr())
          .contains("no configuration: give its path")
          .contains("attach PID CONFIG");
      assertThat(cli("attach", pid, folder + "/none.yml").stderr())
          .contains("none.yml: there is no such configuration file");
      assertThat(threads(app)).isEmpty();
      attach(app);
      recovery.awaitSeq(app.ask("insert 1"));
      app.exit();
      assertThat(app.stderr())
          .noneMatch(line -> line.contains("bad.yml") || line.contains("none.yml"));
    }
  }

  @Test
  void processesThatCannotBeAttachedToAreLeftAlone() throws Exception {
    Process sleep = new ProcessBuilder("sleep", "60").start();
    try {
      Command.Outcome noJvm = cli("attach", String.valueOf(sleep.pid()), config.toString());
      assertThat(noJvm.exitCode()).isEqualTo(1);
      assertThat(noJvm.stderr()).contains("process " + sleep.pid() + " is no JVM");
      assertThat(sleep.isAlive()).isTrue();
    } finally {
      sleep.destroy();
      sleep.waitFor();
    }
    assertThat(cli("attach", String.valueOf(sleep.pid()), config.toString()).stderr())
        .contains("there is no process " + sleep.pid());
    assertThat(cli("attach", "mine").exitCode()).isEqualTo(2);
  }

  @Test
  void aJvmThatRefusesAgentsSaysSo() {
    ForkedJvm.Builder refusing =
        Application.builder(database).on(jdk(25)).option("-XX:-EnableDynamicAgentLoading");
    try (ForkedJvm app = refusing.start()) {
      app.ask("open");
      Command.Outcome outcome = cli("attach", String.valueOf(app.pid()), config.toString());
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.stderr())
          .contains("was started with -XX:-EnableDynamicAgentLoading")
          .contains("start it with -javaagent");
      app.ask("create");
      app.exit();
    }
  }

  @Test
  void theSameAgentTwiceOnTheCommandLineDoesNoHarm() {
    ForkedJvm.Builder twice = Application.builder(database).agent(config).agent(config);
    try (ForkedJvm app = twice.start()) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 2"));
      app.ask("close");
      app.exit();
      assertThat(app.stderr()).filteredOn(line -> line.contains("starting with")).hasSize(1);
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  private ForkedJvm start(String driver) {
    ForkedJvm app =
        Application.with(driver(driver), database).classPath(Application.slf4j()).start();
    app.ask("open");
    app.ask("create");
    return app;
  }

  private static Path driver(String version) {
    Path jar =
        Path.of(System.getProperty("walsync.drivers", "target/drivers"))
            .resolve("sqlite-jdbc-" + version + ".jar")
            .toAbsolutePath();
    assumeTrue(Files.exists(jar), "there is no " + jar);
    return jar;
  }

  private static Jdk jdk(int feature) {
    assumeTrue(Jdk.find(feature).isPresent(), "there is no JDK " + feature);
    return Jdk.find(feature).orElseThrow();
  }

  private String attach(ForkedJvm app) {
    return cli("attach", String.valueOf(app.pid()), config.toString()).succeeded().stdout();
  }

  private static String detach(ForkedJvm app) {
    return cli("detach", String.valueOf(app.pid())).succeeded().stdout();
  }

  private static String list() {
    return cli("attach", "--list").succeeded().stdout();
  }

  private static Command.Outcome cli(String... words) {
    return RestoreCommand.cli(Map.of(), words);
  }

  /** Names of the agent's threads, as the kernel has them. */
  private static List<String> threads(ForkedJvm app) {
    Path tasks = Path.of("/proc/" + app.pid() + "/task");
    assumeTrue(Files.isDirectory(tasks), "there is no " + tasks);
    List<String> names = new ArrayList<>();
    try (Stream<Path> threads = Files.list(tasks)) {
      for (Path thread : threads.toList()) {
        String name = Files.readString(thread.resolve("comm")).trim();
        if (name.startsWith("walsync")) {
          names.add(name);
        }
      }
    } catch (IOException aThreadEnded) {
      return threads(app);
    }
    return names;
  }
}
