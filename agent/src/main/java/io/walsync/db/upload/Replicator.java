package io.walsync.db.upload;

import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.events.Refusal;
import io.walsync.db.events.Unstored;
import io.walsync.db.lineage.Inventory;
import io.walsync.db.local.LocalState;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.StagingDamagedException;
import io.walsync.io.Clock;
import io.walsync.io.Reason;
import io.walsync.ltx.LtxFormatException;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import io.walsync.restore.RestoreException;
import java.io.EOFException;
import java.io.IOException;

/**
 * The conversation with one database's replica: asks once what it holds, reads it back if this
 * machine does not know it any more, and uploads.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Replicator {

  /** What an answer of the store means for the duty cycle. */
  public enum Answer {
    NONE,
    /** Local state was made or found: begin again from it. */
    BEGIN_AGAIN,
    /** Local state is not the replica's: give it up and begin again without. */
    FORGET,
    /** A staged file is not what it was, see {@link Replicator#damage}. */
    DAMAGED,
    /** The store could not be reached; tried again later. */
    UNREACHABLE,
    /** This database must not be replicated there. */
    REFUSED
  }

  /** Takes what was committed, for the next L0 file. */
  public interface Commits {
    /** Seals the next file; returns false if there is nothing to upload. */
    boolean seal() throws Exception;
  }

  private final Uploader uploader;
  private final LocalState local;
  private final DbEvents events;
  private final Unstored unstored;
  private final ReplicaCheck check;
  private final Clock clock;
  private boolean isReplicaKnown;
  private boolean isAsking;

  /** Whether requests fail or are not answered, as people were told. */
  private boolean isStoreDown;

  /** Whether the last pass over the listings failed. */
  private boolean isListingFailing;

  /** The newest TXID that the listing found, as long as the replica is being read back. */
  private long listedTxid;

  private Refusal refusal;
  private StagingDamagedException damage;

  public Replicator(
      Uploader uploader,
      LocalState local,
      ReplicaCheck check,
      DbEvents events,
      Unstored unstored,
      Clock clock) {
    this.uploader = uploader;
    this.local = local;
    this.check = check;
    this.clock = clock;
    this.events = events;
    this.unstored = unstored;
  }

  /**
   * Asks what the replica holds, for lack of local state; returns false if it is too early to ask
   * again.
   */
  public boolean ask() {
    if (uploader.isBusy() || waitNanos(clock.nanoTime(), false) > 0) {
      return false;
    }
    isAsking = true;
    events.decided(Decision.REPLICA_ASKED, "there is no local state");
    uploader.startListing("");
    return true;
  }

  /** Why the last answer was {@link Answer#REFUSED}. */
  public Refusal refusal() {
    return refusal;
  }

  /** Why the last answer was {@link Answer#DAMAGED}. */
  public StagingDamagedException damage() {
    return damage;
  }

  /** Says so if the store has kept us waiting for long without an answer. */
  public void look(long nowNanos) {
    if (uploader.isOverdue(nowNanos) && !isStoreDown) {
      isStoreDown = true;
      events.storeSilent(
          uploader.busyNanos(nowNanos), unstored.sinceMillis(), local.uploadedTxid());
    }
  }

  public boolean isBusy() {
    return uploader.isBusy();
  }

  public boolean hasSealed() {
    return local.hasSealed();
  }

  public boolean isFailing() {
    return uploader.isFailing();
  }

  /** Nanoseconds until the next request may start; 0 or less for now. */
  public long waitNanos(long nowNanos, boolean isDraining) {
    return uploader.waitNanos(nowNanos, isDraining);
  }

  /** Whether the next upload could start at this moment. */
  public boolean isReady(long nowNanos, boolean isDraining) {
    return !uploader.isBusy() && waitNanos(nowNanos, isDraining) <= 0;
  }

  /** Starts the next upload, if there is something to upload. */
  public void upload(Commits commits, long nowNanos) throws Exception {
    if (local.takeChangedByOthers()) {
      isReplicaKnown = false;
    }
    if (!isReplicaKnown) {
      events.decided(
          Decision.REPLICA_ASKED, "it is not known whether it holds what the local state says");
      uploader.startListing(local.position().replicaPlace());
      return;
    }
    check.startIfDue(nowNanos, local.uploadedTxid(), local.position().replicaPlace());
    if (local.hasSealed() || commits.seal()) {
      uploader.start(local.staging(), nowNanos);
    }
  }

  /** Takes the answer of the last request, if it is there. */
  public Answer collect() throws IOException {
    Uploader.Outcome outcome = uploader.collect();
    if (outcome == null) {
      return checked(check.collect());
    }
    if (!local.isOpen()) {
      // The folder was let go of meanwhile; whoever opens it asks again.
      isAsking = false;
      return Answer.NONE;
    }
    if (outcome.failure != null) {
      return failed(outcome.failure);
    }
    if (outcome.file != null || isAsking) {
      // That it can be listed says nothing of whether it can be written.
      storeAnswers();
    }
    if (outcome.rebuilt != null) {
      isAsking = false;
      local.adopt(outcome.rebuilt);
      if (events.wantsDecisions()) {
        events.decided(
            Decision.REPLICA_ADOPTED, "goes on behind TXID " + local.position().uploadedTxid());
      }
      return Answer.BEGIN_AGAIN;
    }
    if (outcome.file != null) {
      local.uploaded(outcome.file, outcome.place);
      check.uploaded(outcome.file);
      if (events.wantsDecisions()) {
        events.decided(Decision.UPLOADED, outcome.file.toString());
      }
      if (outcome.file.level() == LtxFileInfo.LEVEL_SNAPSHOT) {
        events.restorable();
      }
      return Answer.NONE;
    }
    check.listed(clock.nanoTime());
    uploader.restsOn(outcome.inventory.head());
    if (events.wantsDecisions()) {
      events.decided(
          Decision.REPLICA_ANSWERED,
          "its newest TXID is "
              + outcome.inventory.newestTxid()
              + ", here "
              + local.foundTxid()
              + " was found and "
              + local.uploadedTxid()
              + " uploaded");
    }
    return isAsking ? answered(outcome.inventory) : compared(outcome.inventory);
  }

  private void storeAnswers() {
    if (isStoreDown) {
      isStoreDown = false;
      events.storeReachable(local.stagedBytes());
    }
  }

  /**
   * Takes the answer of the last request of a database that is refused: it may still say that a
   * file has arrived, and changes nothing else any more.
   */
  public void collectLast() throws IOException {
    check.collect();
    Uploader.Outcome outcome = uploader.collect();
    if (outcome != null && outcome.file != null && local.isOpen()) {
      local.uploaded(outcome.file, outcome.place);
    }
  }

  private Answer failed(IOException failure) throws IOException {
    if (failure instanceof StagingDamagedException) {
      damage = (StagingDamagedException) failure;
      return Answer.DAMAGED;
    }
    if (failure instanceof LtxFileConflictException) {
      refusal = Refusal.fenced(failure);
      return Answer.REFUSED;
    }
    if (isAsking && isDamage(failure)) {
      return damaged(failure);
    }
    if (failure instanceof ReplicaException && ((ReplicaException) failure).isNotFound()) {
      // What else may be gone, the listing that comes before the next upload tells.
      isReplicaKnown = false;
    }
    if (failure instanceof LtxFileMissingException) {
      return Answer.NONE;
    }
    if (events.wantsDecisions()) {
      long waitMillis = waitNanos(clock.nanoTime(), false) / 1_000_000;
      events.decided(Decision.REQUEST_RETRIED, "in " + waitMillis + " ms; " + Reason.of(failure));
    }
    if (!isStoreDown) {
      isStoreDown = true;
      events.storeUnreachable(
          failure, local.isInitialised(), unstored.sinceMillis(), local.uploadedTxid());
    }
    isAsking = false;
    return Answer.UNREACHABLE;
  }

  private static boolean isDamage(IOException failure) {
    return failure instanceof RestoreException
        || failure instanceof LtxFormatException
        || failure instanceof EOFException;
  }

  /** What the replica holds can be restored by nobody, so nobody can know the database by it. */
  private Answer damaged(IOException failure) throws IOException {
    isAsking = false;
    if (!local.isRelated()) {
      refusal = Refusal.unreadable(failure);
      return Answer.REFUSED;
    }
    events.notReadBack(failure, listedTxid);
    local.beginAfter(listedTxid);
    return Answer.BEGIN_AGAIN;
  }

  /** A pass over the listings while uploads went on: is everything there that a restore needs? */
  private Answer checked(ReplicaCheck.Finding finding) throws IOException {
    if (finding == null || !isReplicaKnown || !local.isInitialised()) {
      return Answer.NONE;
    }
    if (finding.inventory == null) {
      if (!isListingFailing) {
        isListingFailing = true;
        events.notListed(finding.failure);
      }
      return Answer.NONE;
    }
    isListingFailing = false;
    return proved(finding.inventory, finding.uploadedTxid);
  }

  private Answer answered(Inventory inventory) throws IOException {
    long newestTxid = inventory.newestTxid();
    isReplicaKnown = true;
    if (newestTxid == 0) {
      isAsking = false;
      if (inventory.emptiness() != null) {
        events.beginningInDoubt(inventory.emptiness());
      }
      local.initialise();
      return Answer.BEGIN_AGAIN;
    }
    listedTxid = newestTxid;
    uploader.startRebuilding(
        local.staging().checksums(),
        local.evidence().baseline(),
        local.evidence().restored(),
        events::rebuilding);
    return Answer.NONE;
  }

  /**
   * Somebody wrote what this folder does not know of: another writer, or we ourselves, and the
   * folder is old. What the replica has beyond it may be in the database: it is compared.
   */
  private Answer ahead(long newestTxid) {
    if (local.staging().sealed().isAnyUpTo(local.foundTxid())) {
      // The same TXID with other content is the proof of another writer. What was sealed since, an
      // old folder explains as well.
      uploader.start(local.staging(), clock.nanoTime());
      return Answer.NONE;
    }
    events.replicaAhead(newestTxid, local.foundTxid());
    return Answer.FORGET;
  }

  /** The first listing of a process that has local state: does the replica hold what we believe? */
  private Answer compared(Inventory inventory) throws IOException {
    Position position = local.position();
    long newestTxid = inventory.newestTxid();
    long ours = Math.max(position.uploadedTxid(), uploader.startedTxid());
    if (newestTxid > Math.max(local.foundTxid(), ours)) {
      return ahead(newestTxid);
    }
    isReplicaKnown = true;
    local.replicaIsKnown();
    return proved(inventory, position.uploadedTxid());
  }

  /** Whether the replica has what it had, and a restore finds all it needs; else begins anew. */
  private Answer proved(Inventory inventory, long uploadedTxid) throws IOException {
    boolean isSnapshotOnItsWay =
        local.staging().sealed().hasSnapshot() || local.position().isSnapshotDue();
    if (isSnapshotOnItsWay) {
      return Answer.NONE;
    }
    if (inventory.newestTxid() < uploadedTxid) {
      events.replicaLostFiles(
          inventory.newestTxid(), uploadedTxid, local.position().replicaPlace());
    } else if (inventory.gap() != null) {
      events.notRestorable(inventory.gap(), inventory.newestTxid());
    } else {
      return Answer.NONE;
    }
    uploader.restsOn(null);
    local.startAnew();
    return Answer.BEGIN_AGAIN;
  }
}
