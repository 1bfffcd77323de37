package io.walsync.db.lineage;

import io.walsync.db.events.Refusal;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.RefusalFile;
import io.walsync.db.staging.Staging;
import io.walsync.files.DatabaseFile;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestoredState;
import io.walsync.wal.WalCount;
import java.io.File;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this machine knows of a database that it has no trusted state of, until its replica has
 * answered: what it was when first looked at, what a restore has noted, what an old folder said,
 * why it was refused.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Evidence {

  private final DbSettings settings;

  /** What the database was when it was first looked at; null before. */
  private @Nullable Baseline baseline;

  /** Whether the database was found to go on from the folder since it was looked at. */
  private boolean isFollowed;

  /** What the folder believed before it was found to be older than the replica; or null. */
  private @Nullable FormerTable former;

  /** Whether this process has refused the database. */
  private boolean isRefused;

  /** Which file the database was, as the folder said when it was opened; empty if it did not. */
  private String foundKey = "";

  /** Who else has last taken the replica over; empty for nobody. */
  private String owner = "";

  public Evidence(DbSettings settings) {
    this.settings = settings;
  }

  /** Before the folder is used: what an earlier process left of this is of no use. */
  public void begin(Staging staging) throws IOException {
    // A copy of a folder may have been put beside a database that has gone on since.
    Position saved = staging.saved();
    foundKey = saved != null && staging.isOriginal() ? saved.databaseKey() : "";
    if (baseline == null && former == null) {
      staging.tables().deleteSpare();
    }
  }

  /** Looks at the database, unless that was done or is of no use any more. */
  public void look(DatabaseFile file, @Nullable WalCount counted, Staging staging)
      throws IOException {
    boolean isLookedAt = baseline != null && baseline.fileKey().equals(file.key());
    if (isRefused || isLookedAt) {
      return;
    }
    forgetBaseline();
    baseline = Baseline.of(settings.path(), file, counted, staging.tables().found());
  }

  /** What {@link #look} saw, or null. */
  public @Nullable Baseline baseline() {
    return baseline;
  }

  /** What a restore to this place has left for us, or null. */
  public @Nullable RestoredState restored() {
    RestoredState left = RestoredState.read(settings.path());
    return left != null && left.replicaUrl().equals(settings.replicaUrl()) ? left : null;
  }

  /**
   * The newest TXID that the database is known to have been at, by what a restore has noted or an
   * old folder said; 0 if nothing tells.
   */
  public long knownTxid() {
    RestoredState restored = restored();
    if (restored != null) {
      return restored.txid().value();
    }
    return former == null ? 0 : former.txid();
  }

  /** Whether the file that was looked at is the one that the folder knew. */
  private boolean isSameFile() {
    // Where files have no identity but their path, another one has the same.
    return baseline != null
        && !(baseline.fileKey() instanceof String)
        && baseline.fileKey().toString().equals(foundKey);
  }

  /**
   * The folder is older than the replica: keeps what it said of the pages that it has not copied.
   *
   * @param wasDatabase whether the database was just that, when it was first opened here
   */
  public void retire(Staging staging, boolean wasDatabase) throws IOException {
    forgetFormer();
    List<File> written = staging.segments().all();
    for (LtxFileInfo sealed : staging.sealed().list()) {
      written.add(staging.sealed().fileOf(sealed));
    }
    for (File file : written) {
      staging.forgetPagesOf(file);
    }
    former =
        new FormerTable(
            staging.tables().retire(),
            staging.position().uploadedTxid(),
            wasDatabase,
            isSameFile());
  }

  /**
   * Decides whether the database continues what the folder holds, which nobody has watched.
   *
   * @return false if only the replica can tell
   * @throws RefusedDatabaseException if it does not
   */
  public boolean isContinued(DatabaseFile file, @Nullable WalCount counted, Staging staging)
      throws IOException {
    long behind = txidBehind(file, counted, staging);
    if (behind > LocalLineage.CONTINUED) {
      Refusal refusal =
          Refusal.behind(settings.replicaUrl(), behind, staging.position().uploadedTxid());
      note(refusal, staging);
      throw new RefusedDatabaseException(refusal);
    }
    // What it was is of use until it is known that the folder is as new as the replica.
    isFollowed = behind == LocalLineage.CONTINUED;
    return isFollowed;
  }

  /** As {@link LocalLineage#txidBehind}, of what stands there now or did at the first look. */
  public long txidBehind(DatabaseFile file, @Nullable WalCount counted, Staging staging)
      throws IOException {
    if (isFollowed) {
      forgetBaseline();
    }
    look(file, counted, staging);
    return baseline == null
        ? LocalLineage.UNKNOWN
        : new LocalLineage(settings, staging, baseline, restored())
            .inAnotherFile(!foundKey.isEmpty() && !isSameFile())
            .txidBehind();
  }

  /** The database goes on from the folder: at another time it may be another one. */
  public void follow() {
    isFollowed = baseline != null;
  }

  /** The folder is as new as the replica: what the database was does not matter any more. */
  public void settle(Staging staging) throws IOException {
    if (baseline != null) {
      forget();
      staging.tables().deleteSpare();
    }
  }

  /**
   * Decides whether the database continues what the replica holds.
   *
   * @param isRelated whether this machine is known to have replicated it there
   * @throws RefusedDatabaseException if it does not: then, and at every start until somebody acts
   */
  public Lineage.Verdict judge(Rebuild.Result replica, Staging staging, boolean isRelated)
      throws IOException {
    RestoredState restored = restored();
    if (restored != null && replica.history != null) {
      replica.history.remember(restored.checksum(), restored.txid().value());
    }
    try {
      return new Lineage(settings, baseline, replica, staging.checksums())
          .related(isRelated)
          .afterPowerCut(staging.marks().isOfEarlierBoot())
          .refusedBefore(staging.refusal())
          .formerTable(former)
          .restored(restored)
          .knownAt(knownTxid())
          .judge();
    } catch (RefusedDatabaseException e) {
      Refusal refusal = e.refusal().writtenBy(owner);
      note(refusal, staging);
      throw new RefusedDatabaseException(refusal);
    }
  }

  /** Notes who has last taken the replica over, for people; empty for nobody else. */
  public void ownedBy(String foreignOwner) {
    owner = foreignOwner;
  }

  private void note(Refusal refusal, Staging staging) throws IOException {
    isRefused = true;
    String replicaUrl = settings.replicaUrl();
    RefusalFile file = staging.refusal();
    // What this process commits now must not look like a reason to go on at the next start.
    if (refusal.code() == Refusal.Code.AS_BEFORE) {
      file.stands();
    } else if (refusal.undecidedAfterTxid() >= 0) {
      file.writeUndecided(replicaUrl, refusal.undecidedAfterTxid(), refusal.laterText());
    } else {
      file.write(replicaUrl, refusal.cutAfterTxid(), refusal.laterText());
    }
    staging.fence().delete();
    forget();
    staging.tables().deleteSpare();
  }

  /** The database is known: what was noted of it has served its turn. */
  public void close(Staging staging) throws IOException {
    staging.refusal().delete();
    staging.fence().delete();
    staging.marks().forgetReplica();
    forget();
    staging.tables().deleteSpare();
  }

  /** The database has been followed from where the note says. */
  public void forgetRestored() {
    RestoredState.delete(settings.path());
  }

  /** Gives back what is open. */
  public void forget() throws IOException {
    forgetBaseline();
    forgetFormer();
  }

  private void forgetFormer() throws IOException {
    if (former != null) {
      former.close();
      former = null;
    }
  }

  private void forgetBaseline() throws IOException {
    if (baseline != null) {
      baseline.close();
      baseline = null;
      isFollowed = false;
    }
  }
}
