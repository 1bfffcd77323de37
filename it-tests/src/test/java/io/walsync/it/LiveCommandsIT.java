package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody asks of the agent in a running JVM, and what becomes of the data. */
final class LiveCommandsIT {

  private static final Duration NOTICE = Duration.ofSeconds(60);
  private static final int NOT_REPLICATED = 8;

  @TempDir Path folder;
  private Path database;
  private Path config;
  private DirectoryReplica replica;
  private Recovery recovery;

  @BeforeEach
  void place() {
    database = folder.resolve("app.db");
    config = folder.resolve("walsync.yml");
    replica = new DirectoryReplica(folder.resolve("replica"));
    recovery = new Recovery(replica, folder);
  }

  private AgentYaml yaml(String interval) {
    return AgentYaml.empty().database(database, replica, "sync-interval: " + interval);
  }

  private static Command.Outcome ask(ForkedJvm app, String command, String... more) {
    String[] words = new String[2 + more.length];
    words[0] = command;
    System.arraycopy(more, 0, words, 1, more.length);
    words[words.length - 1] = String.valueOf(app.pid());
    return RestoreCommand.cli(Map.of(), words);
  }

  private long restoredSeq() {
    return recovery.ledger().lastSeq();
  }

  @Test
  void whatIsCommittedIsInTheStoreWhenSyncReturnsAlsoBesideAWriter() {
    yaml("1h").writeTo(config);
    try (ForkedJvm app = Application.replicated(database, config)) {
      assertThat(ask(app, "sync", "-wait").succeeded().stdout()).contains("done: the agent starts");
      app.ask("open");
      app.ask("create");
      app.ask("insert 5 1000");
      assertThat(ask(app, "sync", "-wait").succeeded().stdout())
          .contains("done: 1 database, what was committed before is in the store");
      assertThat(restoredSeq()).isEqualTo(5);
      app.ask("start threads=1 size=500 pause=1");
      app.ask("insert 3");
      long before = LedgerContent.of(database).lastSeq();
      ask(app, "sync", "-wait").succeeded();
      assertThat(restoredSeq()).isGreaterThanOrEqualTo(before);
      app.ask("stop");
      assertThat(ask(app, "sync").succeeded().stdout()).contains("it is being uploaded");
      Command.Outcome unknown =
          RestoreCommand.cli(
              Map.of(), "sync", String.valueOf(app.pid()), folder.resolve("x.db").toString());
      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(unknown.stderr()).contains("the application has not opened " + folder);
      assertThat(ask(app, "sync", "-timeout", "3s").exitCode()).isEqualTo(2);
      app.ask("close");
      app.exit();
    }
  }

  @Test
  void duringAPauseCommitsStayOnTheMachineAndAreUploadedAfterwards() {
    yaml("50ms").writeTo(config);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 5 1000"));
      assertThat(ask(app, "pause", "-for", "1h").succeeded().stdout())
          .contains("done: nothing is uploaded until ");
      app.ask("insert 20 1000");
      Command.Outcome status = ask(app, "status");
      assertThat(status.exitCode()).isEqualTo(NOT_REPLICATED);
      assertThat(status.stdout()).contains(database + ": paused: uploads are paused by a command");
      assertThat(restoredSeq()).isEqualTo(5);
      Command.Outcome sync = ask(app, "sync", "-wait");
      assertThat(sync.exitCode()).isEqualTo(1);
      assertThat(sync.stderr()).contains("uploads are paused until ");
      assertThat(ask(app, "resume").succeeded().stdout()).contains("done: uploads go on");
      recovery.awaitSeq(25);
      assertThat(ask(app, "resume").succeeded().stdout()).contains("were not paused");
      await().atMost(NOTICE).until(() -> ask(app, "status").exitCode() == 0);

      ask(app, "pause", "-for", "1s").succeeded();
      recovery.awaitSeq(app.ask("insert 5 1000"));
      assertThat(app.stderr())
          .anyMatch(line -> line.contains(" WARN walsync - uploads are paused by a command until"))
          .anyMatch(line -> line.contains(" INFO walsync - uploads go on, as a command asked"))
          .anyMatch(line -> line.contains(" INFO walsync - the pause of uploads is over"));
      assertThat(ask(app, "pause", "-for", "25h").exitCode()).isEqualTo(2);
      assertThat(ask(app, "pause", "-for", "soon").exitCode()).isEqualTo(2);
      app.ask("close");
      app.exit();
    }
  }

  @Test
  void theEndOfTheProcessUploadsWhatAPauseHasHeldBack() {
    yaml("50ms").writeTo(config);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 5 1000"));
      ask(app, "pause").succeeded();
      app.ask("insert 20 1000");
      app.ask("close");
      app.exit();
    }
    assertThat(restoredSeq()).isEqualTo(25);
  }

  @Test
  void aReloadTakesWhatTheConfigurationSaysNow() throws IOException {
    DirectoryReplica next = new DirectoryReplica(folder.resolve("next"));
    Recovery ofNext = new Recovery(next, Files.createDirectory(folder.resolve("restored")));
    yaml("50ms").writeTo(config);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 5 1000"));

      Files.writeString(config, "dbz: 1\n");
      Command.Outcome wrong = ask(app, "reload");
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.stderr()).contains("dbz").contains("nothing was changed in process");
      recovery.awaitSeq(app.ask("insert 5 1000"));

      AgentYaml.of(database, next).writeTo(config);
      assertThat(ask(app, "reload").succeeded().stdout())
          .contains("done: the configuration counts from now on; before that: 1 database, every");
      ofNext.awaitSeq(app.ask("insert 5 1000"));
      assertThat(restoredSeq()).isEqualTo(10);
      await().atMost(NOTICE).until(() -> ask(app, "status").exitCode() == 0);
      app.ask("start threads=2 size=500 pause=2");
      for (int i = 0; i < 3; i++) {
        ask(app, "reload").succeeded();
      }
      app.ask("stop");
      app.ask("insert 1");
      ask(app, "sync", "-wait").succeeded();
      LedgerContent.of(ofNext.restore()).isTheSameAs(LedgerContent.of(database));
      app.ask("close");
      app.exit();
    }
  }

  @Test
  void withoutAnAgentNothingIsDone() {
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      for (String command : new String[] {"sync", "pause", "resume", "reload"}) {
        Command.Outcome outcome = ask(app, command);
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("there is no agent");
      }
      app.ask("close");
      app.exit();
    }
  }
}
