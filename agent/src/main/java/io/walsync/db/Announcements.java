package io.walsync.db;

import io.walsync.host.SqliteVersion;
import io.walsync.io.LogTimes;
import io.walsync.io.Reason;
import io.walsync.ltx.Txid;
import io.walsync.staging.Timestamps;
import java.io.File;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a database tells people: one line for each change of state, never one for each commit or
 * each retry.
 */
final class Announcements implements Timestamps.Listener {

  static final Logger LOG = LoggerFactory.getLogger("walsync");

  private final File path;
  private final String replicaUrl;

  /** When the store last went down; 0 if it never has. */
  private long storeDownMillis;

  private boolean isAloneTold;

  /** Of SQLite, of which the bug was told in this process. */
  private static final Set<String> RESET_BUG_TOLD = ConcurrentHashMap.newKeySet();

  Announcements(File path, String replicaUrl) {
    this.path = path;
    this.replicaUrl = replicaUrl;
  }

  void replicating(long uploadedTxid) {
    LOG.info("{}: replicating to {}, {}", path, replicaUrl, from(uploadedTxid));
  }

  /** Once: this begins anew after each checkpoint. */
  void followingAlone() {
    if (!isAloneTold) {
      isAloneTold = true;
      LOG.info(
          "{}: one connection keeps it to itself (locking_mode=EXCLUSIVE). It is replicated all the"
              + " same; its wal_autocheckpoint is 0 meanwhile, and it checkpoints when the agent has"
              + " copied everything",
          path);
    }
  }

  void replicatingAgain(long sinceMillis) {
    LOG.info(
        "{}: replicating again; what was committed since {} is on its way to the replica",
        path,
        LogTimes.text(sinceMillis));
  }

  void restorable() {
    LOG.info("{}: snapshot uploaded, restorable from now on", path);
  }

  private static String from(long uploadedTxid) {
    return uploadedTxid == 0
        ? "starting with a snapshot"
        : "going on after TXID " + Txid.of(uploadedTxid);
  }

  void suspended(Throwable cause, long sinceMillis, long uploadedTxid) {
    if (cause instanceof ReplicatedElsewhereException) {
      LOG.warn(
          "{}: left to another process that replicates it ({}). Commits of this process are"
              + " replicated by that one; if it ends, this one takes over",
          path,
          message(cause));
      return;
    }
    LOG.warn(
        "{}: not replicated for now: {}. The application is not affected; commits since {} are only on"
            + " this machine ({}). The agent tries again and catches up by itself when this is over",
        path,
        message(cause),
        LogTimes.text(sinceMillis),
        inStore(uploadedTxid));
  }

  private static String inStore(long uploadedTxid) {
    return uploadedTxid == 0
        ? "the replica holds nothing of this process yet"
        : "the replica is at TXID " + Txid.of(uploadedTxid);
  }

  void localStateDamaged(String damage) {
    LOG.warn(
        "{}: the local state cannot be used: {}. Nothing is lost, the database holds every commit, but"
            + " what waited for upload is only on this machine until the replica has been read back"
            + " and compared, which begins now",
        path,
        damage);
  }

  void vanished(File folder) {
    LOG.info(
        "{}: deleted after its last close, together with what waited in {} for upload. To keep what"
            + " is not uploaded yet apart from a database that is deleted, set meta-dir",
        path,
        folder);
  }

  void replaced(int connectionCount) {
    LOG.warn(
        "{}: the file was replaced, renamed or deleted while it was open. {} connection(s) go on with"
            + " the old file, which no path or another leads to; what they commit from now on is not"
            + " replicated. Close them and open the database again",
        path,
        connectionCount);
  }

  void resynchronising(IOException gap) {
    LOG.info("{}: {}; comparing every page with the replica's", path, gap.getMessage());
  }

  /**
   * @param isCapturing whether there is local state, without which nothing is captured
   * @param unstoredMillis since when commits wait for the store
   */
  void storeUnreachable(
      IOException failure, boolean isCapturing, long unstoredMillis, long uploadedTxid) {
    storeDownMillis = System.currentTimeMillis();
    LOG.warn(
        "{}: the replica cannot be written: {}. Commits since {} are only on this machine ({}). {}",
        path,
        message(failure),
        LogTimes.text(unstoredMillis),
        inStore(uploadedTxid),
        isCapturing
            ? "They are kept in the staging folder and uploaded in order once it can"
            : "There is no local state: replication begins once the replica has been read");
  }

  void storeSilent(long nanos, long unstoredMillis, long uploadedTxid) {
    storeDownMillis = System.currentTimeMillis();
    LOG.warn(
        "{}: {} has not answered for {} s. Commits since {} are only on this machine until it does ({})",
        path,
        replicaUrl,
        TimeUnit.NANOSECONDS.toSeconds(nanos),
        LogTimes.text(unstoredMillis),
        inStore(uploadedTxid));
  }

  /** After {@link #storeUnreachable} or {@link #storeSilent}. */
  void storeReachable(long stagedBytes) {
    LOG.info(
        "{}: the replica can be written again, which it could not since {}; {} bytes have waited",
        path,
        LogTimes.text(storeDownMillis),
        stagedBytes);
  }

  void stagingHasRoom(File folder) {
    LOG.info("{}: {} has room again; checkpoints go on", path, folder);
  }

  /**
   * @param isTotal whether it is all databases together that have reached the bound
   */
  void stagingFull(File folder, long boundBytes, boolean isTotal, long uploadedTxid) {
    LOG.warn(
        "{}: {} for a replica that cannot be written{}, the limit of {}. Nothing more is staged: from"
            + " now on the WAL is not checkpointed and grows until the replica can be written. Nothing"
            + " is lost while the disk has room; watch it ({})",
        path,
        isTotal ? "the staging folders of all databases hold" : folder + " holds",
        storeDownMillis == 0 ? "" : " since " + LogTimes.text(storeDownMillis),
        boundBytes + " bytes",
        inStore(uploadedTxid));
  }

  void replicaLostFiles(long newestTxid, long uploadedTxid, String place) {
    LOG.warn(
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
    LOG.warn("{}: {}. Now a new replica begins there", path, emptiness);
  }

  void notRestorable(IOException gap, long newestTxid) {
    LOG.warn(
        "{}: TXID {}, the newest in {}, could not be restored: {}. Files have been deleted there, or"
            + " emptied. A new"
            + " snapshot is uploaded, from which on the newest state can be restored; find out what"
            + " did that, such as a lifecycle rule, or a file server that lost its power",
        path,
        Txid.of(newestTxid),
        replicaUrl,
        message(gap));
  }

  void notReadBack(IOException failure, long newestTxid) {
    LOG.warn(
        "{}: TXID {}, the newest in {}, could not be restored: {}. A new snapshot is uploaded, from"
            + " which on the newest state can be restored",
        path,
        Txid.of(newestTxid),
        replicaUrl,
        message(failure));
  }

  void notListed(IOException failure) {
    LOG.warn(
        "{}: {} could not be listed: {}. Uploads go on, but whether all that a restore needs is"
            + " still there is unknown; looked at again in an hour",
        path,
        replicaUrl,
        message(failure));
  }

  @Override
  public void clockBehind(long nowMillis, long newestMillis) {
    LOG.warn(
        "{}: the clock says {}, but the newest state in {} is of {}: the clock was ahead then, or is"
            + " behind now. Times do not run backwards in a replica: until the clock has passed that"
            + " time, all new states carry it, and restore -timestamp may give an older state than"
            + " the one meant; -txid does not. Set the clock if it is wrong now",
        path,
        LogTimes.text(nowMillis),
        replicaUrl,
        LogTimes.text(newestMillis));
  }

  @Override
  public void clockCaughtUp(long newestMillis) {
    LOG.info(
        "{}: the clock has passed {}; new states carry its time again",
        path,
        LogTimes.text(newestMillis));
  }

  String fenced(IOException conflict) {
    return "fenced: "
        + message(conflict)
        + ". Somebody else writes this replica; nothing of theirs"
        + " is overwritten. Stop the other writer or configure another replica path";
  }

  String unreadable(IOException failure) {
    return "there is no local state and the replica cannot be read back: "
        + message(failure)
        + ". Nothing was changed; repair the replica or configure another replica path";
  }

  void rebuilding(Txid newestTxid) {
    LOG.info(
        "{}: no local state; reading back what {} holds up to TXID {}",
        path,
        replicaUrl,
        newestTxid);
  }

  void cutOff(long txid, long newestTxid) {
    LOG.warn(
        "{}: the machine went down before the last commits were on its disk. The database ends after"
            + " TXID {}; the commits of TXID {} to {} are only in {}, where they stay. Replication goes"
            + " on from the database, as SQLite does. To get at them: restore -txid {} -o FILE",
        path,
        Txid.of(txid),
        Txid.of(txid + 1),
        Txid.of(newestTxid),
        replicaUrl,
        Txid.of(newestTxid));
  }

  void replacedByOlder(Txid txid, long newestTxid) {
    LOG.warn(
        "{}: while it was closed, its state of TXID {} was put in its place. Replication goes on from"
            + " that, as what stands there now; the states up to TXID {} stay in {}",
        path,
        txid,
        Txid.of(newestTxid),
        replicaUrl);
  }

  void goesBack(Txid txid, long newestTxid) {
    LOG.info(
        "{}: goes on from TXID {}, as `restore -as-newest` asked; the states up to TXID {} stay in {}",
        path,
        txid,
        Txid.of(newestTxid),
        replicaUrl);
  }

  void replicaAhead(long newestTxid, long sealedTxid) {
    LOG.warn(
        "{}: {} is at TXID {}, the local state only at {}: it is older than the replica and is"
            + " rebuilt from it",
        path,
        replicaUrl,
        Txid.of(newestTxid),
        sealedTxid == 0 ? "none" : Txid.of(sealedTxid));
  }

  void refused(String reason) {
    LOG.error("{}: not replicated to {}: {}", path, replicaUrl, reason);
  }

  void unsupportedDriver(Exception e) {
    LOG.error("{}: not replicated: {}", path, message(e));
  }

  void twoDrivers() {
    LOG.error(
        "{}: opened through two copies of sqlite-jdbc in this process. Each drops the other's locks:"
            + " the database will be corrupted whether it is replicated or not. Use one copy",
        path);
  }

  void sharedFileSystem(String kind) {
    LOG.warn(
        "{}: lies on {}, a file system shared between machines. SQLite's WAL cannot work reliably"
            + " there: locks and shared memory of other machines are not seen, and the database can"
            + " be corrupted with or without this agent. Move it to a local disk",
        path,
        kind);
  }

  static void walResetBug(SqliteVersion version) {
    if (!RESET_BUG_TOLD.add(version.toString())) {
      return;
    }
    LOG.warn(
        "SQLite {} in the application's sqlite-jdbc has the WAL-reset bug (3.7.0 to 3.51.2): in rare"
            + " races a checkpoint loses committed rows, with or without this agent. The agent"
            + " checkpoints only while no reset can happen. Upgrade sqlite-jdbc to 3.51.3.0 or later",
        version);
  }

  void fileLockLost(boolean isRestored) {
    LOG.error(
        "{}: something in this process opened and closed the database file itself (a copy, a"
            + " checksum, an archiver), and with that the kernel dropped SQLite's lock on it. {}",
        path,
        isRestored
            ? "The agent has taken the lock again; until then another process that opened the"
                + " database could have removed the WAL with commits in it. Copy it with"
                + " \"backup to\" or VACUUM INTO instead"
            : "Until the application closes all its connections, another process that opens the"
                + " database can remove the WAL with commits in it. Close them now");
  }

  void shmLockLost() {
    LOG.error(
        "{}: something in this process opened and closed the -shm file, and with that the kernel"
            + " dropped SQLite's locks on it. Another process that opens the database can corrupt it"
            + " until the application has closed all its connections. Close them now",
        path);
  }

  static String message(Throwable cause) {
    return Reason.of(cause);
  }
}
