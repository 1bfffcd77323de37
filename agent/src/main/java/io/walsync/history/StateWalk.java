package io.walsync.history;

import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageChecksum;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.RestorePlan;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Goes through the states that a chain of files leads to, one after the other, and compares the
 * checksum of the database at each with the one that was recorded as it was committed: a file of
 * another database may be whole, and later files may write over what it brought.
 *
 * <p>Memory: 8 bytes a page.
 */
final class StateWalk {

  private static final int BUFFER_BYTES = 256 * 1024;

  private final ReplicaClient client;

  /** By page number. */
  private long[] checksums = new long[1024];

  private int pageCount;
  private long checksum;

  StateWalk(ReplicaClient client) {
    this.client = client;
  }

  /**
   * @param plan of files that have been proved to be whole; its newest state is not compared
   */
  void run(RestorePlan plan, Proof.Findings findings) throws IOException {
    for (LtxFileInfo file : plan.files()) {
      apply(file);
      if (file.equals(plan.newest())) {
        continue;
      }
      long recorded = client.recordedDatabaseChecksum(file);
      findings.recorded(file, recorded != 0);
      long found = Crc64.STORED_FLAG | checksum;
      if (recorded != 0 && recorded != found) {
        findings.failed(file.maxTxid(), new ContentException(file.maxTxid(), found, recorded));
      }
    }
  }

  private void apply(LtxFileInfo file) throws IOException {
    try (InputStream in =
        new BufferedInputStream(client.open(file, 0, Long.MAX_VALUE), BUFFER_BYTES)) {
      LtxDecoder decoder = new LtxDecoder(in, file.toString());
      LtxHeader header = decoder.header();
      decoder.readAll((pgno, page) -> set(pgno, PageChecksum.of(pgno, page, 0, page.length)));
      for (int pgno = header.commit() + 1; pgno <= pageCount; pgno++) {
        set(pgno, 0);
      }
      pageCount = Math.max(pageCount, header.commit());
    }
  }

  private void set(int pgno, long now) {
    if (pgno >= checksums.length) {
      checksums = Arrays.copyOf(checksums, Math.max(pgno + 1, 2 * checksums.length));
    }
    checksum ^= checksums[pgno] ^ now;
    checksums[pgno] = now;
  }
}
