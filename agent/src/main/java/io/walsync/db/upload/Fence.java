package io.walsync.db.upload;

import io.walsync.db.events.DbEvents;
import io.walsync.db.history.Ownership;
import io.walsync.io.Clock;
import io.walsync.io.LogTimes;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Owner;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether what the store says to have stored counts: a name that was free may have been used,
 * merged and deleted since it was known to be free. The protocol and its proof are the chapter "The
 * fence" of the architecture.
 *
 * <p>Threading: used by one request of its database at a time, which follow one another; who
 * collects a request's outcome may ask as well. Merges ask from another thread.
 */
public final class Fence implements Ownership {

  /** Nobody deletes a file that is younger: Litestream's default, and the least there may be. */
  static final long LEAST_AGE_OF_DELETION_MILLIS = TimeUnit.MINUTES.toMillis(5);

  /** A quarter is left to clocks that differ between the machines of one store. */
  static final long HORIZON_MILLIS = LEAST_AGE_OF_DELETION_MILLIS / 4 * 3;

  private final Clock clock;

  /** Who owned it before the last listing; null as long as that may not be read. */
  private volatile @Nullable OwnerObject seen;

  /** The newest TXID of the last listing. */
  private long listedTxid;

  /** What we made of ourselves; null before. */
  private volatile @Nullable Owner own;

  /** Since when the name of the next file is known to be free; null before the first look. */
  private volatile @Nullable Moment free;

  /** When the file that is on its way was first sent. */
  private @Nullable Moment sent;

  private @Nullable LtxFileInfo onItsWay;

  /** Whom we have succeeded, or why nobody can be found out, until it was told. */
  private @Nullable Owner predecessor;

  private @Nullable IOException obstacle;
  private volatile boolean isObstacleTold;

  /** Whether a merge has found another owner: the next upload asks. */
  private volatile boolean isDoubted;

  Fence(Clock clock) {
    this.clock = clock;
  }

  /** Before the replica is listed. */
  void look(ReplicaClient client) throws IOException {
    try {
      seen = client.owner();
    } catch (ReplicaException e) {
      if (!e.isPermanent()) {
        throw e;
      }
      isObstructed(e);
    }
    OwnerObject found = seen;
    if (found == null || !found.owner().equals(own)) {
      own = null;
    }
    free = Moment.now(client, clock);
    isDoubted = false;
    onItsWay = null;
  }

  /** Without the right to say who owns it, there is only what a name that is free says. */
  private void isObstructed(IOException reason) {
    seen = null;
    own = null;
    obstacle = isObstacleTold ? null : reason;
    isObstacleTold = true;
  }

  /** The listing has found this to be the newest. */
  void listed(long newestTxid) {
    listedTxid = newestTxid;
  }

  /** Whether somebody else owns the replica, as far as is known, who may be alive. */
  boolean isForeign() {
    OwnerObject found = seen;
    return own == null && found != null && isForeignTo(found);
  }

  /** The epoch that what is written now belongs to; 0 if there is none. */
  long epoch() {
    Owner claimed = own;
    if (claimed != null) {
      return claimed.epoch();
    }
    OwnerObject found = seen;
    return found == null ? 0 : found.owner().epoch() + 1;
  }

  /** A file is about to be sent, for the first time or again. */
  void sending(ReplicaClient client, LtxFileInfo file) {
    if (!file.equals(onItsWay)) {
      onItsWay = file;
      sent = Moment.now(client, clock);
    }
  }

  /**
   * The store has said that it has the file.
   *
   * @throws TakenOverException if somebody else owns the replica by now
   * @throws OutdatedListingException if it cannot be known whether the file's name was free
   */
  void stored(ReplicaClient client, LtxFileInfo file) throws IOException {
    boolean isChallenge = file.maxTxid().value() < listedTxid;
    OwnerObject before = seen;
    Moment since = free;
    if (before == null || since == null || isChallenge) {
      return; // of a challenge, the next listing tells what it was worth
    }
    boolean isInTime = !isDoubted && since.millisUntil(Moment.now(client, clock)) < HORIZON_MILLIS;
    if (own == null) {
      claim(client, before);
      if (own != null && !isInTime) {
        throw new OutdatedListingException(client.url());
      }
    } else if (!isInTime || client.isOwnerNear() || isSnapshot(file)) {
      requireOwn(client);
    }
    free = sent;
  }

  /** Its name is not in the order of the others'. */
  private static boolean isSnapshot(LtxFileInfo file) {
    return file.level() == LtxFileInfo.LEVEL_SNAPSHOT;
  }

  private void claim(ReplicaClient client, OwnerObject before) throws IOException {
    Owner next = ThisProcess.owner(before.owner().epoch() + 1, clock.millis());
    try {
      if (!client.replaceOwner(before, next)) {
        OwnerObject found = client.owner();
        if (!found.owner().equals(next)) {
          throw new TakenOverException(client.url(), found.owner());
        }
      }
    } catch (ReplicaException e) {
      if (!e.isPermanent()) {
        throw e;
      }
      isObstructed(e);
      return;
    }
    own = next;
    boolean isToBeTold = isForeignTo(before) && !ThisProcess.hasEnded(before.owner());
    predecessor = isToBeTold ? before.owner() : null;
  }

  private static boolean isForeignTo(OwnerObject before) {
    return before.isThere() && !before.owner().id().equals(ThisProcess.id());
  }

  private void requireOwn(ReplicaClient client) throws IOException {
    OwnerObject found = client.owner();
    if (!found.owner().equals(own)) {
      throw new TakenOverException(client.url(), found.owner());
    }
  }

  /** From any thread. */
  @Override
  public boolean isOurs() {
    boolean isUnsayable = seen == null && isObstacleTold;
    return !isDoubted && (own != null || isUnsayable);
  }

  /** From any thread. */
  @Override
  public void confirm(ReplicaClient client) throws IOException {
    Owner claimed = own;
    Moment since = free;
    if (claimed == null || since == null) {
      return; // nobody can say whose it is
    }
    boolean isInTime = since.millisUntil(Moment.now(client, clock)) < HORIZON_MILLIS;
    if (!isInTime || client.isOwnerNear()) {
      require(client);
    }
  }

  /** From any thread. */
  @Override
  public void require(ReplicaClient client) throws IOException {
    Owner claimed = own;
    Owner found = client.owner().owner();
    if (claimed == null) {
      throw new ReplicaException(
          "nobody can say who owns " + client.url() + " (walsync/owner.json)", true);
    }
    if (!found.equals(claimed)) {
      isDoubted = true;
      throw new TakenOverException(client.url(), found);
    }
  }

  /** Who else has last taken the replica over, as far as is known; empty for nobody. */
  String foreignOwner() {
    OwnerObject found = seen;
    return found != null && isForeign() ? describe(found.owner()) : "";
  }

  private static String describe(Owner owner) {
    return owner.describe()
        + (owner.sinceMillis() == 0 ? "" : ", at " + LogTimes.text(owner.sinceMillis()));
  }

  /** Another file stands under a name of ours: names the other writer, where that can be told. */
  LtxFileConflictException named(ReplicaClient client, LtxFileConflictException conflict) {
    try {
      OwnerObject found = client.owner();
      if (!isForeignTo(found) || found.owner().equals(own)) {
        return conflict;
      }
      return new LtxFileConflictException(
          conflict.getMessage()
              + "; the replica was last taken over by "
              + describe(found.owner()));
    } catch (IOException | RuntimeException unknown) {
      return conflict;
    }
  }

  /** Says once whom we have succeeded, and why it cannot be said who owns the replica. */
  void tell(DbEvents events) {
    Owner succeeded = takePredecessor();
    if (succeeded != null) {
      events.tookOver(succeeded.describe());
    }
    IOException unknown = takeObstacle();
    if (unknown != null) {
      events.ownerUnknown(unknown);
    }
  }

  /** Whom we have succeeded and who may be alive, once; null for nobody. */
  @Nullable Owner takePredecessor() {
    Owner told = predecessor;
    predecessor = null;
    return told;
  }

  /** Why it cannot be said who owns the replica, once; null if it can. */
  @Nullable IOException takeObstacle() {
    IOException told = obstacle;
    obstacle = null;
    return told;
  }
}
