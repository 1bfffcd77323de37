package io.walsync.db.local;

import io.walsync.db.capture.Hold;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.lineage.Baseline;
import io.walsync.db.lineage.Evidence;
import io.walsync.db.lineage.Lineage;
import io.walsync.db.lineage.LineageUnknownException;
import io.walsync.db.lineage.LocalLineage;
import io.walsync.db.lineage.Rebuild;
import io.walsync.db.lineage.RefusedDatabaseException;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.db.staging.StagingDamagedException;
import io.walsync.files.DatabaseFile;
import io.walsync.restore.RestoredState;
import io.walsync.wal.WalCount;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a database goes on from where its staging folder ends. As long as this process captures
 * it there is no question; of what nobody has watched, {@link Evidence} is asked.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Continuity {

  /** What is known of the database before its present connections. */
  private enum Watch {
    /** Nothing: somebody may have put another in its place. */
    NONE,
    /** It was decided that it goes on from the folder, and capture has not begun since. */
    JUDGED,
    /** It has been captured since it was opened. */
    CAPTURED,
    /** It was, until the folder was lost: the replica is its own, without a gap. */
    LOST
  }

  private final DbEvents events;
  private final Evidence evidence;
  private Watch watch = Watch.NONE;

  /** Whether this process has captured the database at some time, and the folder is still that. */
  private boolean hasCaptured;

  /** Whether the folder was found to be as new as the replica. */
  private boolean isReplicaKnown;

  /** Whether the database was just what the folder says as it was first opened here. */
  private boolean wasDatabase;

  /** Whether a position was found that says that the database was replicated there. */
  private boolean isRelated;

  Continuity(DbSettings settings, DbEvents events) {
    this.events = events;
    this.evidence = new Evidence(settings);
  }

  Evidence evidence() {
    return evidence;
  }

  /** Whether this machine is known to have replicated the database there before. */
  boolean isRelated() {
    return isRelated;
  }

  /** A folder says that the database was replicated there. */
  void related() {
    isRelated = true;
  }

  /** Whether it is known what the database was before its present connections. */
  private boolean isWatched() {
    return watch != Watch.NONE;
  }

  /** Capture has begun: from now on the replica has what this process saw in the database. */
  void captured(Staging staging) throws IOException {
    if (watch != Watch.CAPTURED && isReplicaKnown) {
      forgetRestored(staging.position());
    }
    follow(staging);
    isRelated = true;
    watch = Watch.CAPTURED;
    hasCaptured = true;
  }

  /** The database is closed: from now on somebody may put another in its place. */
  void settled(Staging staging) throws IOException {
    if (isReplicaKnown) {
      forgetRestored(staging.position());
    }
    hasCaptured = true;
    follow(staging);
    watch = Watch.NONE;
  }

  private void forgetRestored(Position position) {
    RestoredState left = evidence.restored();
    if (left != null) {
      if (left.isWantedAsNewest() && left.txid().value() < position.sealedTxid()) {
        events.goesBack(left.txid().value(), position.sealedTxid());
      }
      evidence.forgetRestored();
    }
  }

  /** What was decided has been followed: the database is where the folder says. */
  private void follow(Staging staging) throws IOException {
    if (watch == Watch.JUDGED) {
      replicaIsKnown(staging);
    } else if (isReplicaKnown) {
      evidence.settle(staging);
    } else {
      evidence.follow();
    }
  }

  /** The replica holds what the folder says: it does not matter any more which boot wrote it. */
  void replicaIsKnown(Staging staging) throws IOException {
    isReplicaKnown = true;
    wasDatabase = false;
    events.replicaKnown(staging.position().uploadedTxid());
    forgetRestored(staging.position());
    evidence.settle(staging);
    if (staging.marks().isOfEarlierBoot()) {
      staging.marks().markEarlierBoot(false);
    }
  }

  /** Somebody else has used the folder meanwhile. */
  void replicaIsUnknown() {
    isReplicaKnown = false;
  }

  /** The folder is gone or damaged, and was not while this process captured the database. */
  void lost() {
    if (watch == Watch.CAPTURED) {
      watch = Watch.LOST;
    }
  }

  /** The application has deleted the database. */
  void vanished() {
    if (watch == Watch.CAPTURED) {
      watch = Watch.NONE;
    }
  }

  /** The folder has been forgotten: the next is made of what the replica holds. */
  void forgotten() {
    if (watch != Watch.LOST) {
      watch = Watch.NONE;
    }
    wasDatabase = false;
    isReplicaKnown = false;
    hasCaptured = false;
  }

  /** The replica is empty: whatever the database is, it begins. */
  void begun() {
    events.replicaKnown(0);
    evidence.forgetRestored();
    if (watch == Watch.LOST) {
      watch = Watch.NONE;
    }
  }

  /** It was decided that the database goes on from the folder. */
  void judged() {
    watch = Watch.JUDGED;
  }

  /**
   * Looks at the database before its replica is asked: later it will have gone on. Does nothing if
   * what the replica holds is known, or if this process has captured the database all along.
   *
   * @param counted what SQLite has counted as committed; null if nobody can ask it
   */
  void look(DatabaseFile file, @Nullable WalCount counted, Staging staging) throws IOException {
    if (!isWatched()) {
      evidence.look(file, counted, staging);
    }
  }

  /**
   * The database is about to go on from what the replica holds.
   *
   * @param position of the replica's newest file
   * @return where the database is
   * @throws RefusedDatabaseException if the database is not what became of that
   */
  Position judge(Rebuild.Result replica, Position position, Staging staging) throws IOException {
    // If this process has written the replica without a gap, the database is neither behind nor
    // another one.
    Position followed =
        watch == Watch.LOST
            ? position
            : follow(evidence.judge(replica, staging, isRelated), position, staging);
    events.replicaKnown(position.uploadedTxid());
    return followed;
  }

  private Position follow(Lineage.Verdict verdict, Position replica, Staging staging)
      throws IOException {
    Baseline baseline = evidence.baseline();
    if (baseline != null && verdict.newestState >= 0) {
      baseline.writeTo(staging.checksums(), verdict.newestState);
    }
    if (verdict.cutAfterTxid != 0) {
      events.cutOff(verdict.cutAfterTxid, replica.uploadedTxid());
    }
    if (verdict.undecidedAfterTxid >= 0) {
      events.lineUndecided(verdict.undecidedAfterTxid, replica.uploadedTxid());
    }
    return baseline == null || verdict.newestAt == null
        ? replica
        : replica.at(verdict.newestAt, baseline.fileKey().toString());
  }

  /**
   * The database is not where the folder ends, and about to be compared with it.
   *
   * @throws RefusedDatabaseException if it is an older state
   * @throws LineageUnknownException if only the replica can tell
   */
  void requireLineage(DatabaseFile file, @Nullable WalCount counted, Staging staging)
      throws IOException {
    if (isWatched() || staging.position().uploadedTxid() == 0) {
      return;
    }
    if (hasCaptured) {
      tellReplaced(evidence.txidBehind(file, counted, staging), staging.position());
    } else if (!evidence.isContinued(file, counted, staging)) {
      throw new LineageUnknownException();
    }
  }

  /** What a running application has put in its database's place is what it wants. */
  private void tellReplaced(long txidBehind, Position position) {
    evidence.follow();
    if (txidBehind > LocalLineage.CONTINUED) {
      events.replacedByOlder(txidBehind, position.sealedTxid());
    }
  }

  /**
   * Whether a hold goes on where the folder ends.
   *
   * @throws StagingDamagedException if a power cut may have taken what the folder believes to be in
   *     the database
   */
  boolean isContinuedBy(Hold hold, Staging staging) throws IOException {
    Position position = staging.position();
    boolean isContinued = hold.continueFrom(position);
    boolean isInWal = position.wal() != null;
    wasDatabase |= isContinued && !isWatched() && (!isInWal || hold.tail().isAtEnd());
    if (!isContinued && watch != Watch.JUDGED && isInWal && staging.marks().isOfEarlierBoot()) {
      throw new StagingDamagedException(
          "the WAL is not the one that "
              + staging.folder()
              + " knows, and the machine was started anew since");
    }
    if (events.wantsDecisions()) {
      tellPlace(isContinued, hold, position);
    }
    return isContinued;
  }

  private void tellPlace(boolean isContinued, Hold hold, Position position) throws IOException {
    String known =
        position.wal() == null
            ? position.closedDatabase().isEmpty()
                ? "none is known"
                : "the last close left the file as " + position.closedDatabase()
            : position.wal() + " of file " + position.walDatabase();
    WalCount counted = hold.tail().count();
    String found =
        counted == null ? "no count" : String.format("%08x%08x", counted.salt1(), counted.salt2());
    found += " of file " + hold.file().key();
    events.decided(
        isContinued ? Decision.PLACE_TRUSTED : Decision.PLACE_NOT_TRUSTED,
        known + "; found " + found);
  }

  /** The folder is older than the replica: what it said is kept. */
  void retire(Staging staging) throws IOException {
    evidence.retire(staging, wasDatabase);
  }
}
