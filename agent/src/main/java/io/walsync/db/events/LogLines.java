package io.walsync.db.events;

import io.walsync.io.LogTimes;
import io.walsync.io.Reason;
import io.walsync.ltx.Txid;
import java.io.File;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a database tells people: one line in the log for each event. */
public final class LogLines implements DbEvents {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");

  private final File path;
  private final String replicaUrl;

  private boolean isAloneTold;

  /** Read on the compaction thread. */
  private volatile boolean isOutageTold;

  private @Nullable CaptureLines capture;
  private @Nullable StoreLines store;

  /** Of SQLite, of which the bug was told in this process. */
  private static final Set<String> RESET_BUG_TOLD = ConcurrentHashMap.newKeySet();

  /**
   * @param replicaUrl without secrets
   */
  public LogLines(File path, String replicaUrl) {
    this.path = path;
    this.replicaUrl = replicaUrl;
  }

  /** Made on the database's thread, for an open of the application's waits for its class. */
  private CaptureLines capture() {
    CaptureLines made = capture == null ? new CaptureLines(LOG, path, replicaUrl) : capture;
    capture = made;
    return made;
  }

  private LossLines losses() {
    return new LossLines(LOG, path, replicaUrl);
  }

  /** As {@link #capture}. */
  private StoreLines store() {
    StoreLines made = store == null ? new StoreLines(LOG, path, replicaUrl) : store;
    store = made;
    return made;
  }

  @Override
  public HistoryEvents history() {
    return new HistoryLines(LOG, path, replicaUrl, () -> isOutageTold);
  }

  @Override
  public boolean wantsDecisions() {
    return LOG.isDebugEnabled();
  }

  @Override
  public void decided(Decision decision, String why) {
    LOG.debug("{}: {}: {}", path, decision.words(), why);
  }

  @Override
  public void stateChanged(Enum<?> left, Enum<?> entered, Object reason, long nanos) {
    if (LOG.isDebugEnabled()) {
      long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
      LOG.debug("{}: {} -> {} ({}), after {} ms", path, left, entered, reason, millis);
    }
  }

  @Override
  public void impossibleChange(String change) {
    capture().impossibleChange(change);
  }

  @Override
  public void replicating(long uploadedTxid) {
    capture().replicating(uploadedTxid);
  }

  /** Once: this begins anew after each checkpoint. */
  @Override
  public void followingAlone() {
    if (!isAloneTold) {
      isAloneTold = true;
      LOG.info(
          "{}: one connection keeps it to itself (locking_mode=EXCLUSIVE). It is replicated all the"
              + " same; its wal_autocheckpoint is 0 meanwhile, and it checkpoints when the agent has"
              + " copied everything",
          path);
    }
  }

  @Override
  public void replicatingAgain(long sinceMillis) {
    LOG.info(
        "{}: replicating again; what was committed since {} is on its way to the replica",
        path,
        LogTimes.text(sinceMillis));
  }

  @Override
  public void restorable() {
    LOG.info("{}: snapshot uploaded, restorable from now on", path);
  }

  @Override
  public void suspended(Throwable cause, long sinceMillis, long uploadedTxid) {
    LOG.warn(
        "{}: not replicated for now: {}. The application is not affected; commits since {} are only on"
            + " this machine ({}). The agent tries again and catches up by itself when this is over",
        path,
        Reason.of(cause),
        LogTimes.text(sinceMillis),
        StoreLines.inStore(uploadedTxid));
  }

  @Override
  public void leftToAnother(String reason) {
    LOG.warn(
        "{}: left to another process that replicates it ({}). Commits of this process are"
            + " replicated by that one; if it ends, this one takes over",
        path,
        reason);
  }

  @Override
  public void switchedToWal() {
    LOG.info("{}: switched from a rollback journal to WAL", path);
  }

  @Override
  public void differenceStaged(int changedPageCount, int pageCount) {
    capture().differenceStaged(changedPageCount, pageCount);
  }

  @Override
  public void replicaKnown(long newestTxid) {
    capture().replicaKnown(newestTxid);
  }

  @Override
  public void lineUndecided(long txid, long newestTxid) {
    capture().lineUndecided(txid, newestTxid);
  }

  @Override
  public void failedInPassing(String doing, Throwable cause) {
    LOG.debug(doing, cause);
  }

  @Override
  public void localStateDamaged(String damage) {
    capture().localStateDamaged(damage);
  }

  @Override
  public void vanished(File folder) {
    LOG.info(
        "{}: deleted after its last close, together with what waited in {} for upload. To keep what"
            + " is not uploaded yet apart from a database that is deleted, set meta-dir",
        path,
        folder);
  }

  @Override
  public void replaced(int connectionCount) {
    LOG.warn(
        "{}: the file was replaced, renamed or deleted while it was open. {} connection(s) go on with"
            + " the old file, which no path or another leads to; what they commit from now on is not"
            + " replicated. Close them and open the database again",
        path,
        connectionCount);
  }

  @Override
  public void resynchronising(String reason) {
    LOG.info("{}: {}; comparing every page with the replica's", path, reason);
  }

  @Override
  public void storeUnreachable(
      IOException failure, boolean isCapturing, long unstoredMillis, long uploadedTxid) {
    isOutageTold = true;
    store().unreachable(failure, isCapturing, unstoredMillis, uploadedTxid);
  }

  @Override
  public void storeSilent(long nanos, long unstoredMillis, long uploadedTxid) {
    isOutageTold = true;
    store().silent(nanos, unstoredMillis, uploadedTxid);
  }

  @Override
  public void storeReachable(long stagedBytes) {
    isOutageTold = false;
    store().reachable(stagedBytes);
  }

  @Override
  public void stagingHasRoom(File folder) {
    store().roomAgain(folder);
  }

  @Override
  public void stagingFull(File folder, long boundBytes, boolean isTotal, long uploadedTxid) {
    store().noRoom(isTotal ? null : folder, boundBytes, uploadedTxid);
  }

  @Override
  public void replicaLostFiles(long newestTxid, long uploadedTxid, String place) {
    losses().replicaLostFiles(newestTxid, uploadedTxid, place);
  }

  @Override
  public void beginningInDoubt(String emptiness) {
    losses().beginningInDoubt(emptiness);
  }

  @Override
  public void notRestorable(IOException gap, long newestTxid) {
    losses().notRestorable(gap, newestTxid);
  }

  @Override
  public void notReadBack(IOException failure, long newestTxid) {
    losses().notReadBack(failure, newestTxid);
  }

  @Override
  public void notListed(IOException failure) {
    losses().notListed(failure);
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

  @Override
  public void rebuilding(Txid newestTxid) {
    LOG.info(
        "{}: no local state; reading back what {} holds up to TXID {}",
        path,
        replicaUrl,
        newestTxid);
  }

  @Override
  public void cutOff(long txid, long newestTxid) {
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

  @Override
  public void replacedByOlder(long txid, long newestTxid) {
    LOG.warn(
        "{}: while it was closed, its state of TXID {} was put in its place. Replication goes on from"
            + " that, as what stands there now; the states up to TXID {} stay in {}",
        path,
        Txid.of(txid),
        Txid.of(newestTxid),
        replicaUrl);
  }

  @Override
  public void goesBack(long txid, long newestTxid) {
    LOG.info(
        "{}: goes on from TXID {}, as `restore -as-newest` asked; the states up to TXID {} stay in {}",
        path,
        Txid.of(txid),
        Txid.of(newestTxid),
        replicaUrl);
  }

  @Override
  public void replicaAhead(long newestTxid, long sealedTxid) {
    capture().replicaAhead();
    LOG.warn(
        "{}: {} is at TXID {}, the local state only at {}: it is older than the replica and is"
            + " rebuilt from it",
        path,
        replicaUrl,
        Txid.of(newestTxid),
        sealedTxid == 0 ? "none" : Txid.of(sealedTxid));
  }

  @Override
  public void tookOver(String predecessor) {
    OwnerLines.tookOver(LOG, path, replicaUrl, predecessor);
  }

  @Override
  public void ownerUnknown(IOException reason) {
    OwnerLines.unknown(LOG, path, replicaUrl, reason);
  }

  @Override
  public void refused(Refusal refusal) {
    LOG.error("{}: not replicated to {}: {}", path, replicaUrl, refusal.text());
  }

  @Override
  public void unsupportedDriver(Exception cause) {
    LOG.error("{}: not replicated: {}", path, Reason.of(cause));
  }

  @Override
  public void twoDrivers() {
    LOG.error(
        "{}: opened through two copies of sqlite-jdbc in this process. Each drops the other's locks:"
            + " the database will be corrupted whether it is replicated or not. Use one copy",
        path);
  }

  @Override
  public void sharedFileSystem(String kind) {
    LOG.warn(
        "{}: lies on {}, a file system shared between machines. SQLite's WAL cannot work reliably"
            + " there: locks and shared memory of other machines are not seen, and the database can"
            + " be corrupted with or without this agent. Move it to a local disk",
        path,
        kind);
  }

  @Override
  public void walResetBug(String sqliteVersion) {
    if (!RESET_BUG_TOLD.add(sqliteVersion)) {
      return;
    }
    LOG.warn(
        "SQLite {} in the application's sqlite-jdbc has the WAL-reset bug (3.7.0 to 3.51.2): in rare"
            + " races a checkpoint loses committed rows, with or without this agent. The agent"
            + " checkpoints only while no reset can happen. Upgrade sqlite-jdbc to 3.51.3.0 or later",
        sqliteVersion);
  }

  @Override
  public void inDoubt(String why) {
    LockLines.inDoubt(LOG, path, why);
  }

  @Override
  public void doubtEnded() {
    LOG.info("{}: the last commit is known to count or not, and replication goes on", path);
  }

  @Override
  public void fileLockLost(boolean isRestored) {
    LockLines.fileLockLost(LOG, path, isRestored);
  }

  @Override
  public void shmLockLost() {
    LockLines.shmLockLost(LOG, path);
  }

  @Override
  public void walRemoved() {
    LockLines.walRemoved(LOG, path);
  }
}
