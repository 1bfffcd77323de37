package io.walsync.db.lineage;

import io.walsync.db.staging.PageChecksums;
import java.io.IOException;

/**
 * The page checksums of a staging folder that turned out to be older than the replica: what the
 * database was when the folder was last right.
 */
final class FormerTable {

  private final PageChecksums table;
  private final long txid;
  private final boolean wasDatabase;

  FormerTable(PageChecksums table, long txid, boolean wasDatabase) {
    this.table = table;
    this.txid = txid;
    this.wasDatabase = wasDatabase;
  }

  /** The newest TXID that the folder knew of. */
  long txid() {
    return txid;
  }

  /** Whether the database was just that when it was first opened here. */
  boolean wasDatabase() {
    return wasDatabase;
  }

  /**
   * Whether the database was put back to an older state together with the folder, though it may
   * have been written since: of the pages that the replica has moved on from, some are as the
   * folder knows them, and none is as the replica has it now.
   */
  boolean isPutBackWith(Baseline baseline, PageChecksums replica, int replicaCommit)
      throws IOException {
    long[] then = new long[Baseline.CHUNK];
    long[] now = new long[Baseline.CHUNK];
    int[] counts = new int[2];
    baseline.forEach(
        baseline.newest(),
        (first, checksums, isEmpty, count) -> {
          table.read(first, then, count);
          replica.read(first, now, count);
          for (int i = 0; i < count; i++) {
            if (then[i] == now[i] || first + i > replicaCommit) {
              continue;
            }
            counts[0] += checksums[i] == then[i] ? 1 : 0;
            counts[1] += checksums[i] == now[i] ? 1 : 0;
          }
        });
    return counts[0] > 0 && counts[1] == 0;
  }

  void close() throws IOException {
    table.close();
  }
}
