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
  private final boolean isSameFile;

  FormerTable(PageChecksums table, long txid, boolean wasDatabase, boolean isSameFile) {
    this.table = table;
    this.txid = txid;
    this.wasDatabase = wasDatabase;
    this.isSameFile = isSameFile;
  }

  /** The newest TXID that the folder knew of. */
  long txid() {
    return txid;
  }

  /** Whether the database was just that when it was first opened here. */
  boolean wasDatabase() {
    return wasDatabase;
  }

  /** Whether the database stands in the very file that the folder knew. */
  boolean isSameFile() {
    return isSameFile;
  }

  /** What the table says of {@code count} pages from {@code first} on. */
  void read(int first, long[] entries, int count) throws IOException {
    table.read(first, entries, count);
  }

  void close() throws IOException {
    table.close();
  }
}
