package io.walsync.db.events;

import io.walsync.ltx.Txid;
import java.io.File;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * What is told as capture begins. It names what the replica has, and is held until the replica has
 * been asked: the local state may be older.
 *
 * <p>Threading: the database's thread.
 */
final class CaptureLines {

  /** An application that checkpoints beside its own writers causes one many times a second. */
  private static final long TELL_AGAIN_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final long NONE = -1;

  private final Logger log;
  private final File path;
  private final String replicaUrl;

  private boolean isReplicaKnown;

  /** Whether it is still to be told that replication has begun. */
  private boolean isOwed;

  /** Of the last comparison, as long as it is held back. */
  private int heldPageCount;

  private int heldChangedPageCount = (int) NONE;
  private boolean isDifferenceTold;
  private long differenceToldNanos;

  CaptureLines(Logger log, File path, String replicaUrl) {
    this.log = log;
    this.path = path;
    this.replicaUrl = replicaUrl;
  }

  void replicating(long uploadedTxid) {
    isOwed = true;
    if (isReplicaKnown) {
      tellReplicating(uploadedTxid);
    }
  }

  private void tellReplicating(long uploadedTxid) {
    isOwed = false;
    log.info("{}: replicating to {}, {}", path, replicaUrl, from(uploadedTxid));
  }

  private static String from(long uploadedTxid) {
    return uploadedTxid == 0
        ? "starting with a snapshot"
        : "going on after TXID " + Txid.of(uploadedTxid);
  }

  void differenceStaged(int changedPageCount, int pageCount) {
    if (isReplicaKnown) {
      tellDifference(changedPageCount, pageCount);
    } else {
      heldChangedPageCount = changedPageCount;
      heldPageCount = pageCount;
    }
  }

  private void tellDifference(int changedPageCount, int pageCount) {
    long now = System.nanoTime();
    if (isDifferenceTold && now - differenceToldNanos < TELL_AGAIN_NANOS) {
      return;
    }
    isDifferenceTold = true;
    differenceToldNanos = now;
    log.info(
        "{}: {} of {} pages are not as the replica has them; only they are uploaded",
        path,
        changedPageCount,
        pageCount);
  }

  /** The replica has this as its newest state, and replication goes on from there. */
  void replicaKnown(long newestTxid) {
    isReplicaKnown = true;
    if (heldChangedPageCount != NONE) {
      tellDifference(heldChangedPageCount, heldPageCount);
      heldChangedPageCount = (int) NONE;
    }
    if (isOwed) {
      tellReplicating(newestTxid);
    }
  }

  /** The replica has something else than the comparison was made with: it is made again. */
  void replicaAhead() {
    isReplicaKnown = false;
    isOwed = true;
    heldChangedPageCount = (int) NONE;
  }

  void lineUndecided(long txid, long newestTxid) {
    log.warn(
        "{}: {}. Replication goes on from this database; what only those TXIDs brought is missing"
            + " from the newest state then, and stays in {}. To see what that is, {}. To have such a"
            + " database refused, configure `behind: refuse`",
        path,
        Refusal.undecidedText(txid, newestTxid),
        replicaUrl,
        Refusal.copyAdvice(newestTxid));
  }

  void impossibleChange(String change) {
    log.warn(
        "{}: the agent made a change of state that should be impossible: {}. It goes on; please"
            + " report this line",
        path,
        change);
  }

  void localStateDamaged(String damage) {
    log.warn(
        "{}: the local state cannot be used: {}. Nothing is lost, the database holds every commit, but"
            + " what waited for upload is only on this machine until the replica has been read back"
            + " and compared, which begins now",
        path,
        damage);
  }
}
