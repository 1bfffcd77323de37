package io.walsync.db.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.db.ReplicatedDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An idle database that the agent has let go. */
class RestTest {

  private static final long REST_MILLIS = 20_000;

  @TempDir Path folder;

  private ReplicatedDatabase database;
  private ReplicatedDatabase.App app;

  @BeforeEach
  void open() throws Exception {
    database = ReplicatedDatabase.resting(folder);
    app = database.open();
    app.execute("PRAGMA journal_mode=wal", "CREATE TABLE t(v)", "INSERT INTO t VALUES('first')");
    database.drain();
    assertThat(database.awaitRest(REST_MILLIS)).isTrue();
  }

  @AfterEach
  void close() throws Exception {
    app.close();
    database.close();
  }

  @Test
  void theAgentHasNoConnectionOnIt() throws IOException {
    assumeTrue(new File("/proc/self/fd").isDirectory());
    assertThat(openCount("app.db-wal")).isEqualTo(1);
    assertThat(openCount("pages.sum")).isZero();
  }

  @Test
  void itsNextCommitIsReplicatedWithoutComparingPages() throws Exception {
    app.execute("INSERT INTO t VALUES('second')");
    database.drain();
    assertThat(restored()).isEqualTo("first,second");
    assertThat(database.uploaded(9)).hasSize(1);
  }

  @Test
  void aCommitOfAnotherProcessIsReplicated() throws Exception {
    foreign("INSERT INTO t VALUES('second')");
    database.drain();
    assertThat(restored()).isEqualTo("first,second");
  }

  /** The salts alone would show one restart, as if nothing had been in between. */
  @Test
  void commitsThatWereOverwrittenMeanwhileAreNotLost() throws Exception {
    foreign(
        "INSERT INTO t VALUES('second')",
        "PRAGMA wal_checkpoint(RESTART)",
        "CREATE TABLE other(v)",
        "INSERT INTO other VALUES('third')");
    database.drain();
    assertThat(restored()).isEqualTo("first,second");
  }

  @Test
  void aWalThatWasTruncatedMeanwhileIsNotTakenForNothing() throws Exception {
    foreign("INSERT INTO t VALUES('second')", "PRAGMA wal_checkpoint(TRUNCATE)");
    database.drain();
    assertThat(restored()).isEqualTo("first,second");
  }

  @Test
  void itRestsAgainAfterwards() throws Exception {
    for (int i = 0; i < 5; i++) {
      app.execute("INSERT INTO t VALUES('more')");
      database.drain();
      assertThat(database.awaitRest(REST_MILLIS)).isTrue();
    }
    assertThat(restored()).isEqualTo("first,more,more,more,more,more");
  }

  @Test
  void itsLastCloseLeavesNoWalAndTheReplicaTheSameBytes() throws Exception {
    app.execute("INSERT INTO t VALUES('second')");
    app.close();
    assertThat(new File(database.file + "-wal")).doesNotExist();
    database.drain();
    File restored = database.restore(folder.resolve("restored.db"));
    assertThat(Files.mismatch(restored.toPath(), database.file.toPath())).isEqualTo(-1);
    app = database.open();
  }

  @Test
  void anExclusiveCheckpointOfTheApplicationFindsNobodyInTheWay() throws Exception {
    foreign("INSERT INTO t VALUES('second')");
    app.execute("PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO t VALUES('third')");
    database.drain();
    assertThat(restored()).isEqualTo("first,second,third");
  }

  private void foreign(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database.file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private String restored() throws Exception {
    File restored = database.restore(folder.resolve("restored.db"));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + restored);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT group_concat(v) FROM t")) {
      return row.getString(1);
    }
  }

  private long openCount(String name) throws IOException {
    String path = database.file.getParentFile().getPath();
    long count = 0;
    for (File descriptor : new File("/proc/self/fd").listFiles()) {
      String target = descriptor.getCanonicalPath();
      if (target.startsWith(path) && target.endsWith(name)) {
        count++;
      }
    }
    return count;
  }
}
