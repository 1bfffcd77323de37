package io.walsync.db;

import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageChecksum;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import io.walsync.staging.PageChecksums;
import io.walsync.staging.SavedPosition;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Local state made anew from the replica: the checksum of every page as the replica has it. Also
 * remembers versions of pages that the replica has moved on from, which tells a database that is
 * behind from one that went on.
 *
 * <p>Runs on an upload thread while nothing else uses the staging folder.
 */
final class Rebuild {

  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int CHUNK = 8192;

  private final ReplicaClient client;
  private final PageChecksums table;
  private final ChecksumSet superseded = new ChecksumSet();
  private int commit;

  Rebuild(ReplicaClient client, PageChecksums table) {
    this.client = client;
    this.table = table;
  }

  /**
   * Reads everything that a restore of the latest state would read.
   *
   * @return the position the replica is at; its identity and place in the WAL are unknown
   */
  SavedPosition run() throws IOException {
    List<LtxFileInfo> files = Inventory.filesOf(client);
    RestorePlan plan = RestorePlan.of(client.url(), files, RestoreTarget.latest());
    SavedPosition position = new SavedPosition();
    table.truncate(0);
    for (LtxFileInfo file : plan.files()) {
      LtxHeader header = apply(file);
      position.pageSize = header.pageSize();
      position.timestampMillis = header.timestampMillis();
    }
    position.commit = commit;
    position.sealedTxid = plan.txid().value();
    position.uploadedTxid = plan.txid().value();
    position.segmentSeq = 1;
    position.sealedSegmentSeq = 1;
    return position;
  }

  /** Page versions that the replica held once and replaced. */
  ChecksumSet superseded() {
    return superseded;
  }

  private LtxHeader apply(LtxFileInfo file) throws IOException {
    try (InputStream in =
        new BufferedInputStream(client.open(file, 0, Long.MAX_VALUE), BUFFER_BYTES)) {
      LtxDecoder decoder = new LtxDecoder(in, client.url() + " " + file.fileName());
      byte[] page = new byte[decoder.header().pageSize()];
      int[] pgnos = new int[CHUNK];
      long[] checksums = new long[CHUNK];
      int count = 0;
      for (int pgno = decoder.nextPage(page); pgno != 0; pgno = decoder.nextPage(page)) {
        if (count == CHUNK) {
          replace(pgnos, checksums, count);
          count = 0;
        }
        pgnos[count] = pgno;
        checksums[count++] = PageChecksum.of(pgno, page, 0, page.length);
      }
      replace(pgnos, checksums, count);
      supersedeBeyond(decoder.header().commit());
      return decoder.header();
    }
  }

  private void replace(int[] pgnos, long[] checksums, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      long former = pgnos[i] <= commit ? table.get(pgnos[i]) : PageChecksums.NONE;
      if (former != PageChecksums.NONE && former != checksums[i]) {
        superseded.add(former);
      }
    }
    table.set(pgnos, checksums, count);
  }

  private void supersedeBeyond(int newCommit) throws IOException {
    long[] former = new long[CHUNK];
    for (int pgno = newCommit + 1; pgno <= commit; pgno += CHUNK) {
      int count = Math.min(CHUNK, commit - pgno + 1);
      table.read(pgno, former, count);
      for (int i = 0; i < count; i++) {
        if (former[i] != PageChecksums.NONE) {
          superseded.add(former[i]);
        }
      }
    }
    commit = newCommit;
    table.truncate(newCommit);
  }
}
