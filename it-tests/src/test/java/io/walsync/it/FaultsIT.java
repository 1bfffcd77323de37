package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.it.harness.SmallDisk;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import io.walsync.testkit.Folders;
import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stores and disks that fail in every way under a running application: it goes on, one WARN tells
 * what is at risk and one INFO that it is over, and then nothing is missing.
 */
final class FaultsIT {

  private static final Duration NOTICE = Duration.ofSeconds(60);

  /** The exit code of the command. */
  private static final int WHETHER_THERE_IS_A_BACKUP_IS_UNKNOWN = 4;

  @TempDir Path folder;

  @Test
  void everyKindOfOutageIsToldOnceAndMadeGood() {
    Map<String, Fault> outages = new LinkedHashMap<>();
    outages.put("SlowDown", Fault.error(503, "SlowDown", "Retry-After: 1"));
    outages.put("ExpiredToken", Fault.error(403, "ExpiredToken"));
    outages.put("NoSuchBucket", Fault.error(404, "NoSuchBucket"));
    outages.put("half-open", Fault.dropRequest());
    outages.put("answer lost", Fault.loseAnswer());
    outages.put("a proxy's page", Fault.answer(200, "text/html", "<html>sign in</html>"));
    goThrough(outages);
  }

  @Test
  @Tag("campaign")
  void aStoreThatNeverAnswersIsToldOnceAndMadeGood() {
    goThrough(Map.of("black hole", Fault.blackHole()));
  }

  private void goThrough(Map<String, Fault> outages) {
    Path database = folder.resolve("app.db");
    try (EmbeddedS3 server = EmbeddedS3.onDisk(folder.resolve("s3"));
        BucketReplica replica = new BucketReplica(server)) {
      Recovery recovery = new Recovery(replica, folder);
      Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
      try (ForkedJvm app = Application.replicated(database, config)) {
        app.ask("open");
        app.ask("create");
        recovery.awaitSeq(app.ask("insert 20 1000"));
        int told = 0;
        for (Map.Entry<String, Fault> outage : outages.entrySet()) {
          server.faults().always(S3Operation.PUT_OBJECT, outage.getValue());
          app.ask("insert 20 2000");
          assertThat(app.ask("sql PRAGMA wal_checkpoint(TRUNCATE)")).startsWith("0|");
          app.ask("insert 20 2000");
          int expected = ++told;
          await(outage.getKey())
              .atMost(NOTICE)
              .until(() -> lines(app, "WARN", "cannot be written").size() >= expected);
          String seq = app.ask("insert 10");
          server.faults().clear();
          recovery.awaitSeq(seq);
          await(outage.getKey())
              .atMost(NOTICE)
              .until(() -> lines(app, "INFO", "can be written again").size() >= expected);
        }
        app.ask("close");
        app.exit();
        assertThat(lines(app, "WARN", "")).hasSize(outages.size());
        assertThat(lines(app, "WARN", "only on this machine")).hasSize(outages.size());
        assertThat(lines(app, "INFO", "can be written again")).hasSize(outages.size());
      }
      recovery.ledger().isTheSameAs(LedgerContent.of(database));
      assertThat(replica.snapshotCount()).isEqualTo(1);
    }
  }

  @Test
  void aNameThatDoesNotResolveForAWhileIsAnOutageLikeAnother() throws IOException {
    Path database = folder.resolve("app.db");
    Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 store.test\n");
    try (EmbeddedS3 server = EmbeddedS3.onDisk(folder.resolve("s3"));
        BucketReplica replica = new BucketReplica(server)) {
      Recovery recovery = new Recovery(replica, folder);
      Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
      Files.writeString(config, Files.readString(config).replace("127.0.0.1", "store.test"));
      try (ForkedJvm app =
          Application.builder(database)
              .property("jdk.net.hosts.file", hosts)
              .property("sun.net.inetaddr.ttl", 0)
              .property("sun.net.inetaddr.negative.ttl", 0)
              .agent(config)
              .start()) {
        app.ask("open");
        app.ask("create");
        recovery.awaitSeq(app.ask("insert 20 1000"));
        Files.writeString(hosts, "127.0.0.1 another.test\n");
        server.faults().nth(S3Operation.ANY, 1, Fault.dropRequest());
        await().atMost(NOTICE).until(() -> told(app, "insert 2", "cannot be written"));
        String seq = app.ask("insert 20 1000");
        Files.writeString(hosts, "127.0.0.1 store.test\n");
        recovery.awaitSeq(seq);
        app.ask("close");
        app.exit();
      }
      recovery.ledger().isTheSameAs(LedgerContent.of(database));
    }
  }

  @Test
  void aFullDiskOfTheAgentsIsNotTheApplications() throws IOException {
    Path database = folder.resolve("app.db");
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replica"));
    Recovery recovery = new Recovery(replica, folder.resolve("restored"));
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("small"), 4)) {
      Path config =
          AgentYaml.of(database, replica)
              .setting("meta-path: " + disk.path().resolve("state"))
              .writeTo(folder.resolve("walsync.yml"));
      try (ForkedJvm app = Application.replicated(database, config)) {
        app.ask("open");
        app.ask("create");
        recovery.awaitSeq(app.ask("insert 20 1000"));
        Path hog = disk.path().resolve("hog");
        fill(hog);
        await().atMost(NOTICE).until(() -> told(app, "insert 20 3000", "not replicated for now"));
        String seq = app.ask("insert 20 1000");
        assertThat(app.ask("sql PRAGMA wal_checkpoint(TRUNCATE)")).startsWith("0|");
        Files.delete(hog);
        recovery.awaitSeq(seq);
        await().atMost(NOTICE).until(() -> !lines(app, "INFO", "replicating again").isEmpty());
        app.ask("close");
        app.exit();
        assertThat(lines(app, "WARN", "commits since")).hasSize(1);
      }
      recovery.ledger().isTheSameAs(LedgerContent.of(database));
    }
  }

  private static void fill(Path file) throws IOException {
    try (java.io.OutputStream out = Files.newOutputStream(file)) {
      byte[] block = new byte[4096];
      for (; ; ) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  @Test
  void aDirectoryReplicaThatVanishesIsMissedAndWelcomedBack() throws IOException {
    Path database = folder.resolve("app.db");
    Path place = folder.resolve("disk/replica");
    DirectoryReplica replica = new DirectoryReplica(place);
    Recovery recovery = new Recovery(replica, folder.resolve("restored"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      recovery.awaitSeq(app.ask("insert 20 1000"));
      Files.move(place, folder.resolve("unmounted"));
      await().atMost(NOTICE).until(() -> told(app, "insert 5", "is gone (not mounted?)"));
      String seq = app.ask("insert 20 1000");
      assertThat(place).doesNotExist();
      Files.move(folder.resolve("unmounted"), place);
      recovery.awaitSeq(seq);
      app.ask("close");
      app.exit();
    }
    Folders.delete(place);
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      recovery.awaitSeq(app.ask("insert 1"));
      app.ask("close");
      app.exit();
      assertThat(lines(app, "WARN", "the folder was deleted or emptied")).hasSize(1);
    }
    recovery.ledger().isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void aDirectoryReplicaThatIsNotMountedIsWaitedForAndNeverTakenForAnEmptyOne() throws IOException {
    Path database = folder.resolve("app.db");
    Path mountPoint = folder.resolve("backup");
    Path place = mountPoint.resolve("app");
    DirectoryReplica replica = new DirectoryReplica(place);
    Recovery recovery = new Recovery(replica, folder.resolve("restored"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    Path output = folder.resolve("restored.db");
    String[] restore = {"restore", "-if-replica-exists", "-o", output + "", "file://" + place};
    try (SmallDisk disk = SmallDisk.bind(Folders.create(folder.resolve("disk")), mountPoint)) {
      assertThat(RestoreCommand.cli(Map.of(), restore).exitCode()).as("mounted, empty").isZero();
      try (ForkedJvm app = Application.replicated(database, config)) {
        app.ask("open");
        app.ask("create");
        recovery.awaitSeq(app.ask("insert 20 1000"));
        disk.unmount();
        await().atMost(NOTICE).until(() -> told(app, "insert 5", "that is not mounted now"));
        Command.Outcome outcome = RestoreCommand.cli(Map.of(), restore);
        assertThat(outcome.exitCode())
            .as(outcome.output())
            .isEqualTo(WHETHER_THERE_IS_A_BACKUP_IS_UNKNOWN);
        assertThat(outcome.output()).contains("may be on a disk that is not mounted");
        assertThat(output).doesNotExist();
        disk.mountAgain();
        recovery.awaitSeq(app.ask("insert 20 1000"));
        app.ask("close");
        app.exit();
      }
      disk.unmount();
      try (ForkedJvm app = Application.replicated(database, config)) {
        app.ask("open");
        await().atMost(NOTICE).until(() -> told(app, "insert 5", "that is not mounted now"));
        assertThat(place).doesNotExist();
        disk.mountAgain();
        recovery.awaitSeq(app.ask("insert 5"));
        app.ask("close");
        app.exit();
      }
      assertThat(replica.level(9)).hasSize(1);
      recovery.ledger().isTheSameAs(LedgerContent.of(database));
    }
  }

  @Test
  void theEndOfTheProcessNamesADatabaseThatIsRefused() throws IOException {
    Path database = folder.resolve("app.db");
    DirectoryReplica replica = new DirectoryReplica(folder.resolve("replica"));
    Path config = AgentYaml.of(database, replica).writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      Recovery recovery = new Recovery(replica, folder.resolve("restored"));
      recovery.awaitSeq(app.ask("insert 20 1000"));
      String next = String.format("%016x", replica.maxTxid() + 1);
      Path foreign = Folders.create(folder.resolve("replica/ltx/0"));
      Files.writeString(foreign.resolve(next + "-" + next + ".ltx"), "somebody else's");
      await().atMost(NOTICE).until(() -> told(app, "insert 1", "fenced"));
      assertThat(folder.resolve(".app.db-walsync/fenced")).content().contains("fenced: ", next);
      app.ask("insert 5");
      app.exit();
      assertThat(lines(app, "WARN", "that are not in the store, because"))
          .hasSize(1)
          .allMatch(line -> line.contains("fenced"));
    }
  }

  private static boolean told(ForkedJvm app, String command, String words) {
    app.ask(command);
    return app.stderr().stream().anyMatch(line -> line.contains(words));
  }

  private static List<String> lines(ForkedJvm app, String level, String words) {
    return app.stderr().stream()
        .filter(line -> line.contains(" " + level + " ") && line.contains(words))
        .toList();
  }
}
