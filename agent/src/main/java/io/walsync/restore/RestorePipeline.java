package io.walsync.restore;

import io.walsync.io.AgentThread;
import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.LtxTrailer;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.Random;

/**
 * Turns the files of a plan into pages, with a few threads that share all the work.
 *
 * <p>Memory: for each thread one range, one batch of pages and the index of the frames in its
 * range. There are at most as many threads as fit into half of the heap. Besides, one bit a page
 * for all.
 */
final class RestorePipeline {

  private final ReplicaClient client;
  private final RestoreOptions options;
  private final RestoreProgress progress;
  private final RetryWaits waits;
  private final Random random;
  private long checksum;

  RestorePipeline(
      ReplicaClient client,
      RestoreOptions options,
      RestoreProgress progress,
      RetryWaits waits,
      Random random) {
    this.client = client;
    this.options = options;
    this.progress = progress;
    this.waits = waits;
    this.random = random;
  }

  /**
   * Fetches, proves and writes. When it returns, every page but the lock page has been written
   * once.
   *
   * @return the header of the newest file
   * @throws DamagedFileException if a file is not what it should be
   * @throws IOException if the replica cannot be read or the sink not written
   */
  LtxHeader run(RestorePlan plan, PageSink sink) throws IOException {
    Abort abort = new Abort();
    Turns turns = new Turns(plan.files(), abort);
    PageClaims claims = new PageClaims();
    long room = Math.max(1, Runtime.getRuntime().maxMemory() / 2 / RestoreWorker.MAX_BYTES);
    int count = (int) Math.min(Math.min(options.parallelism(), room), turns.rangeCount());
    PageWriter[] writers = new PageWriter[count];
    Thread[] threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      writers[i] = new PageWriter(sink, progress);
      Retries retries = new Retries(abort, progress, waits, new Random(random.nextLong()));
      RestoreWorker worker =
          new RestoreWorker(
              new RangeFetch(client, abort, progress, retries),
              turns,
              claims,
              writers[i],
              abort,
              progress,
              plan.sizeBytes(),
              options);
      threads[i] = AgentThread.of(worker, "walsync-restore-" + i);
    }
    abort.runAll(threads, "restore from " + client.url());
    verify(turns, claims, writers);
    return claims.newest();
  }

  /** Checksum of the database that was written, if it was asked for. */
  long checksum() {
    return checksum;
  }

  private void verify(Turns turns, PageClaims claims, PageWriter[] writers)
      throws DamagedFileException {
    LtxTrailer newest = turns.newestTrailer();
    claims.checkComplete();
    checksum = 0;
    for (PageWriter writer : writers) {
      checksum ^= writer.databaseChecksum();
    }
    checksum |= Crc64.STORED_FLAG;
    if (claims.newest().isTracked() && checksum != newest.postApplyChecksum()) {
      throw new DamagedFileException(
          turns.newest(),
          "the restored database has checksum "
              + Long.toHexString(checksum)
              + " instead of "
              + Long.toHexString(newest.postApplyChecksum()),
          null);
    }
  }
}
