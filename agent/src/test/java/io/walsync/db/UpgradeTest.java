package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.wal.WalHeader;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SQLite lets a transaction that has read and now wants to write wait for nobody: any other holder
 * of the write lock is an error at once, whatever its busy_timeout. Without the agent, the only
 * connection of an application never meets that error.
 */
class UpgradeTest {

  private static final String ROWS =
      "INSERT INTO t(v) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<60)"
          + " SELECT randomblob(4000) FROM n";

  /** Enough for the WAL to restart beside a writer that never pauses, several times. */
  private static final int RESTART_COUNT = 6;

  private static final long MAX_NANOS = 120_000_000_000L;

  @TempDir Path folder;

  @Test
  void aTransactionThatReadsFirstIsNeverBusyBecauseOfACheckpoint() throws Exception {
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute("PRAGMA busy_timeout=0", "PRAGMA journal_mode=wal");
        app.execute("PRAGMA synchronous=normal", "PRAGMA wal_autocheckpoint=0");
        app.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
        database.awaitUploaded();
        Set<String> runs = new HashSet<>();
        long end = System.nanoTime() + MAX_NANOS;
        while (runs.size() < RESTART_COUNT) {
          assertThat(System.nanoTime()).as("restarts so far: " + runs).isLessThan(end);
          app.execute("BEGIN", "SELECT count(*) FROM t", ROWS);
          app.execute("DELETE FROM t WHERE id < (SELECT max(id) FROM t) - 1000", "COMMIT");
          runs.add(run(database.file));
        }
      }
      database.awaitUploaded();
      File restored = database.restore(folder.resolve("restored.db"));
      assertThat(Files.mismatch(restored.toPath(), database.file.toPath())).isEqualTo(-1);
    }
  }

  /** The salts of the WAL as it stands, which change with each restart. */
  private static String run(File database) throws IOException {
    byte[] head = new byte[WalHeader.SIZE];
    try (RandomAccessFile wal = new RandomAccessFile(database + "-wal", "r")) {
      wal.readFully(head);
    }
    return new java.math.BigInteger(1, java.util.Arrays.copyOfRange(head, 16, 24)).toString(16);
  }
}
