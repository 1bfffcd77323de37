package io.walsync.db;

import io.walsync.capture.DatabaseFile;
import io.walsync.capture.WalPosition;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestoredState;
import io.walsync.staging.BootId;
import io.walsync.staging.Position;
import io.walsync.staging.Recovery;
import io.walsync.staging.Sealer;
import io.walsync.staging.Staging;
import io.walsync.staging.StagingDamagedException;
import io.walsync.staging.Timestamps;
import io.walsync.wal.WalCount;
import java.io.IOException;

/**
 * What this machine knows of a database's replica: the staging folder, opened at first need, and
 * the position in it. Without a position the replica has to be asked first.
 *
 * <p>Threading: one thread at a time, the database's, except where it says otherwise.
 */
final class LocalState {

  private final DbSettings settings;
  private final DbEvents events;
  private final Unstored unstored;
  private final Evidence evidence;
  private final Timestamps timestamps;
  private volatile Staging staging;
  private Sealer sealer;
  private long foundTxid;

  /** What was saved when the folder was given back; null while it is open. */
  private volatile Position parked;

  /** What was staged then, of a database that is refused. */
  private volatile long parkedBytes;

  private boolean isSealedParked;

  /** Whether somebody else has used the folder since it was given back. */
  private boolean isChangedByOthers;

  /** After a failure: what is in memory may not be what lies on the disk. */
  private boolean isSuspect;

  /** Whether the database has been captured since it was opened. */
  private boolean isCapturedByUs;

  /** Whether this process has captured the database at some time, and the folder is still that. */
  private boolean hasCaptured;

  /** Whether the folder was lost while this process was writing the replica. */
  private boolean isLostByUs;

  /** Whether it was decided that the database goes on here, and capture has not begun since. */
  private boolean isJudged;

  /** Whether the folder was found to be as new as the replica. */
  private boolean isReplicaKnown;

  /** Whether the database was just what the folder says as it was first opened here. */
  private boolean wasDatabase;

  /** Whether a position was found that says that the database was replicated there. */
  private boolean isRelated;

  LocalState(DbSettings settings, DbEvents events, Unstored unstored) {
    this.settings = settings;
    this.events = events;
    this.unstored = unstored;
    this.evidence = new Evidence(settings);
    this.timestamps = new Timestamps(settings.clock(), events);
  }

  /**
   * Opens the staging folder and makes sense of what is in it; does nothing if it is open and
   * nothing went wrong since.
   *
   * @throws IOException if it cannot be used, or another process uses it
   */
  void open() throws IOException {
    if (staging == null) {
      Staging opened = Staging.open(settings.disk(), settings.stagingFolder(), timestamps);
      if (opened == null) {
        throw new ReplicatedElsewhereException(settings.stagingFolder());
      }
      try {
        recover(opened);
      } catch (IOException | RuntimeException | Error e) {
        opened.close();
        throw e;
      }
      sealer = opened.sealer(settings.config().pageEncoding());
      evidence.begin(opened);
      foundTxid = opened.position() == null ? 0 : opened.position().sealedTxid();
      staging = opened;
      unpark();
    } else if (isSuspect) {
      boolean wasInitialised = isInitialised();
      staging.reload();
      recover(staging);
      isLostByUs |= wasInitialised && isCapturedByUs && !isInitialised();
    }
    isSuspect = false;
  }

  private void unpark() {
    if (parked == null) {
      return;
    }
    boolean isAsParked =
        isInitialised()
            && parked.sealedTxid() == position().sealedTxid()
            && parked.uploadedTxid() == position().uploadedTxid()
            && parked.segmentSeq() == position().segmentSeq();
    // Without a position the replica is asked anyway.
    if (isInitialised() && !isAsParked) {
      isChangedByOthers = true;
      events.decided(
          Decision.FOLDER_CHANGED, "it is not as this process left it; the replica is asked again");
    }
    parked = null;
  }

  /**
   * Nobody here has the database open, and nothing is staged that this process will upload: gives
   * back the folder until {@link #open} is called.
   *
   * @param isDurably whether what lies there is to survive a power cut
   */
  void park(boolean isDurably) throws IOException {
    Staging closing = staging;
    evidence.forget();
    try {
      if (isDurably && isInitialised()) {
        closing.saveDurably();
      }
    } finally {
      parked = closing.position();
      parkedBytes = closing.stagedBytes();
      isSealedParked = !closing.sealed().isEmpty();
      staging = null;
      isSuspect = false;
      settings.stagingTotal().hasRoom(settings.path(), 0);
      closing.close();
    }
  }

  /** Whether the folder was given back with everything of the database in the store. */
  boolean isParked() {
    return parked != null;
  }

  /** Whether the folder is open here; from any thread. */
  boolean isOpen() {
    return staging != null;
  }

  /** Whether somebody else has used the folder meanwhile; true once. */
  boolean takeChangedByOthers() {
    boolean isChanged = isChangedByOthers;
    isChangedByOthers = false;
    isReplicaKnown &= !isChanged;
    return isChanged;
  }

  private void recover(Staging opened) throws IOException {
    Recovery recovery = new Recovery(settings.disk(), opened, settings.replicaUrl());
    String damage = recovery.run();
    isRelated |= recovery.isOfThisReplica() || opened.marks().wasReplicatedTo(settings.replicaUrl());
    if (damage != null) {
      events.localStateDamaged(damage);
    }
    if (events.wantsDecisions()) {
      events.decided(Decision.FOLDER_OPENED, recovery.describe());
    }
    unstored.isFound(opened.sealed().oldestMillis(), opened.segments().oldestMillis());
  }

  /** Capture has begun: from now on the replica has what this process saw in the database. */
  void captured() throws IOException {
    if (!isCapturedByUs) {
      forgetRestored();
    }
    endJudgement();
    isRelated = true;
    isCapturedByUs = true;
    hasCaptured = true;
  }

  /** The database is closed: from now on somebody may put another in its place. */
  void settled() throws IOException {
    forgetRestored();
    hasCaptured = true;
    isCapturedByUs = false;
    endJudgement();
  }

  private void forgetRestored() {
    RestoredState left = evidence.restored();
    if (left != null) {
      if (left.isWantedAsNewest() && left.txid().value() < position().sealedTxid()) {
        events.goesBack(left.txid().value(), position().sealedTxid());
      }
      evidence.forgetRestored();
    }
  }

  /** What was decided has been followed: the database is where the folder says. */
  private void endJudgement() throws IOException {
    if (isJudged) {
      isJudged = false;
      replicaIsKnown();
    } else if (isReplicaKnown) {
      evidence.settle(staging);
    } else {
      evidence.follow();
    }
  }

  /** Something failed half-way: what a new process would make of the folder counts from now on. */
  void suspect() {
    isSuspect = staging != null;
  }

  /** Whether {@link #open} has to be called before the folder is used. */
  boolean isSuspect() {
    return isSuspect;
  }

  /** The folder is damaged or was deleted: the next look asks the replica. */
  void lost(String damage) throws IOException {
    events.localStateDamaged(damage);
    isLostByUs |= isCapturedByUs;
    forget();
  }

  /**
   * The application has deleted the database; nothing is written into the folder any more, which
   * may be about to be deleted too.
   *
   * @param isAnythingLost whether commits waited there
   */
  void vanished(boolean isAnythingLost) throws IOException {
    if (isAnythingLost) {
      events.vanished(settings.stagingFolder());
    }
    isCapturedByUs = false;
    isSuspect = false;
    close();
  }

  /** The newest TXID that an earlier process can have uploaded from this folder. */
  long foundTxid() {
    return foundTxid;
  }

  Staging staging() {
    return staging;
  }

  Sealer sealer() {
    return sealer;
  }

  Position position() {
    return staging.position();
  }

  /** Whether our place in the replica's chain is known. */
  boolean isInitialised() {
    return staging != null && staging.position() != null;
  }

  boolean hasSegments() {
    return isInitialised() && !staging.segments().isEmpty();
  }

  /** Whether a sealed file waits for the store. */
  boolean hasSealed() {
    return staging == null ? parked != null && isSealedParked : !staging.sealed().isEmpty();
  }

  /** The replica is empty: the first snapshot will be TXID 1. */
  void initialise() throws IOException {
    isLostByUs = false;
    staging.save(ofThisReplica(Position.before(0)));
  }

  private Position ofThisReplica(Position position) throws IOException {
    return position.of(settings.replicaUrl(), BootId.of(settings.disk()));
  }

  /** The replica holds what nobody can restore: goes on behind it, with a snapshot. */
  void beginAfter(long newestTxid) throws IOException {
    isLostByUs = false;
    isJudged = true;
    staging.checksums().truncate(0);
    staging.checksums().measure();
    staging.save(ofThisReplica(Position.before(newestTxid)));
    evidence.close(staging);
  }

  /**
   * Looks at the database before its replica is asked: later it will have gone on. Does nothing if
   * what the replica holds is known, or if this process has captured the database all along.
   *
   * @param counted what SQLite has counted as committed; null if nobody can ask it
   */
  void look(DatabaseFile file, WalCount counted) throws IOException {
    if (!isWatched()) {
      evidence.look(file, counted, staging);
    }
  }

  Evidence evidence() {
    return evidence;
  }

  /**
   * Goes on with what the replica holds as local state, provided that the database is what became
   * of it.
   *
   * @throws RefusedDatabaseException if it is not
   */
  void adopt(Rebuild.Result replica) throws IOException {
    Position position = ofThisReplica(replica.position);
    // If this process has written the replica without a gap, the database is neither behind nor
    // another one.
    if (!isLostByUs) {
      position = follow(evidence.judge(replica, staging, isRelated), position);
    }
    noteStates(replica);
    isJudged = true;
    isLostByUs = false;
    staging.save(position);
    evidence.close(staging);
  }

  private void noteStates(Rebuild.Result replica) throws IOException {
    if (replica.history != null) {
      replica.history.saveTo(staging.states());
    } else {
      long newest = replica.position.uploadedTxid();
      staging
          .states()
          .begin(newest, newest, new long[] {newest}, new long[] {replica.newestChecksum});
    }
  }

  /**
   * The database is not where the folder ends, and about to be compared with it.
   *
   * @throws RefusedDatabaseException if it is an older state
   * @throws LineageUnknownException if only the replica can tell
   */
  void requireLineage(DatabaseFile file, WalCount counted) throws IOException {
    if (isWatched() || position().uploadedTxid() == 0) {
      return;
    }
    if (hasCaptured) {
      tellReplaced(evidence.txidBehind(file, counted, staging));
    } else if (!evidence.isContinued(file, counted, staging)) {
      throw new LineageUnknownException();
    }
  }

  /** What a running application has put in its database's place is what it wants. */
  private void tellReplaced(long txidBehind) {
    evidence.follow();
    if (txidBehind > LocalLineage.CONTINUED) {
      events.replacedByOlder(txidBehind, position().sealedTxid());
    }
  }

  /** Whether it is known what the database was before its present connections. */
  private boolean isWatched() {
    return isCapturedByUs || isLostByUs || isJudged;
  }

  private Position follow(Lineage.Verdict verdict, Position replica) throws IOException {
    Baseline baseline = evidence.baseline();
    if (verdict.newestState >= 0) {
      baseline.writeTo(staging.checksums(), verdict.newestState);
    }
    if (verdict.cutAfterTxid != 0) {
      events.cutOff(verdict.cutAfterTxid, replica.uploadedTxid());
    }
    return verdict.newestAt == null
        ? replica
        : replica.at(verdict.newestAt, baseline.fileKey().toString());
  }

  /** Whether this machine is known to have replicated the database there before. */
  boolean isRelated() {
    return isRelated;
  }

  /** The replica holds what the folder says: it does not matter any more which boot wrote it. */
  void replicaIsKnown() throws IOException {
    isReplicaKnown = true;
    wasDatabase = false;
    evidence.settle(staging);
    if (staging.marks().isOfEarlierBoot()) {
      staging.marks().markEarlierBoot(false);
    }
  }

  /**
   * Whether a hold goes on where the folder ends.
   *
   * @throws StagingDamagedException if a power cut may have taken what the folder believes to be in
   *     the database
   */
  boolean isContinuedBy(Hold hold) throws IOException {
    boolean isContinued = hold.continueFrom(position());
    wasDatabase |=
        isContinued && !isWatched() && (position().wal() == null || hold.tail().isAtEnd());
    if (!isContinued && !isJudged && position().wal() != null && staging.marks().isOfEarlierBoot()) {
      throw new StagingDamagedException(
          "the WAL is not the one that "
              + staging.folder()
              + " knows, and the machine was started anew since");
    }
    if (events.wantsDecisions()) {
      tellPlace(isContinued, hold);
    }
    return isContinued;
  }

  private void tellPlace(boolean isContinued, Hold hold) throws IOException {
    Position position = position();
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

  /** Where we were in the WAL is of no use any more: the next look compares every page. */
  void forgetPlace() throws IOException {
    staging.save(position().withoutPlace());
    events.decided(
        Decision.PLACE_FORGOTTEN, "what follows is found by comparing the whole database");
  }

  /** The captured commits end at a place in the WAL; null for none. See {@link Position#at}. */
  void notePlace(WalPosition place, String database) throws IOException {
    staging.save(position().at(place, database));
    if (events.wantsDecisions()) {
      events.decided(Decision.PLACE_NOTED, "captured up to " + place);
    }
  }

  /** The database file holds everything that was captured. See {@link Position#closedAt}. */
  void noteClosed(String identity) throws IOException {
    staging.save(position().closedAt(identity));
    if (events.wantsDecisions()) {
      events.decided(Decision.PLACE_NOTED, "closed, the file holds everything: " + identity);
    }
  }

  /** The local state is older than the replica: as {@link #forget}, but what it said is kept. */
  void retire() throws IOException {
    evidence.retire(staging, wasDatabase);
    forget();
  }

  /** The local state is not the replica's: it is to be rebuilt. */
  void forget() throws IOException {
    isCapturedByUs = false;
    isJudged = false;
    wasDatabase = false;
    isReplicaKnown = false;
    hasCaptured = false;
    Staging forgotten = staging;
    staging = null;
    if (forgotten != null) {
      events.decided(Decision.FOLDER_FORGOTTEN, "the replica is asked what it holds");
      try {
        forgotten.clear();
      } finally {
        forgotten.close();
      }
    }
  }

  /** The store has a file. See {@link Staging#uploaded}. */
  void uploaded(LtxFileInfo file, String place) throws IOException {
    if (isInitialised()) {
      staging.uploaded(file, place);
      settings.stagingTotal().hasRoom(settings.path(), staging.stagedBytes());
    }
  }

  /** The newest TXID the store has acknowledged; 0 if none or unknown. From any thread. */
  long uploadedTxid() {
    Position known = lastKnown();
    return known == null ? 0 : known.uploadedTxid();
  }

  /** The newest TXID for which a file was sealed; 0 if none or unknown. From any thread. */
  long sealedTxid() {
    Position known = lastKnown();
    return known == null ? 0 : known.sealedTxid();
  }

  private Position lastKnown() {
    Staging open = staging;
    Position current = open == null ? null : open.position();
    return current == null ? parked : current;
  }

  /** See {@link Staging#giveUpSegments}. */
  void giveUpSegments() throws IOException {
    if (hasSegments()) {
      staging.giveUpSegments();
    }
  }

  /** The replica has lost files: the next thing it gets is a snapshot. */
  void startAnew() throws IOException {
    staging.save(position().dueSnapshot().withoutPlace());
    events.decided(Decision.PLACE_FORGOTTEN, "the replica needs a new snapshot");
  }

  void saveDurably() throws IOException {
    if (isInitialised()) {
      staging.saveDurably();
    }
  }

  void close() throws IOException {
    evidence.forget();
    if (staging != null) {
      staging.close();
      staging = null;
    }
  }

  /** Bytes that wait for the store. From any thread. */
  long stagedBytes() {
    Staging open = staging;
    return open == null ? parked == null ? 0 : parkedBytes : open.stagedBytes();
  }
}
