package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.app.WriterApp;
import io.walsync.it.harness.AgentJar;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.Command;
import io.walsync.testkit.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent with the URL of a replica instead of a file: all that the application opens. */
final class EveryDatabaseIT {

  private static final Duration NOTICE = Duration.ofSeconds(60);
  private static final String ROWS = "SELECT count(*) FROM t";

  @TempDir Path temporary;
  private Path first;
  private Path second;

  @BeforeEach
  void place() throws IOException {
    Path folder = temporary.toRealPath();
    first = Files.createDirectory(folder.resolve("a")).resolve("app.db");
    second = Files.createDirectory(folder.resolve("b")).resolve("app.db");
  }

  @Test
  void eachDatabaseIsRestoredFromBelowItsOwnPathInTheBucket() {
    S3Server server = S3Servers.EMBEDDED.server();
    try (BucketReplica bucket = new BucketReplica(server)) {
      String url = bucket.url().replaceAll("[?].*", "");
      Map<String, String> environment = new HashMap<>(bucket.credentials());
      environment.put("WALSYNC_ENDPOINT", server.endpoint().toString());
      environment.put("WALSYNC_REGION", server.region());
      environment.put("WALSYNC_SYNC_INTERVAL", "24h");
      try (ForkedJvm app =
          Application.builder(first)
              .option("-javaagent:" + AgentJar.path() + "=" + url)
              .property("walsync.sync-interval", "50ms")
              .environment(environment)
              .start()) {
        app.ask("open");
        app.ask("create");
        app.ask("insert 5");
        app.ask("sql ATTACH '" + second + "' AS other");
        app.ask("sql CREATE TABLE other.t(x)");
        app.ask("sql INSERT INTO other.t VALUES(1)");
        app.ask("sql DETACH other");
        app.ask("close");
        app.exit();
        assertThat(app.stderr())
            .anyMatch(line -> line.endsWith("1 database or pattern in " + url))
            .anyMatch(
                line -> line.contains(first + ": replicating to " + url + first + ", starting"))
            .anyMatch(
                line -> line.contains(second + ": replicating to " + url + second + ", starting"));
      }
      Path byUrl = temporary.resolve("by-url.db");
      restore(environment, byUrl, url + first);
      LedgerContent.of(byUrl).isTheSameAs(LedgerContent.of(first));
      Path byPath = temporary.resolve("by-path.db");
      restore(environment, byPath, "-config", url, second.toString());
      assertThat(DatabaseContent.query(byPath, ROWS)).isEqualTo("1");
      environment.put("WALSYNC_CONFIG", url);
      restore(environment, temporary.resolve("by-variable.db"), first.toString());
      assertThat(RestoreCommand.cli(environment, "databases").succeeded().stdout())
          .contains("/**/*", url + "/*");
    }
  }

  private static void restore(Map<String, String> environment, Path output, String... words) {
    String[] all = new String[words.length + 3];
    System.arraycopy(new String[] {"restore", "-o", output.toString()}, 0, all, 0, 3);
    System.arraycopy(words, 0, all, 3, words.length);
    RestoreCommand.cli(environment, all).succeeded();
  }

  @Test
  void anAttachTakesTheUrlToo() {
    Path replicas = temporary.resolve("replicas");
    Recovery recovery =
        new Recovery(new DirectoryReplica(replicas.resolve(beside(first))), temporary);
    try (ForkedJvm app = Application.plain(first)) {
      app.ask("open journal_mode=WAL");
      app.ask("create");
      String url = "file://" + replicas;
      assertThat(attach(app, url).succeeded().stdout()).contains(" attached: ");
      recovery.awaitSeq(app.ask("insert 3"));
      assertThat(attach(app, "s3://AKIAME:hush@bucket/p").succeeded().stdout())
          .contains("already: the agent is there, with " + url);
      assertThat(attach(app, "gs://bucket/p").exitCode()).isEqualTo(2);
      app.ask("sql ATTACH '" + second + "' AS other");
      app.ask("sql CREATE TABLE other.t(x)");
      new Recovery(new DirectoryReplica(replicas.resolve(beside(second))), temporary).awaitFirst();
      app.ask("sql DETACH other");
      app.ask("close");
      app.exit();
      assertThat(app.stderr()).noneMatch(line -> line.contains("hush"));
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(first));
  }

  /** Nobody but SQLite knows whether a file that is open is a database. */
  @Test
  void ofTheFilesThatAreOpenAtAnAttachOnlyDatabasesAreVisited() {
    Path replicas = temporary.resolve("replicas");
    try (ForkedJvm app = Application.plain(first)) {
      app.ask("open journal_mode=WAL");
      app.ask("create");
      attach(app, "file://" + replicas).succeeded();
      new Recovery(new DirectoryReplica(replicas.resolve(beside(first))), temporary).awaitFirst();
      app.exit();
      assertThat(app.stderr()).noneMatch(line -> line.contains("before its next statement"));
    }
    assertThat(replicas.toFile().list()).containsExactly(first.getName(0).toString());
  }

  @Test
  void aDatabaseInMemoryIsToldNotToBeReplicated() {
    try (ForkedJvm app =
        ForkedJvm.of(WriterApp.class)
            .classPath(Application.classes(), Application.sqliteJdbc())
            .arguments(":memory:", Application.journal(first))
            .option("-javaagent:" + AgentJar.path() + "=file://" + temporary + "/replicas")
            .start()) {
      app.ask("open");
      app.ask("sql CREATE TABLE t(x)");
      await()
          .atMost(NOTICE)
          .until(
              () ->
                  app.stderr().stream()
                      .anyMatch(line -> line.contains("a database in memory or a temporary one")));
      app.ask("close");
      app.exit();
    }
    assertThat(temporary.resolve("replicas")).doesNotExist();
  }

  @Test
  void aWrongUrlIsToldOnceAndTheApplicationRuns() {
    try (ForkedJvm app =
        Application.builder(first)
            .option("-javaagent:" + AgentJar.path() + "=gs://bucket/p")
            .environment(Map.of("WALSYNC_REGOIN", "eu-central-1"))
            .start()) {
      app.ask("open");
      app.ask("create");
      assertThat(app.ask("insert 5")).isEqualTo("5");
      app.ask("close");
      app.exit();
      assertThat(app.stderr())
          .singleElement()
          .asString()
          .contains("the replica's URL: replicas of type gs cannot be written yet")
          .contains("Nothing is replicated until this is corrected");
    }
  }

  @Test
  void aVariableThatIsNoKeyIsToldAtTheStart() {
    try (ForkedJvm app =
        Application.builder(first)
            .option("-javaagent:" + AgentJar.path())
            .environment(
                Map.of("WALSYNC_CONFIG", "file://" + temporary, "WALSYNC_REGOIN", "eu-central-1"))
            .start()) {
      app.ask("open");
      app.ask("create");
      app.ask("close");
      app.exit();
      assertThat(app.stderr())
          .anyMatch(line -> line.contains("WALSYNC_REGOIN: is no key; ignored. Did you mean"));
    }
  }

  private static Path beside(Path database) {
    return database.getRoot().relativize(database);
  }

  private static Command.Outcome attach(ForkedJvm app, String url) {
    List<String> words = List.of("attach", String.valueOf(app.pid()), url);
    return RestoreCommand.cli(Map.of(), words.toArray(new String[0]));
  }
}
