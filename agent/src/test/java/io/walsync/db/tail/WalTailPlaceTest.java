package io.walsync.db.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.db.tail.WalTail.Advance;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A place that is gone on from after a time in which this process had nothing open. */
class WalTailPlaceTest {

  private static final int PAGE_SIZE = 4096;

  @TempDir Path folder;

  private File database;
  private Connection connection;
  private Process other;
  private WalFile wal;
  private WalTail tail;

  @BeforeEach
  void leaveItToAnotherProcess() throws Exception {
    assumeTrue(IndexHolders.isToldHere(), "the kernel does not tell who holds a lock");
    database = folder.resolve("app.db").toFile();
    connect();
    execute("PRAGMA journal_mode=wal", "CREATE TABLE t(v)");
    other =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                database.getPath())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(other.getInputStream().read()).isEqualTo('r');
    wal = new WalFile(WalFile.pathOf(database));
    tail = new WalTail(database, wal, PAGE_SIZE);
    tail.startAtBeginning();
    tail.advance();
    tail.taken();
    connection.close();
  }

  @AfterEach
  void close() throws Exception {
    if (other != null) {
      other.destroyForcibly().waitFor();
      tail.close();
      wal.close();
      connection.close();
    }
  }

  /** Another process that has the database open and has read. */
  static final class Reader {
    public static void main(String[] args) throws Exception {
      try (Connection own = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
          Statement statement = own.createStatement()) {
        statement.execute("SELECT * FROM t");
        System.out.print('r');
        System.out.flush();
        System.in.read();
      }
    }
  }

  private void connect() throws Exception {
    connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    execute("PRAGMA wal_autocheckpoint=0");
  }

  private void execute(String... statements) throws Exception {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Advance goOnFrom(WalPlace place) throws Exception {
    WalTail later = new WalTail(database, wal, PAGE_SIZE);
    assertThat(later.startAt(place)).isTrue();
    try {
      return later.advance();
    } finally {
      later.close();
    }
  }

  @Test
  void whereAnotherProcessHasKeptTheIndexARestartIsFollowed() throws Exception {
    WalPlace place = tail.place();
    connect();
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
    assertThat(goOnFrom(place)).isEqualTo(Advance.NOTHING);
    execute("INSERT INTO t VALUES(1)");
    assertThat(goOnFrom(place)).isEqualTo(Advance.COMMITS);
  }

  /** The next to open empties the index, and SQLite counts as many commits as it had before. */
  @Test
  void whereWhoeverKeptTheIndexWasKilledACountThatIsTheSameProvesNothing() throws Exception {
    WalPlace place = tail.place();
    int changeCount = tail.count().changeCount();
    other.destroyForcibly().waitFor();
    connect();
    execute("SELECT * FROM t");
    assertThat(tail.count().changeCount()).isZero();
    for (int i = 0; i < changeCount; i++) {
      execute("INSERT INTO t VALUES('missed')");
    }
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
    assertThat(tail.count().changeCount()).isEqualTo(changeCount);
    assertThat(goOnFrom(place)).isEqualTo(Advance.GAP);
    execute("INSERT INTO t VALUES(1)");
    assertThat(goOnFrom(place)).isEqualTo(Advance.GAP);
  }

  @Test
  void inTheSameRunThePlaceProvesItselfWhoeverWasKilled() throws Exception {
    WalPlace place = tail.place();
    other.destroyForcibly().waitFor();
    connect();
    execute("INSERT INTO t VALUES(1)");
    assertThat(goOnFrom(place)).isEqualTo(Advance.COMMITS);
  }

  @Test
  void whereThisProcessHasKeptTheIndexItIsSaidByTheCaller() throws Exception {
    connect();
    execute("SELECT * FROM t");
    WalPlace place = tail.place();
    other.destroyForcibly().waitFor();
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
    assertThat(goOnFrom(place)).isEqualTo(Advance.GAP);
    assertThat(goOnFrom(place.keptHere())).isEqualTo(Advance.NOTHING);
  }
}
