package io.walsync.db.events;

import io.walsync.io.LogTimes;
import io.walsync.io.Reason;
import io.walsync.ltx.Txid;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What is told of a store that cannot be written, and of what waits for it on this machine.
 *
 * <p>Threading: the database's thread.
 */
final class StoreLines {

  private final Logger log;
  private final File path;
  private final String replicaUrl;

  /** When the store went down; 0 while it is not known to be. */
  private long downSinceMillis;

  StoreLines(Logger log, File path, String replicaUrl) {
    this.log = log;
    this.path = path;
    this.replicaUrl = replicaUrl;
  }

  void unreachable(
      IOException failure, boolean isCapturing, long unstoredMillis, long uploadedTxid) {
    downSinceMillis = System.currentTimeMillis();
    log.warn(
        "{}: the replica cannot be written: {}. Commits since {} are only on this machine ({}). {}",
        path,
        Reason.of(failure),
        LogTimes.text(unstoredMillis),
        inStore(uploadedTxid),
        isCapturing
            ? "They are kept in the staging folder and uploaded in order once it can"
            : "There is no local state: replication begins once the replica has been read");
  }

  void silent(long nanos, long unstoredMillis, long uploadedTxid) {
    downSinceMillis = System.currentTimeMillis();
    log.warn(
        "{}: {} has not answered for {} s. Commits since {} are only on this machine until it does ({})",
        path,
        replicaUrl,
        TimeUnit.NANOSECONDS.toSeconds(nanos),
        LogTimes.text(unstoredMillis),
        inStore(uploadedTxid));
  }

  void reachable(long stagedBytes) {
    log.info(
        "{}: the replica can be written again, which it could not since {}; {} bytes have waited",
        path,
        LogTimes.text(downSinceMillis),
        stagedBytes);
    downSinceMillis = 0;
  }

  void roomAgain(File folder) {
    log.info("{}: {} has room again; checkpoints go on", path, folder);
  }

  /**
   * @param folder that is full; null where those of all databases are
   */
  void noRoom(@Nullable File folder, long boundBytes, long uploadedTxid) {
    log.warn(
        "{}: {} what waits for a replica that {}, and the limit is {} bytes. Nothing more is"
            + " staged, but what the application itself checkpoints or closes: the WAL grows until the"
            + " replica has taken what waits. Nothing is lost while the disk has room; watch it ({})",
        path,
        folder == null ? "the staging folders of all databases hold" : folder + " holds",
        downSinceMillis == 0
            ? "has not taken it yet"
            : "is away since " + LogTimes.text(downSinceMillis),
        boundBytes,
        inStore(uploadedTxid));
  }

  static String inStore(long uploadedTxid) {
    return uploadedTxid == 0
        ? "the replica holds nothing of this process yet"
        : "the replica is at TXID " + Txid.of(uploadedTxid);
  }
}
