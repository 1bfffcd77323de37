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
import org.jspecify.annotations.Nullable;

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
    public final @Nullable WalPosition newestAt;

    /** Which state of the baseline is the replica's newest; -1 if none is. */
    public final int newestState;

    /** Not 0 if a power cut took what came after this TXID, which only the replica has. */
    public final long cutAfterTxid;

    /**
     * Nothing tells whether the database comes from what is after this TXID; -1 if that is told.
     */
    public final long undecidedAfterTxid;

    private Verdict(
        @Nullable WalPosition newestAt,
        int newestState,
        long cutAfterTxid,
        long undecidedAfterTxid) {
      this.newestAt = newestAt;
      this.newestState = newestState;
      this.cutAfterTxid = cutAfterTxid;
      this.undecidedAfterTxid = undecidedAfterTxid;
    }

    private static Verdict newest(@Nullable WalPosition at, int state) {
      return new Verdict(at, state, 0, DECIDED);
    }
  }

  private static final long DECIDED = -1;

  /** One page in so many must be the replica's, if neither folder nor WAL is a better sign. */
  private static final long LEAST_SHARE = 10;

  private final DbSettings settings;

  /** Null if nothing is known of the database. */
  private final @Nullable Baseline baseline;

  private final Rebuild.Result replica;
  private final PageChecksums table;

  private int sameCount;
  private int emptyCount;
  private boolean isRelated;
  private boolean isAfterPowerCut;
  private @Nullable RefusalFile refusal;
  private @Nullable FormerTable former;
  private @Nullable RestoredState restored;
  private long knownTxid;

  /**
   * @param baseline of the database, null if there is none
   * @param table the checksums of the replica's newest state, if it has been read
   */
  Lineage(
      DbSettings settings,
      @Nullable Baseline baseline,
      Rebuild.Result replica,
      PageChecksums table) {
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
  Lineage formerTable(@Nullable FormerTable table) {
    former = table;
    return this;
  }

  /** What a restore has left, or null. */
  Lineage restored(@Nullable RestoredState left) {
    restored = left;
    return this;
  }

  /** See {@link Evidence#knownTxid}. */
  Lineage knownAt(long txid) {
    knownTxid = txid;
    return this;
  }

  /** Whether somebody has restored a state to go on from, and the database is what became of it. */
  static boolean isWanted(@Nullable RestoredState restored, Baseline baseline) {
    return restored != null
        && restored.isWantedAsNewest()
        && baseline.find(restored.checksum()) >= 0;
  }

  /**
   * @throws RefusedDatabaseException if the replica is not to be continued with this database
   */
  Verdict judge() throws IOException {
    Baseline seen = baseline;
    if (seen == null) {
      Verdict standing = standing();
      return standing == null ? Verdict.newest(null, -1) : standing;
    }
    int newest = seen.find(replica.newestChecksum);
    if (newest >= 0) {
      return Verdict.newest(seen.position(newest), newest);
    }
    if (isWanted(restored, seen)) {
      return Verdict.newest(null, -1);
    }
    History history = replica.history;
    if (history == null) {
      return withoutTrace(seen, null);
    }
    if (history.isNewestPresent()) {
      return Verdict.newest(seen.positionAt(history.newestEnd()), -1);
    }
    long behind = Math.max(history.txidBehind(), seen.newestTxid(history::txidOf));
    if (behind != 0 && isAfterPowerCut && history.isLossOfPowerCut(behind)) {
      return cutOff(behind);
    }
    if (behind == 0 || isMadeAnewHere(seen)) {
      return withoutTrace(seen, history);
    }
    if (seen.isBlank() && restored == null) {
      // Every database begins with the same states.
      throw another("it was made anew");
    }
    throw behindBy(behind);
  }

  /**
   * Whether the application has deleted the database that this machine replicates there, and begun
   * another in its place. Its first states are those that the other began with, and it is changed
   * less; that depends on the moment of the look, and says nothing.
   */
  private boolean isMadeAnewHere(Baseline seen) {
    return isRelated && seen.isBlank();
  }

  private Verdict cutOff(long txid) throws RefusedDatabaseException {
    if (settings.config().behind() == BehindPolicy.REFUSE) {
      throw new RefusedDatabaseException(
          Refusal.cutOff(settings.replicaUrl(), txid, replica.position.uploadedTxid()));
    }
    return new Verdict(null, -1, txid, DECIDED);
  }

  /** What was decided before, if nothing is known that would change it; null if nothing was. */
  private @Nullable Verdict standing() throws IOException {
    RefusalFile file = refusal;
    String reason = file == null ? null : file.reason(settings.replicaUrl());
    if (file == null || reason == null) {
      return null;
    }
    long cut = file.cutAfterTxid(settings.replicaUrl());
    if (cut != 0) {
      return cutOff(cut);
    }
    long undecided = file.undecidedAfterTxid(settings.replicaUrl());
    if (undecided == DECIDED) {
      throw new RefusedDatabaseException(Refusal.asBefore(reason));
    }
    return undecided(undecided);
  }

  private Verdict withoutTrace(Baseline seen, @Nullable History history) throws IOException {
    Verdict standing = standing();
    if (standing != null) {
      return standing;
    }
    if (former != null && isBehind(former.txid()) && former.wasDatabase()) {
      throw behindBy(former.txid());
    }
    checkRelation(seen, history);
    // What somebody wants as the newest state may be any, and may have been written since.
    boolean isWanted = restored != null && restored.isWantedAsNewest();
    return history == null || history.isNewestBefore() || isWanted
        ? Verdict.newest(null, -1)
        : descent(seen, history);
  }

  private boolean isBehind(long txid) {
    return txid > 0 && txid < replica.position.uploadedTxid();
  }

  /**
   * Whether the database comes from what the replica has after the state that this machine knows,
   * or, if it knows none, from the newest.
   */
  private Verdict descent(Baseline seen, History history) throws IOException {
    Changes changes = history.changes();
    boolean isKnown = isBehind(knownTxid);
    FormerTable ofFolder = isKnown && former != null && former.txid() == knownTxid ? former : null;
    Changes.Trace trace = changes.in(seen, table, replica.position.commit(), ofFolder);
    Content.Trace rows = trace.isWhole() ? Content.Trace.none() : rows(seen);
    // What the replica has gone on with may have been done alike on another line; but where all of
    // it is there, nothing is lost.
    if (trace.isWhole() || rows.isWhole) {
      return Verdict.newest(null, -1);
    }
    // What was copied by SQLite is counted from the beginning; but then most rows are there.
    boolean isLessChanged =
        seen.changeCounter() - history.changeCounter() < 0
            && !rows.isMostlyThere
            && !isMadeAnewHere(seen);
    if (trace.found == 0
        && (isLessChanged || rows.isMissing && isElsewhere(isKnown, ofFolder, trace))) {
      throw isKnown ? behindBy(knownTxid) : onAnotherLine();
    }
    boolean isNewestNoted =
        restored != null && restored.txid().value() == replica.position.uploadedTxid();
    return isNewestNoted
        ? Verdict.newest(null, -1)
        : undecided(replica.content == null ? changes.sinceTxid() : replica.content.sinceTxid());
  }

  /**
   * Whether it shows that a database of which neither a page nor a row is the newest comes from
   * another state.
   *
   * @param ofFolder what the folder knew of the known state; null if it knew another
   */
  private static boolean isElsewhere(
      boolean isKnown, @Nullable FormerTable ofFolder, Changes.Trace trace) {
    // A restore has noted it, or it stands in the file that the folder has left.
    return ofFolder == null ? isKnown : ofFolder.isSameFile() || trace.asBefore > 0;
  }

  private Content.Trace rows(Baseline seen) throws IOException {
    DatabaseFile file = DatabaseFile.of(settings.path());
    return replica.content != null && file.key().equals(seen.fileKey())
        ? replica.content.in(seen, file, table)
        : Content.Trace.none();
  }

  private Verdict undecided(long txid) throws RefusedDatabaseException {
    if (settings.config().behind() == BehindPolicy.REFUSE) {
      throw new RefusedDatabaseException(
          Refusal.undecided(settings.replicaUrl(), txid, replica.position.uploadedTxid()));
    }
    return new Verdict(null, -1, 0, txid);
  }

  private void checkRelation(Baseline seen, @Nullable History history) throws IOException {
    boolean isShown = isRelated || restored != null || history != null && history.isNewestBefore();
    if (isShown) {
      return;
    }
    if (seen.isNew()) {
      throw another("it was made anew");
    }
    if (seen.pageSize() == replica.position.pageSize()) {
      count(seen);
    }
    int replicaCount = replica.position.commit() - emptyCount;
    if (sameCount * LEAST_SHARE < replicaCount) {
      throw another("of the replica's " + replicaCount + " pages " + sameCount + " are in it");
    }
  }

  /** Pages without content count for neither side, since every new table begins with one. */
  private void count(Baseline seen) throws IOException {
    long[] known = new long[Baseline.CHUNK];
    seen.forEach(
        seen.newest(),
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
