package io.walsync.db.upload;

import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.events.Refusal;
import io.walsync.db.events.Unstored;
import io.walsync.db.history.Compactor;
import io.walsync.db.lineage.Inventory;
import io.walsync.db.lineage.Rebuild;
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
import org.jspecify.annotations.Nullable;

/**
 * The conversation with one database's replica: asks once what it holds, reads it back if this
 * machine does not know it any more, and uploads.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Replicator {

  /** Takes what was committed, for the next L0 file. */
  public interface Commits {
    /** Seals the next file; returns false if there is nothing to upload. */
    boolean seal() throws Exception;
  }

  /** A predecessor that uploads as often as it may is met once or twice. */
  private static final int MOST_CHASES = 5;

  private final Uploader uploader;
  private final LocalState local;
  private final DbEvents events;
  private final Unstored unstored;
  private final ReplicaCheck check;
  private final Compactor compactor;
  private final Clock clock;
  private UploadState state = UploadState.UNKNOWN;
  private @Nullable String impossibleChange;

  /** Whether the last pass over the listings failed. */
  private boolean isListingFailing;

  /** The newest TXID that the listing found, as long as the replica is being read back. */
  private long listedTxid;

  /** Of the empty file that fences a predecessor off; 0 if there is none. */
  private long fenceTxid;

  private int chaseCount;

  public Replicator(
      Uploader uploader,
      LocalState local,
      ReplicaCheck check,
      Compactor compactor,
      DbEvents events,
      Unstored unstored,
      Clock clock) {
    this.uploader = uploader;
    this.local = local;
    this.check = check;
    this.compactor = compactor;
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
    enter(UploadState.ASKING);
    events.decided(Decision.REPLICA_ASKED, "there is no local state");
    compactor.listing();
    uploader.startListing("");
    return true;
  }

  private void enter(UploadState next) {
    UploadState left = state;
    state = next;
    if (next == UploadState.ENDED) {
      compactor.stop();
    }
    if (left != next && !left.leadsTo(next) && impossibleChange == null) {
      impossibleChange = left + " -> " + next;
      events.impossibleChange(impossibleChange);
      assert false : impossibleChange;
    }
  }

  /** The first change of {@link UploadState} that should have been impossible; null for none. */
  public @Nullable String impossibleChange() {
    return impossibleChange;
  }

  /** Says so if the store has kept us waiting for long without an answer. */
  public void look(long nowNanos) {
    if (uploader.isOverdue(nowNanos) && !traffic().isStoreDown()) {
      traffic().storeIsDown(true);
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

  /** Starts the next upload, if there is something to upload. */
  public void upload(Commits commits, long nowNanos) throws Exception {
    if (local.takeChangedByOthers()) {
      enter(UploadState.UNKNOWN);
    }
    if (!state.isKnown()) {
      events.decided(
          Decision.REPLICA_ASKED, "it is not known whether it holds what the local state says");
      enter(UploadState.COMPARING);
      compactor.listing();
      uploader.startListing(local.position().replicaPlace());
      return;
    }
    check.startIfDue(nowNanos, local.uploadedTxid(), local.position().replicaPlace());
    if (local.hasSealed() || commits.seal()) {
      uploader.start(local.staging(), nowNanos);
      enter(UploadState.UPLOADING);
    }
  }

  /** Takes the answer of the last request, if it is there. */
  public Answer collect() throws IOException {
    Outcome outcome = uploader.collect();
    if (outcome == null) {
      return checked(check.collect());
    }
    if (!local.isOpen()) {
      // The folder was let go of meanwhile; whoever opens it asks again.
      enter(state.withoutAnswer());
      return Answer.NONE;
    }
    uploader.fence().tell(events);
    return outcome.tell(this);
  }

  Answer readBack(Rebuild.Result rebuilt) throws IOException {
    storeAnswers();
    enter(UploadState.KNOWN);
    local.adopt(rebuilt);
    if (uploader.fence().isForeign()) {
      local.sealFence();
      fenceTxid = local.sealedTxid();
    }
    if (events.wantsDecisions()) {
      events.decided(
          Decision.REPLICA_ADOPTED, "goes on behind TXID " + local.position().uploadedTxid());
    }
    return Answer.BEGIN_AGAIN;
  }

  Answer stored(Outcome.Stored outcome) throws IOException {
    storeAnswers();
    enter(state.withoutAnswer());
    local.uploaded(outcome.file, outcome.place);
    check.uploaded(outcome.file);
    compactor.stored(outcome.file, outcome.databaseChecksum, outcome.epoch, outcome.content);
    if (events.wantsDecisions()) {
      events.decided(Decision.UPLOADED, outcome.file.toString());
    }
    if (outcome.file.level() == LtxFileInfo.LEVEL_SNAPSHOT) {
      events.restorable();
    }
    return Answer.NONE;
  }

  Answer listed(Inventory inventory) throws IOException {
    if (state.isAsking()) {
      // Otherwise, that it can be listed says nothing of whether it can be written.
      storeAnswers();
    }
    check.listed(clock.nanoTime());
    compactor.listed(inventory.files());
    uploader.restsOn(inventory.head());
    local.evidence().ownedBy(uploader.fence().foreignOwner());
    counted(inventory);
    if (events.wantsDecisions()) {
      events.decided(
          Decision.REPLICA_ANSWERED, inventory.beside(local.foundTxid(), local.uploadedTxid()));
    }
    return state.isAsking() ? answered(inventory) : compared(inventory);
  }

  private void counted(Inventory inventory) {
    traffic().listed(inventory.oldest(), inventory.files());
    compactor.counted(inventory.files().size());
  }

  /** From any thread. */
  public Compactor compactor() {
    return compactor;
  }

  /** From any thread. */
  public Traffic traffic() {
    return uploader.traffic();
  }

  private void storeAnswers() {
    if (traffic().isStoreDown()) {
      traffic().storeIsDown(false);
      events.storeReachable(local.stagedBytes());
    }
  }

  /**
   * Takes the answer of the last request of a database that is refused: it may still say that a
   * file has arrived, and changes nothing else any more.
   */
  public void collectLast() throws IOException {
    enter(UploadState.ENDED);
    check.collect();
    Outcome outcome = uploader.collect();
    if (outcome instanceof Outcome.Stored && local.isOpen()) {
      Outcome.Stored stored = (Outcome.Stored) outcome;
      local.uploaded(stored.file, stored.place);
    }
  }

  private static Refusal fence(IOException failure) {
    return failure instanceof TakenOverException && ((TakenOverException) failure).isOwnerGone()
        ? Refusal.ownerGone(failure)
        : Refusal.fenced(failure);
  }

  Answer failed(IOException failure) throws IOException {
    if (failure instanceof StagingDamagedException) {
      enter(state.withoutAnswer());
      return Answer.damaged((StagingDamagedException) failure);
    }
    if (failure instanceof LtxFileConflictException && isChased()) {
      enter(UploadState.UNKNOWN);
      return Answer.FORGET;
    }
    if (failure instanceof LtxFileConflictException || failure instanceof TakenOverException) {
      enter(UploadState.ENDED);
      return Answer.refused(fence(failure));
    }
    if (failure instanceof OutdatedListingException) {
      enter(UploadState.UNKNOWN);
      return Answer.NONE;
    }
    boolean isAsked = state.isAsking();
    if (isAsked && isDamage(failure)) {
      return damaged(failure);
    }
    boolean isGone =
        failure instanceof ReplicaException && ((ReplicaException) failure).isNotFound();
    // What else may be gone, the listing that comes before the next upload tells.
    enter(isGone ? UploadState.UNKNOWN : state.withoutAnswer());
    if (failure instanceof LtxFileMissingException && !isAsked) {
      return Answer.NONE;
    }
    if (events.wantsDecisions()) {
      long waitMillis = waitNanos(clock.nanoTime(), false) / 1_000_000;
      events.decided(Decision.REQUEST_RETRIED, "in " + waitMillis + " ms; " + Reason.of(failure));
    }
    if (!traffic().isStoreDown()) {
      traffic().storeIsDown(true);
      events.storeUnreachable(
          failure, local.isInitialised(), unstored.sinceMillis(), local.uploadedTxid());
    }
    return Answer.UNREACHABLE;
  }

  /**
   * A busy predecessor was faster than the file that was to fence it off: once more, behind its.
   */
  private boolean isChased() {
    if (uploader.startedTxid() != fenceTxid || chaseCount == MOST_CHASES) {
      return false;
    }
    chaseCount++;
    return true;
  }

  private static boolean isDamage(IOException failure) {
    return failure instanceof RestoreException
        || failure instanceof LtxFormatException
        || failure instanceof EOFException;
  }

  /** What the replica holds can be restored by nobody, so nobody can know the database by it. */
  private Answer damaged(IOException failure) throws IOException {
    if (!local.isRelated()) {
      enter(UploadState.ENDED);
      return Answer.refused(Refusal.unreadable(failure));
    }
    boolean isListed = state == UploadState.READING_BACK;
    enter(isListed ? UploadState.KNOWN : UploadState.UNKNOWN);
    events.notReadBack(failure, listedTxid);
    local.beginAfter(listedTxid);
    events.replicaKnown(listedTxid);
    return Answer.BEGIN_AGAIN;
  }

  /** A pass over the listings while uploads went on: is everything there that a restore needs? */
  private Answer checked(ReplicaCheck.@Nullable Finding finding) throws IOException {
    if (finding == null || !state.isKnown() || !local.isInitialised()) {
      return Answer.NONE;
    }
    if (finding.outcome instanceof Outcome.Failed) {
      if (!isListingFailing) {
        isListingFailing = true;
        events.notListed(((Outcome.Failed) finding.outcome).cause);
      }
      return Answer.NONE;
    }
    isListingFailing = false;
    Inventory inventory = ((Outcome.Listed) finding.outcome).inventory;
    counted(inventory);
    return proved(inventory, finding.uploadedTxid);
  }

  private Answer answered(Inventory inventory) throws IOException {
    long newestTxid = inventory.newestTxid();
    enter(newestTxid == 0 ? UploadState.KNOWN : UploadState.READING_BACK);
    if (newestTxid == 0) {
      if (inventory.emptiness() != null) {
        events.beginningInDoubt(inventory.emptiness());
      }
      local.initialise();
      return Answer.BEGIN_AGAIN;
    }
    listedTxid = newestTxid;
    uploader.startRebuilding(local.staging().checksums(), local.evidence(), events::rebuilding);
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
      enter(UploadState.CHALLENGING);
      uploader.start(local.staging(), clock.nanoTime());
      return Answer.NONE;
    }
    enter(UploadState.UNKNOWN);
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
    enter(UploadState.KNOWN);
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
      traffic().checked();
      return Answer.NONE;
    }
    uploader.restsOn(null);
    local.startAnew();
    return Answer.BEGIN_AGAIN;
  }
}
