package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.app.LateCommits;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Jdk;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.SqliteCli;
import io.walsync.testkit.AgentYaml;
import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is committed while the process ends is in the store, up to the last row. */
final class LateCommitsIT {

  private static final int SIGTERM = 143;
  private static final Duration EXIT = Duration.ofSeconds(90);
  private static final int ROUNDS = 3;

  @TempDir Path folder;
  private Path early;
  private Path late;
  private Recovery earlyReplica;
  private Recovery lateReplica;
  private AgentYaml yaml;

  @BeforeEach
  void place() {
    early = folder.resolve("early.db");
    late = folder.resolve("late.db");
    DirectoryReplica first = new DirectoryReplica(folder.resolve("replica/early"));
    DirectoryReplica second = new DirectoryReplica(folder.resolve("replica/late"));
    earlyReplica = new Recovery(first, folder.resolve("restored/early"));
    lateReplica = new Recovery(second, folder.resolve("restored/late"));
    yaml = AgentYaml.of(early, first).database(late, second);
  }

  /** Each has its own steps between the last hook and the halt. */
  static Stream<Jdk> jdks() {
    return Jdk.all().stream();
  }

  private ForkedJvm start(Jdk jdk) {
    return ForkedJvm.of(LateCommits.class)
        .on(jdk)
        .classPath(Application.classes(), Application.sqliteJdbc(), Application.slf4j())
        .agent(yaml.writeTo(folder.resolve("walsync.yml")))
        .start();
  }

  private static void isTheSame(Path database, Recovery replica) {
    DatabaseContent.settle(database);
    String content = "SELECT count(*), max(id), hex(group_concat(content, '')) FROM row;";
    assertThat(query(replica.restore(), content)).isEqualTo(query(database, content));
  }

  private static String query(Path database, String sql) {
    return SqliteCli.required().run(database, List.of(sql)).succeeded().stdout();
  }

  private static List<String> warnings(ForkedJvm app) {
    return app.stderr().stream().filter(line -> line.contains("walsync WARN")).toList();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whatTheApplicationsOwnShutdownHooksCommitIsInTheStore(Jdk jdk) {
    try (ForkedJvm app = start(jdk)) {
      app.ask("write " + early + " 60000");
      earlyReplica.awaitFirst();
      app.ask("hook " + early + " 400 20");
      app.ask("hook " + late + " 700 20");
      app.tell("exit");
      assertThat(app.waitForExit(EXIT)).isZero();
      assertThat(app.stderr()).noneMatch(line -> line.contains("hook: "));
      assertThat(warnings(app)).isEmpty();
    }
    isTheSame(early, earlyReplica);
    isTheSame(late, lateReplica);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whatIsWrittenUntilTheJvmHaltsIsInTheStore(Jdk jdk) {
    for (int round = 0; round < ROUNDS; round++) {
      try (ForkedJvm app = start(jdk)) {
        app.ask("write " + early + " 2");
        app.ask("transact " + early + " 1");
        app.ask("write " + late + " 0");
        app.ask("transact " + late + " 0");
        earlyReplica.awaitFirst();
        lateReplica.awaitFirst();
        assertThat(app.terminate(EXIT)).isEqualTo(SIGTERM);
        assertThat(app.stderr()).noneMatch(line -> line.contains("writer: "));
        assertThat(warnings(app)).isEmpty();
      }
      isTheSame(early, earlyReplica);
      isTheSame(late, lateReplica);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void anApplicationThatUsesSqliteForTheFirstTimeInAShutdownHookIsReplicatedToo(Jdk jdk) {
    try (ForkedJvm app = start(jdk)) {
      app.ask("hook " + late + " 0 20");
      app.tell("exit");
      assertThat(app.waitForExit(EXIT)).isZero();
      assertThat(app.stderr()).noneMatch(line -> line.contains("replication is off"));
    }
    isTheSame(late, lateReplica);
  }

  @Test
  void aStoreThatNeverAnswersHoldsTheExitNoLongerThanTheDeadlineAndWhatIsMissingIsNamed() {
    try (EmbeddedS3 server = EmbeddedS3.onDisk(folder.resolve("s3"));
        BucketReplica replica = new BucketReplica(server)) {
      yaml = AgentYaml.of(early, replica).top("shutdown-timeout: 2s");
      Recovery recovery = new Recovery(replica, folder);
      try (ForkedJvm app = start(Jdk.running())) {
        app.ask("write " + early + " 20");
        recovery.awaitFirst();
        server.faults().always(S3Operation.PUT_OBJECT, Fault.blackHole());
        app.ask("hook " + early + " 300 5");
        assertThat(app.terminate(EXIT)).isEqualTo(SIGTERM);
        assertThat(warnings(app))
            .anyMatch(
                line -> line.contains(early.toString()) && line.contains("shutdown deadline"));
      }
    }
  }
}
