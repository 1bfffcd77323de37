package io.walsync.db.lineage;

import io.walsync.config.BehindPolicy;
import io.walsync.db.events.Refusal;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.PageChecksums;
import io.walsync.db.staging.RefusalFile;
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
 * before; then it goes on, unless it is a new one or has next to nothing of the replica.
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

    private Verdict(WalPosition newestAt, int newestState, long cutAfterTxid) {
      this.newestAt = newestAt;
      this.newestState = newestState;
      this.cutAfterTxid = cutAfterTxid;
    }
  }

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
      return new Verdict(baseline.position(newest), newest, 0);
    }
    if (baseline != null && isWanted(restored, baseline)) {
      return new Verdict(null, -1, 0);
    }
    if (baseline == null || replica.history == null) {
      return withoutTrace();
    }
    if (replica.history.isNewestPresent()) {
      return new Verdict(baseline.positionAt(replica.history.newestEnd()), -1, 0);
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
    return new Verdict(null, -1, txid);
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
      throw new RefusedDatabaseException(Refusal.asBefore(standing));
    }
    if (baseline != null) {
      boolean isPutBack =
          former != null
              && former.txid() < replica.position.uploadedTxid()
              && (former.wasDatabase()
                  || former.isPutBackWith(baseline, table, replica.position.commit()));
      if (isPutBack) {
        throw behindBy(former.txid());
      }
      checkRelation();
    }
    return new Verdict(null, -1, 0);
  }

  private void checkRelation() throws IOException {
    if (isRelated || replica.history != null && replica.history.isNewestBefore()) {
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

  private RefusedDatabaseException another(String sign) {
    return new RefusedDatabaseException(Refusal.anotherDatabase(settings.replicaUrl(), sign));
  }
}
