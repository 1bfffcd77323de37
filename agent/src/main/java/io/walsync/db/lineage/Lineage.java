package io.walsync.db.lineage;

import io.walsync.config.BehindPolicy;
import io.walsync.db.events.Refusal;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.PageChecksums;
import io.walsync.db.staging.RefusalFile;
import io.walsync.files.DatabaseFile;
import io.walsync.restore.RestoredState;
import io.walsync.wal.WalPosition;
import java.io.IOException;

/**
 * Whether a database is what became of the newest state in its replica. Asked where this machine
 * has no state that says so: at a first start with a replica that somebody has written before.
 *
 * <p>Whole states decide, not pages: a page that equals an older version may have been changed
 * back. If one of the states that led to what stands in the database is the replica's newest, what
 * follows it are commits. If one is an older state and none the newest, the database is behind.
 * Where neither is found, somebody has written the database and left no trace of what it was
 * before. Then what the replica's newest files have changed is looked for in it: see {@link
 * Changes}. A database that shows not to come from them is refused; where nothing tells, it goes
 * on, and people are told.
 */
public final class Lineage {

  /** What is to be done with a database. */
  public static final class Verdict {
    /** Where in the WAL the database is the replica's newest state; null if that is not known. */
    public final WalPosition newestAt;

    /** Which state of the baseline is the replica's newest; -1 if none is. */
    public final int newestState;

    /** Not 0 if a power cut took what came after this TXID, which only the replica has. */
    public final long cutAfterTxid;

    /**
     * Nothing tells whether the database comes from what is after this TXID; -1 if that is told.
     */
    public final long undecidedAfterTxid;

    private Verdict(
        WalPosition newestAt, int newestState, long cutAfterTxid, long undecidedAfterTxid) {
      this.newestAt = newestAt;
      this.newestState = newestState;
      this.cutAfterTxid = cutAfterTxid;
      this.undecidedAfterTxid = undecidedAfterTxid;
    }

    private static Verdict newest(WalPosition at, int state) {
      return new Verdict(at, state, 0, DECIDED);
    }
  }

  private static final long DECIDED = -1;

  /** One page in so many must be the replica's, if neither folder nor WAL is a better sign. */
  private static final long LEAST_SHARE = 10;

  private final DbSettings settings;
  private final Baseline baseline;
  private final Rebuild.Result replica;
  private final PageChecksums table;

  private int sameCount;
  private int emptyCount;
  private boolean isRelated;
  private boolean isAfterPowerCut;
  private RefusalFile refusal;
  private FormerTable former;
  private RestoredState restored;
  private long knownTxid;

  /**
   * @param baseline of the database, null if there is none
   * @param table the checksums of the replica's newest state, if it has been read
   */
  Lineage(DbSettings settings, Baseline baseline, Rebuild.Result replica, PageChecksums table) {
    this.settings = settings;
    this.baseline = baseline;
    this.replica = replica;
    this.table = table;
  }

  /** This machine is known to have replicated the database there before. */
  Lineage related(boolean isKnown) {
    isRelated = isKnown;
    return this;
  }

  /** The machine was started anew since the database was last replicated. */
  Lineage afterPowerCut(boolean isKnown) {
    isAfterPowerCut = isKnown;
    return this;
  }

  /** Whether and why the database was refused before. */
  Lineage refusedBefore(RefusalFile file) {
    refusal = file;
    return this;
  }

  /** What the staging folder said before it was found to be older than the replica, or null. */
  Lineage formerTable(FormerTable table) {
    former = table;
    return this;
  }

  /** What a restore has left, or null. */
  Lineage restored(RestoredState left) {
    restored = left;
    return this;
  }

  /** See {@link Evidence#knownTxid}. */
  Lineage knownAt(long txid) {
    knownTxid = txid;
    return this;
  }

  /** Whether somebody has restored a state to go on from, and the database is what became of it. */
  static boolean isWanted(RestoredState restored, Baseline baseline) {
    return restored != null
        && restored.isWantedAsNewest()
        && baseline.find(restored.checksum()) >= 0;
  }

  /**
   * @throws RefusedDatabaseException if the replica is not to be continued with this database
   */
  Verdict judge() throws IOException {
    int newest = baseline == null ? -1 : baseline.find(replica.newestChecksum);
    if (newest >= 0) {
      return Verdict.newest(baseline.position(newest), newest);
    }
    if (baseline != null && isWanted(restored, baseline)) {
      return Verdict.newest(null, -1);
    }
    if (baseline == null || replica.history == null) {
      return withoutTrace();
    }
    if (replica.history.isNewestPresent()) {
      return Verdict.newest(baseline.positionAt(replica.history.newestEnd()), -1);
    }
    long behind = txidBehind();
    if (behind == 0) {
      return withoutTrace();
    }
    if (isAfterPowerCut && replica.history.isLossOfPowerCut(behind)) {
      return cutOff(behind);
    }
    throw behindBy(behind);
  }

  private Verdict cutOff(long txid) throws RefusedDatabaseException {
    if (settings.config().behind() == BehindPolicy.REFUSE) {
      throw new RefusedDatabaseException(
          Refusal.cutOff(settings.replicaUrl(), txid, replica.position.uploadedTxid()));
    }
    return new Verdict(null, -1, txid, DECIDED);
  }

  private long txidBehind() {
    return Math.max(replica.history.txidBehind(), baseline.newestTxid(replica.history::txidOf));
  }

  private Verdict withoutTrace() throws IOException {
    String standing = refusal == null ? null : refusal.reason(settings.replicaUrl());
    if (standing != null) {
      long cut = refusal.cutAfterTxid(settings.replicaUrl());
      if (cut != 0) {
        return cutOff(cut);
      }
      long undecided = refusal.undecidedAfterTxid(settings.replicaUrl());
      if (undecided == DECIDED) {
        throw new RefusedDatabaseException(Refusal.asBefore(standing));
      }
      return undecided(undecided);
    }
    if (baseline == null) {
      return Verdict.newest(null, -1);
    }
    if (former != null && isBehind(former.txid()) && former.wasDatabase()) {
      throw behindBy(former.txid());
    }
    checkRelation();
    boolean isAsked = replica.history != null && !replica.history.isNewestBefore();
    // What somebody wants as the newest state may be any, and may have been written since.
    return isAsked && (restored == null || !restored.isWantedAsNewest())
        ? descent()
        : Verdict.newest(null, -1);
  }

  private boolean isBehind(long txid) {
    return txid > 0 && txid < replica.position.uploadedTxid();
  }

  /**
   * Whether the database comes from what the replica has after the state that this machine knows,
   * or, if it knows none, from the newest.
   */
  private Verdict descent() throws IOException {
    Changes changes = replica.history.changes();
    boolean isKnown = isBehind(knownTxid);
    boolean isOfFolder = isKnown && former != null && former.txid() == knownTxid;
    Changes.Trace trace =
        changes.in(baseline, table, replica.position.commit(), isOfFolder ? former : null);
    Content.Trace rows = trace.isWhole() ? Content.Trace.none() : rows();
    // What the replica has gone on with may have been done alike on another line; but where all of
    // it is there, nothing is lost.
    if (trace.isWhole() || rows.isWhole) {
      return Verdict.newest(null, -1);
    }
    if (trace.found == 0 && isElsewhere(isKnown, isOfFolder, trace, rows)) {
      throw isKnown ? behindBy(knownTxid) : onAnotherLine();
    }
    boolean isNewestNoted =
        restored != null && restored.txid().value() == replica.position.uploadedTxid();
    return isNewestNoted
        ? Verdict.newest(null, -1)
        : undecided(replica.content == null ? changes.sinceTxid() : replica.content.sinceTxid());
  }

  /** Whether it shows that a database of which no page is the newest comes from another state. */
  private boolean isElsewhere(
      boolean isKnown, boolean isOfFolder, Changes.Trace trace, Content.Trace rows) {
    // What was copied by SQLite is counted from the beginning; but then most rows are there.
    boolean isLessChanged =
        baseline.changeCounter() - replica.history.changeCounter() < 0 && !rows.isMostlyThere;
    // A restore has noted it, or it stands in the file that the folder has left.
    boolean isPlaceKnown = isKnown && (!isOfFolder || former.isSameFile());
    return isLessChanged || rows.isMissing && (isPlaceKnown || isOfFolder && trace.asBefore > 0);
  }

  private Content.Trace rows() throws IOException {
    DatabaseFile file = DatabaseFile.of(settings.path());
    return replica.content != null && file.key().equals(baseline.fileKey())
        ? replica.content.in(baseline, file, table)
        : Content.Trace.none();
  }

  private Verdict undecided(long txid) throws RefusedDatabaseException {
    if (settings.config().behind() == BehindPolicy.REFUSE) {
      throw new RefusedDatabaseException(
          Refusal.undecided(settings.replicaUrl(), txid, replica.position.uploadedTxid()));
    }
    return new Verdict(null, -1, 0, txid);
  }

  private void checkRelation() throws IOException {
    boolean isShown =
        isRelated
            || restored != null
            || replica.history != null && replica.history.isNewestBefore();
    if (isShown) {
      return;
    }
    if (baseline.isNew()) {
      throw another("it was made anew");
    }
    if (baseline.pageSize() == replica.position.pageSize()) {
      count();
    }
    int replicaCount = replica.position.commit() - emptyCount;
    if (sameCount * LEAST_SHARE < replicaCount) {
      throw another("of the replica's " + replicaCount + " pages " + sameCount + " are in it");
    }
  }

  /** Pages without content count for neither side, since every new table begins with one. */
  private void count() throws IOException {
    long[] known = new long[Baseline.CHUNK];
    baseline.forEach(
        baseline.newest(),
        (first, checksums, isEmpty, count) -> {
          table.read(first, known, count);
          for (int i = 0; i < count; i++) {
            if (known[i] == PageChecksums.NONE || checksums[i] != known[i]) {
              continue;
            }
            if (isEmpty.get(i)) {
              emptyCount++;
            } else {
              sameCount++;
            }
          }
        });
  }

  private RefusedDatabaseException behindBy(long txid) {
    return new RefusedDatabaseException(
        Refusal.behind(settings.replicaUrl(), txid, replica.position.uploadedTxid()));
  }

  private RefusedDatabaseException onAnotherLine() {
    return new RefusedDatabaseException(
        Refusal.onAnotherLine(settings.replicaUrl(), replica.position.uploadedTxid()));
  }

  private RefusedDatabaseException another(String sign) {
    return new RefusedDatabaseException(Refusal.anotherDatabase(settings.replicaUrl(), sign));
  }
}
