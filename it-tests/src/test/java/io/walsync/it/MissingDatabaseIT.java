package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.AgentJar;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Replica;
import io.walsync.it.harness.S3Servers;
import io.walsync.testkit.AgentYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application on a disk that is empty at each start. */
final class MissingDatabaseIT {

  private static final String COUNT = "sql SELECT count(*) FROM t";

  /** Killed, as a container is, and each on a disk of its own. */
  private static final int LIVES = 4;

  @TempDir Path temporary;
  private Path folder;
  private Replica replica;

  @BeforeEach
  void place() throws IOException {
    folder = temporary.toRealPath();
    replica = new DirectoryReplica(folder.resolve("replica"));
  }

  private Path disk(int life) {
    try {
      return Files.createDirectory(folder.resolve("disk" + life)).resolve("app.db");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path config(Path database) {
    return AgentYaml.of(database, replica)
        .setting("restore-if-db-not-exists: true")
        .writeTo(database.resolveSibling("walsync.yml"));
  }

  private ForkedJvm start(Path database) {
    return Application.replicated(database, config(database));
  }

  private static void insert(ForkedJvm app, int value) {
    app.ask("sql INSERT INTO t VALUES(" + value + ")");
  }

  /** Returns when all that was committed is stored. */
  private static void end(ForkedJvm app) {
    app.ask("close");
    assertThat(app.exit()).isZero();
  }

  private void first(Path database) {
    try (ForkedJvm app = start(database)) {
      app.ask("open");
      app.ask("sql CREATE TABLE t(x)");
      insert(app, 0);
      end(app);
      assertThat(app.stderr())
          .anyMatch(line -> line.contains(": there is no backup in "))
          .as("the time comes first")
          .noneMatch(line -> line.startsWith("[walsync"));
    }
  }

  private void livesOn(Replica place) {
    replica = place;
    first(disk(0));
    for (int life = 1; life <= LIVES; life++) {
      Path database = disk(life);
      try (ForkedJvm app = start(database)) {
        app.ask("open");
        assertThat(app.ask(COUNT)).isEqualTo(String.valueOf(life));
        insert(app, life);
        end(app);
        assertThat(app.stderr())
            .anyMatch(line -> line.contains(database + ": restored, "))
            .noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
      }
    }
  }

  @Test
  void eachLifeBeginsWhereTheOneBeforeEnded() {
    livesOn(replica);
  }

  @ParameterizedTest
  @EnumSource
  void eachLifeBeginsWhereTheOneBeforeEndedOnS3(S3Servers kind) {
    try (BucketReplica bucket = new BucketReplica(kind.server())) {
      livesOn(bucket);
    }
  }

  @Test
  void theEnvironmentMayWantItWhereThereIsNoFile() throws IOException {
    Path database = disk(0);
    for (int life = 0; life < 2; life++) {
      try (ForkedJvm app =
          Application.builder(database)
              .option("-javaagent:" + AgentJar.path() + "=file://" + folder.resolve("all"))
              .environment(Map.of("WALSYNC_RESTORE_IF_DB_NOT_EXISTS", "true"))
              .start()) {
        app.ask("open");
        app.ask("sql CREATE TABLE IF NOT EXISTS t(x)");
        assertThat(app.ask(COUNT)).isEqualTo(String.valueOf(life));
        insert(app, life);
        end(app);
      }
      Path gone = folder.resolve("gone" + life);
      Files.move(database.getParent(), gone);
      Files.createDirectory(database.getParent());
    }
  }

  @Test
  void whoeverIsStillAliveIsFencedBeforeTheRestore() {
    try (ForkedJvm old = start(disk(0))) {
      old.ask("open");
      old.ask("sql CREATE TABLE t(x)");
      insert(old, 0);
      Path next = disk(1);
      try (ForkedJvm app = start(next)) {
        app.ask("open");
        int restored = Integer.parseInt(app.ask(COUNT));
        insert(old, 1);
        insert(app, 2);
        end(app);
        assertThat(app.stderr()).anyMatch(line -> line.contains(": took "));
        try (ForkedJvm last = start(disk(2))) {
          last.ask("open");
          assertThat(last.ask(COUNT)).isEqualTo(String.valueOf(restored + 1));
          assertThat(last.ask("sql SELECT count(*) FROM t WHERE x = 2")).isEqualTo("1");
          end(last);
        }
      }
      old.kill();
    }
  }

  @Test
  void anAttachedDatabaseIsRestoredToo() throws IOException {
    first(disk(0));
    Path main = Files.createDirectory(folder.resolve("main")).resolve("main.db");
    Path second = disk(1);
    try (ForkedJvm app = Application.replicated(main, config(second))) {
      app.ask("open");
      app.ask("sql ATTACH '" + second + "' AS other");
      assertThat(app.ask("sql SELECT count(*) FROM other.t")).isEqualTo("1");
      app.ask("sql DETACH other");
      end(app);
    }
  }

  @Test
  void whereTheReplicaIsAwayNothingIsOpened() throws IOException {
    first(disk(0));
    Path replicas = folder.resolve("replica");
    Files.move(replicas, folder.resolve("away"));
    Files.createFile(replicas);
    Path database = disk(1);
    try (ForkedJvm app = start(database)) {
      assertThat(app.askRefused("open"))
          .contains("is missing, and could not be restored from", "It is not opened");
      assertThat(database).doesNotExist();
      Files.delete(replicas);
      Files.move(folder.resolve("away"), replicas);
      app.ask("open");
      assertThat(app.ask(COUNT)).isEqualTo("1");
      end(app);
    }
  }

  @Test
  void underAWrongConfigurationNothingIsOpened() throws IOException {
    Path database = disk(0);
    Path config = config(database);
    Files.writeString(config, Files.readString(config) + "\nno-such-key: [\n");
    try (ForkedJvm app = Application.replicated(database, config)) {
      assertThat(app.askRefused("open")).contains("the configuration is wrong");
      assertThat(database).doesNotExist();
      app.exit();
    }
  }

  @Test
  void anEmptyFileIsNoDatabase() throws IOException {
    first(disk(0));
    Path database = Files.createFile(disk(1));
    try (ForkedJvm app = start(database)) {
      app.ask("open");
      assertThat(app.ask(COUNT)).isEqualTo("1");
      end(app);
    }
  }

  @Test
  void processesThatOpenItAtOnceShareOneRestore() {
    first(disk(0));
    Path database = disk(1);
    try (ForkedJvm one = start(database);
        ForkedJvm other = start(database)) {
      one.tell("open");
      other.tell("open");
      assertThat(one.anyAnswer()).isEqualTo("ok");
      assertThat(other.anyAnswer()).isEqualTo("ok");
      insert(one, 1);
      insert(other, 2);
      assertThat(one.ask(COUNT)).isEqualTo("3");
      end(one);
      end(other);
    }
  }
}
