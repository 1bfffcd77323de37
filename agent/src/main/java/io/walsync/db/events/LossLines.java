package io.walsync.db.events;

import io.walsync.io.Reason;
import io.walsync.ltx.Txid;
import java.io.File;
import java.io.IOException;
import org.slf4j.Logger;

/**
 * What is told of a replica that lacks files which a restore needs, or may lack them.
 *
 * <p>Threading: the database's thread.
 */
final class LossLines {

  private final Logger log;
  private final File path;
  private final String replicaUrl;

  LossLines(Logger log, File path, String replicaUrl) {
    this.log = log;
    this.path = path;
    this.replicaUrl = replicaUrl;
  }

  void replicaLostFiles(long newestTxid, long uploadedTxid, String place) {
    log.warn(
        "{}: {} ends at TXID {} although TXID {} was uploaded: {}. A new snapshot is uploaded there",
        path,
        replicaUrl,
        newestTxid == 0 ? "(none)" : Txid.of(newestTxid),
        Txid.of(uploadedTxid),
        newestTxid == 0 && place.isEmpty() && replicaUrl.startsWith("file:")
            ? "the folder is new or was emptied. If it is on a disk of its own, that disk is not"
                + " mounted: the backup is then on the disk below and its history is not in it."
                + " Stop the application, mount the disk, start again"
            : newestTxid == 0 && !place.isEmpty()
                ? "the folder was deleted or emptied; it is on the file system mounted at "
                    + place
                    + ", as before. No older state can be restored any more"
                : "files have been deleted there. Older states may not be restorable any more");
  }

  void beginningInDoubt(String emptiness) {
    log.warn("{}: {}. Now a new replica begins there", path, emptiness);
  }

  void notRestorable(IOException gap, long newestTxid) {
    log.warn(
        "{}: TXID {}, the newest in {}, could not be restored: {}. Files have been deleted there, or"
            + " emptied. A new"
            + " snapshot is uploaded, from which on the newest state can be restored; find out what"
            + " did that, such as a lifecycle rule, or a file server that lost its power",
        path,
        Txid.of(newestTxid),
        replicaUrl,
        Reason.of(gap));
  }

  void notReadBack(IOException failure, long newestTxid) {
    log.warn(
        "{}: TXID {}, the newest in {}, could not be restored: {}. A new snapshot is uploaded, from"
            + " which on the newest state can be restored",
        path,
        Txid.of(newestTxid),
        replicaUrl,
        Reason.of(failure));
  }

  void notListed(IOException failure) {
    log.warn(
        "{}: {} could not be listed: {}. Uploads go on, but whether all that a restore needs is"
            + " still there is unknown; looked at again in an hour",
        path,
        replicaUrl,
        Reason.of(failure));
  }
}
