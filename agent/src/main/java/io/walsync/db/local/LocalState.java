package io.walsync.db.local;

import io.walsync.db.capture.Hold;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.events.ReplicatedElsewhereException;
import io.walsync.db.events.Unstored;
import io.walsync.db.lineage.Evidence;
import io.walsync.db.lineage.Rebuild;
import io.walsync.db.lineage.RefusedDatabaseException;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.BootId;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Recovery;
import io.walsync.db.staging.Sealer;
import io.walsync.db.staging.Staging;
import io.walsync.db.staging.Timestamps;
import io.walsync.files.DatabaseFile;
import io.walsync.replica.LtxFileInfo;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalPosition;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What this machine knows of a database's replica: the staging folder, opened when first needed,
 * and the position in it. Without a position the replica has to be asked first.
 *
 * <p>Threading: one thread at a time, the database's, except where it says otherwise.
 */
public final class LocalState {

  private final DbSettings settings;
  private final DbEvents events;
  private final Unstored unstored;
  private final Continuity continuity;
  private final Timestamps timestamps;

  private final Folder folder = new Folder();
  private long foundTxid;

  /** Whether another process has used the folder since it was parked. */
  private boolean isChangedByOthers;

  /** Whether a failure may have made memory and disk differ. */
  private boolean isSuspect;

  public LocalState(DbSettings settings, DbEvents events, Unstored unstored) {
    this.settings = settings;
    this.events = events;
    this.unstored = unstored;
    this.continuity = new Continuity(settings, events);
    this.timestamps = new Timestamps(settings.clock(), events);
  }

  /**
   * Opens the staging folder and recovers what is in it. Does nothing if it is open and nothing has
   * failed since.
   *
   * @throws IOException if it cannot be used, or another process uses it
   */
  public void open() throws IOException {
    Staging open = folder.ifOpen();
    if (open == null) {
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
      continuity.evidence().begin(opened);
      Position found = opened.saved();
      foundTxid = found == null ? 0 : found.sealedTxid();
      folder.opened(opened);
      unpark();
    } else if (isSuspect) {
      boolean wasInitialised = isInitialised();
      open.reload();
      recover(open);
      if (wasInitialised && !isInitialised()) {
        continuity.lost();
      }
    }
    isSuspect = false;
  }

  private void unpark() {
    ParkedFolder left = folder.unpark();
    // Only with a position: without one the replica is asked anyway.
    if (left != null && isInitialised() && !left.isAsLeft(position())) {
      isChangedByOthers = true;
      events.decided(
          Decision.FOLDER_CHANGED, "it is not as this process left it; the replica is asked again");
    }
  }

  /**
   * Parks the folder until {@link #open} is called. The database must be closed in this process,
   * and nothing staged that it will upload.
   *
   * @param isDurably whether its content is to survive a power cut
   */
  public void park(boolean isDurably) throws IOException {
    Staging closing = staging();
    continuity.evidence().forget();
    try {
      if (isDurably && isInitialised()) {
        closing.saveDurably();
      }
    } finally {
      folder.park(closing);
      isSuspect = false;
      settings.stagingTotal().hasRoom(settings.path(), 0);
      closing.close();
    }
  }

  /** Whether the folder is parked, with everything of the database in the store. */
  public boolean isParked() {
    return folder.isParked();
  }

  /** Whether the folder is open here; from any thread. */
  public boolean isOpen() {
    return folder.isOpen();
  }

  /** Whether another process has used the folder while it was parked; true once. */
  public boolean takeChangedByOthers() {
    boolean isChanged = isChangedByOthers;
    isChangedByOthers = false;
    if (isChanged) {
      continuity.replicaIsUnknown();
    }
    return isChanged;
  }

  private void recover(Staging opened) throws IOException {
    Recovery recovery =
        new Recovery(
            settings.disk(), opened, settings.replicaUrl(), settings.config().stagingMaxBytes());
    String damage = recovery.run();
    if (recovery.isOfThisReplica() || opened.marks().wasReplicatedTo(settings.replicaUrl())) {
      continuity.related();
    }
    if (damage != null) {
      events.localStateDamaged(damage);
    }
    if (events.wantsDecisions()) {
      events.decided(Decision.FOLDER_OPENED, recovery.describe());
    }
    unstored.isFound(opened.sealed().oldestMillis(), opened.segments().oldestMillis());
  }

  /** See {@link Continuity#captured}. */
  public void captured() throws IOException {
    continuity.captured(staging());
  }

  /** See {@link Continuity#settled}. */
  public void settled() throws IOException {
    continuity.settled(staging());
  }

  /**
   * After a failure half-way: the next {@link #open} recovers the folder as a new process would.
   */
  public void suspect() {
    isSuspect = folder.isOpen();
  }

  /** Whether {@link #open} has to be called before the folder is used. */
  public boolean isSuspect() {
    return isSuspect;
  }

  /** Called when the folder is damaged or was deleted: the replica is asked next. */
  public void lost(String damage) throws IOException {
    events.localStateDamaged(damage);
    continuity.lost();
    forget();
  }

  /**
   * Called when the application has deleted the database. Nothing is written into the folder any
   * more: it may be about to be deleted too.
   *
   * @param isAnythingLost whether commits waited there
   */
  public void vanished(boolean isAnythingLost) throws IOException {
    if (isAnythingLost) {
      events.vanished(settings.stagingFolder());
    }
    continuity.vanished();
    isSuspect = false;
    close();
  }

  /** The newest TXID that an earlier process can have uploaded from this folder. */
  public long foundTxid() {
    return foundTxid;
  }

  /** The folder; only while it is open. */
  public Staging staging() {
    return folder.staging();
  }

  /** Makes sealed files; only while the folder is open. */
  public Sealer sealer() {
    return staging().sealer(settings.config().pageEncoding());
  }

  /** What the folder says; only while it is open and {@link #isInitialised}. */
  public Position position() {
    return staging().position();
  }

  /** Whether there is a position, so that it is known what the replica holds. */
  public boolean isInitialised() {
    return folder.isInitialised();
  }

  public boolean hasSegments() {
    return isInitialised() && !staging().segments().isEmpty();
  }

  /** Whether a sealed file waits for the store. */
  public boolean hasSealed() {
    return folder.hasSealed();
  }

  /** Somebody else writes the replica; for who asks with the command line. */
  public void noteFence(String why, long nowMillis) throws IOException {
    Staging open = folder.ifOpen();
    if (open != null) {
      open.fence().write(settings.replicaUrl(), nowMillis, why);
    }
  }

  /** The replica is empty: the first snapshot will be TXID 1. */
  public void initialise() throws IOException {
    continuity.begun();
    staging().fence().delete();
    staging().save(ofThisReplica(Position.before(0)));
  }

  private Position ofThisReplica(Position position) throws IOException {
    return position.of(settings.replicaUrl(), BootId.of(settings.disk()));
  }

  /** Begins after files that nobody can restore, with a snapshot. */
  public void beginAfter(long newestTxid) throws IOException {
    continuity.judged();
    staging().checksums().truncate(0);
    staging().checksums().measure();
    staging().save(ofThisReplica(Position.before(newestTxid)));
    continuity.evidence().close(staging());
  }

  /** See {@link Continuity#look}. */
  public void look(DatabaseFile file, @Nullable WalCount counted) throws IOException {
    continuity.look(file, counted, staging());
  }

  public Evidence evidence() {
    return continuity.evidence();
  }

  /**
   * Makes what the replica holds the local state, if the database continues it.
   *
   * @throws RefusedDatabaseException if it is not
   */
  public void adopt(Rebuild.Result replica) throws IOException {
    Position position = continuity.judge(replica, ofThisReplica(replica.position), staging());
    replica.saveStatesTo(staging().states());
    continuity.judged();
    staging().save(position);
    continuity.evidence().close(staging());
  }

  /** The replica was another writer's until now: see {@link Sealer#sealEmpty}. */
  public void sealFence() throws IOException {
    sealer().sealEmpty();
  }

  /** See {@link Continuity#requireLineage}. */
  public void requireLineage(DatabaseFile file, @Nullable WalCount counted) throws IOException {
    continuity.requireLineage(file, counted, staging());
  }

  /** See {@link Continuity#isRelated}. */
  public boolean isRelated() {
    return continuity.isRelated();
  }

  /** See {@link Continuity#replicaIsKnown}. */
  public void replicaIsKnown() throws IOException {
    staging().fence().delete();
    continuity.replicaIsKnown(staging());
  }

  /** See {@link Continuity#isContinuedBy}. */
  public boolean isContinuedBy(Hold hold) throws IOException {
    return continuity.isContinuedBy(hold, staging());
  }

  /** Drops the place in the WAL, so that the whole database is compared next. */
  public void forgetPlace() throws IOException {
    staging().save(position().withoutPlace());
    events.decided(
        Decision.PLACE_FORGOTTEN, "what follows is found by comparing the whole database");
  }

  /** Notes where in the WAL the captured commits end; null for none. See {@link Position#at}. */
  public void notePlace(@Nullable WalPosition place, String database) throws IOException {
    staging().save(position().at(place, database));
    if (events.wantsDecisions()) {
      events.decided(Decision.PLACE_NOTED, "captured up to " + place);
    }
  }

  /** The database file holds everything that was captured. See {@link Position#closedAt}. */
  public void noteClosed(String identity) throws IOException {
    staging().save(position().closedAt(identity));
    if (events.wantsDecisions()) {
      events.decided(Decision.PLACE_NOTED, "closed, the file holds everything: " + identity);
    }
  }

  /** As {@link #forget}, if it is older than the replica: what it said is kept aside. */
  public void retire() throws IOException {
    continuity.retire(staging());
    forget();
  }

  /** Drops local state that is not the replica's, so that it is rebuilt. */
  void forget() throws IOException {
    continuity.forgotten();
    Staging forgotten = folder.ifOpen();
    folder.closed();
    if (forgotten != null) {
      events.decided(Decision.FOLDER_FORGOTTEN, "the replica is asked what it holds");
      try {
        forgotten.clear();
      } finally {
        forgotten.close();
      }
    }
  }

  /** Notes that the store has a file. See {@link Staging#uploaded}. */
  public void uploaded(LtxFileInfo file, @Nullable String place) throws IOException {
    if (isInitialised()) {
      staging().uploaded(file, place);
      settings.stagingTotal().hasRoom(settings.path(), staging().stagedBytes());
    }
  }

  /** The newest TXID the store has acknowledged; 0 if none or unknown. From any thread. */
  public long uploadedTxid() {
    Position known = lastKnown();
    return known == null ? 0 : known.uploadedTxid();
  }

  /** The newest TXID for which a file was sealed; 0 if none or unknown. From any thread. */
  public long sealedTxid() {
    Position known = lastKnown();
    return known == null ? 0 : known.sealedTxid();
  }

  /** Null if none is known. From any thread. */
  public @Nullable Position lastKnown() {
    return folder.lastKnown();
  }

  /** See {@link Staging#giveUpSegments}. */
  public void giveUpSegments() throws IOException {
    if (hasSegments()) {
      staging().giveUpSegments();
    }
  }

  /** Has a snapshot made next, because the replica has lost files. */
  public void startAnew() throws IOException {
    staging().save(position().dueSnapshot().withoutPlace());
    events.decided(Decision.PLACE_FORGOTTEN, "the replica needs a new snapshot");
  }

  public void saveDurably() throws IOException {
    if (isInitialised()) {
      staging().saveDurably();
    }
  }

  public void close() throws IOException {
    continuity.evidence().forget();
    Staging closing = folder.ifOpen();
    if (closing != null) {
      closing.close();
      folder.closed();
    }
  }

  /** Bytes that wait for the store. From any thread. */
  public long stagedBytes() {
    return folder.stagedBytes();
  }
}
