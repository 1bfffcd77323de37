package io.walsync.db.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.files.DatabaseFile;
import io.walsync.files.Descriptors;
import io.walsync.files.FileIdentity;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a wal-index may be let go at once, and when its close would drop somebody's locks. */
class RemovedIndexTest {

  @TempDir Path parent;

  private Path folder;
  private File database;
  private DatabaseFile file;
  private WalFile wal;
  private WalTail tail;
  private Object inode;
  private Object indexKey;

  @BeforeEach
  void make() throws Exception {
    assumeTrue(IndexHolders.isToldHere(), "the kernel does not tell who holds a lock");
    folder = Files.createDirectory(parent.resolve("folder"));
    database = folder.resolve("app.db").toFile();
  }

  private Connection open(File at) throws Exception {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + at);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=wal");
      statement.execute("CREATE TABLE IF NOT EXISTS t(v)");
    }
    return connection;
  }

  private void follow() throws Exception {
    file = DatabaseFile.of(database);
    wal = new WalFile(WalFile.pathOf(database));
    tail = new WalTail(database, wal, 4096);
    tail.startAtBeginning();
    tail.advance();
    indexKey = FileIdentity.keyOf(WalIndex.pathOf(database));
    inode = Files.getAttribute(WalIndex.pathOf(database).toPath(), "unix:ino");
  }

  private boolean isHeldHere() {
    return IndexHolders.of((Long) inode).contains(IndexHolders.self());
  }

  @Test
  void oneThatTheLastCloseHasRemovedIsLetGo() throws Exception {
    try (Connection only = open(database)) {
      follow();
    }
    assertThat(Descriptors.ofDeletedFiles()).containsKey(indexKey);
    tail.closeRemoved(file);
    assertThat(Descriptors.ofDeletedFiles()).doesNotContainKey(indexKey);
    wal.close();
  }

  /** Another database stands at the old path, so that the old one's close is not the only sign. */
  @Test
  void oneWhoseFolderWasRenamedIsKeptForThoseWhoHaveItOpenUnderItsNewName() throws Exception {
    try (Connection old = open(database)) {
      follow();
      Path renamed = Files.move(folder, parent.resolve("renamed"));
      Files.createDirectory(folder);
      try (Connection another = open(database);
          Connection again = open(renamed.resolve("app.db").toFile())) {
        old.close();
        assertThat(isHeldHere()).isTrue();
        tail.closeRemoved(file);
        assertThat(isHeldHere()).as("the locks of the connection that is open").isTrue();
      }
    } finally {
      wal.close();
    }
  }
}
