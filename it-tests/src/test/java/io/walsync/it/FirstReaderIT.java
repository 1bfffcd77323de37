package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.app.SqlShell;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Recovery;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first connection that reads a database after a kill recovers its WAL, and whoever comes
 * meanwhile without a busy timeout gets an error. Agent and application open it at the same time.
 */
final class FirstReaderIT {

  private static final int DATABASE_COUNT = 12;

  /** The recovery of so much takes longer than two threads need to meet. */
  private static final int WAL_BYTES = 16_000_000;

  /** The agent enters some milliseconds after the open: each database is first read a bit later. */
  private static final int STATEMENTS_THAT_READ_NOTHING = 8;

  @TempDir Path folder;

  private Path config;

  @BeforeEach
  void killAnApplicationWithFullWals() {
    AgentYaml yaml = AgentYaml.empty();
    for (int i = 0; i < DATABASE_COUNT; i++) {
      yaml.database(database(i), replica(i));
    }
    config = yaml.writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app = shell()) {
      for (int i = 0; i < DATABASE_COUNT; i++) {
        app.ask("open " + i + " jdbc:sqlite:" + database(i));
        app.ask("sql " + i + " PRAGMA journal_mode=wal");
        app.ask("sql " + i + " CREATE TABLE t(a)");
        int number = i;
        await().atMost(Duration.ofSeconds(30)).until(() -> replica(number).maxTxid() > 0);
        app.ask("sql " + i + " INSERT INTO t VALUES(zeroblob(" + WAL_BYTES + "))");
      }
      app.kill();
    }
  }

  @Test
  void anApplicationThatWaitsForNoLockDoesNotMeetTheAgentAsItRecoversAWal() {
    try (ForkedJvm app = shell()) {
      for (int i = 0; i < DATABASE_COUNT; i++) {
        app.ask("open " + i + " jdbc:sqlite:" + database(i));
        app.ask("sql " + i + " PRAGMA busy_timeout=0");
        for (int statement = 0; statement < i * STATEMENTS_THAT_READ_NOTHING; statement++) {
          app.ask("sql " + i + " SELECT 1");
        }
        assertThat(app.ask("sql " + i + " INSERT INTO t VALUES('first')")).isEmpty();
        app.ask("close " + i);
      }
      app.exit();
    }
    for (int i = 0; i < DATABASE_COUNT; i++) {
      DatabaseContent.sameBytes(
          database(i), new Recovery(replica(i), folder.resolve("restored-" + i)).restore());
    }
  }

  private Path database(int number) {
    return folder.resolve("app-" + number + ".db");
  }

  private DirectoryReplica replica(int number) {
    return new DirectoryReplica(folder.resolve("replica-" + number));
  }

  private ForkedJvm shell() {
    return ForkedJvm.of(SqlShell.class)
        .classPath(Application.classes(), Application.sqliteJdbc(), Application.slf4j())
        .agent(config)
        .start();
  }
}
