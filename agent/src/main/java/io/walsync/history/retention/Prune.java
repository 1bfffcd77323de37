package io.walsync.history.retention;

import io.walsync.io.Clock;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.restore.Restore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what no promise needs from a replica that nobody writes. Whatever it is killed in, every
 * promised state is restorable: what is kept is enough for all of them, whichever of the rest is
 * still there.
 *
 * <p>Threading: one thread; several processes are kept apart by {@link PruneNotes}.
 */
public final class Prune {

  /**
   * What the store has had for less than this stays, and so does what was needed so long ago:
   * restores that began before may read it. More than the horizon of the fence, so that a writer
   * that was replaced cannot take a deleted name for a free one.
   */
  public static final long GRACE_MILLIS = TimeUnit.MINUTES.toMillis(10);

  /** Files that one note names, which may have {@link io.walsync.replica.NoteStore#MAX_BYTES}. */
  private static final int MOST_NAMED = 1_600;

  /** The other half is for those of the note before it. */
  private static final int BATCH_SIZE = MOST_NAMED / 2;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** Tells whether somebody writes the replica. */
  public interface OwnerWatch {

    /**
     * Who it is, in words; null if nobody is known to.
     *
     * @param files all of the replica's
     */
    @Nullable String alive(List<LtxFileInfo> files) throws IOException;
  }

  /** How the files of the replica are found. */
  public interface Listing {

    /**
     * All of them, of all levels, the lowest first; each with the time of its commit, where {@link
     * #isTimed} says so, and with that by which the store had it.
     *
     * @throws RefusedException if there are too many of them
     */
    List<LtxFileInfo> files() throws IOException;

    /** Whether it is known when the state with a TXID was committed. */
    boolean isTimed(long txid);
  }

  /** Called for what is done, on the thread that does it. */
  public interface Progress {

    /** Nothing is deleted for so long. */
    void waiting(long millis);

    /** Whether more is to be deleted; asked before each part of it. */
    default boolean isToGoOn() {
      return true;
    }

    /** Some files are gone. */
    void deleted(List<LtxFileInfo> files);
  }

  private final ReplicaClient client;
  private final Listing listing;
  private final @Nullable Restore restore;
  private final Policy policy;
  private final long graceMillis;
  private final OwnerWatch watch;
  private final Clock clock;
  private final PruneNotes notes;

  /**
   * @param graceMillis how old a file must be, and for how long it must have been needless; {@link
   *     #GRACE_MILLIS} wherever somebody might write or restore
   */
  public Prune(
      ReplicaClient client,
      Restore restore,
      Policy policy,
      long graceMillis,
      OwnerWatch watch,
      Clock clock) {
    this(client, listing(client), restore, policy, graceMillis, watch, clock);
  }

  /**
   * @param restore see {@link OwnHistory#of}
   */
  Prune(
      ReplicaClient client,
      Listing listing,
      @Nullable Restore restore,
      Policy policy,
      long graceMillis,
      OwnerWatch watch,
      Clock clock) {
    this.client = client;
    this.listing = listing;
    this.restore = restore;
    this.policy = policy;
    this.graceMillis = graceMillis;
    this.watch = watch;
    this.clock = clock;
    this.notes = new PruneNotes(client);
  }

  /** That asks the store for the time of each file. */
  static Listing listing(ReplicaClient client) {
    return new Listing() {
      @Override
      public List<LtxFileInfo> files() throws IOException {
        List<LtxFileInfo> files = new ArrayList<>();
        for (int level : LtxFileInfo.levels()) {
          files.addAll(client.list(level, Txid.FIRST, true));
        }
        return files;
      }

      @Override
      public boolean isTimed(long txid) {
        return true;
      }
    };
  }

  /**
   * Works out what would be deleted; reads only. Costs a request a file where the store's listing
   * does not say when a state was committed, and a few for each snapshot.
   *
   * @throws IOException if the replica could not be read
   */
  public PrunePlan plan() throws IOException {
    OwnerObject owner = client.owner();
    PruneNote note = notes.newest();
    List<LtxFileInfo> listed = listing.files();
    long storeMillis = client.storeMillis();
    long nowMillis = storeMillis == ReplicaClient.NO_TIME ? clock.millis() : storeMillis;
    List<LtxFileInfo> doomed = note.of(listed);
    List<LtxFileInfo> left = new ArrayList<>(listed);
    left.removeAll(doomed);
    OwnHistory history = OwnHistory.of(client, restore, left);
    List<Pin> pins = new Pins(client, clock).list();
    List<Txid> pinned = new ArrayList<>();
    for (Pin pin : pins) {
      pinned.add(pin.txid());
    }
    KeepSet set =
        KeepSet.of(
            policy,
            history.own(),
            pinned,
            history.evidence(),
            nowMillis,
            graceMillis,
            listing::isTimed);
    String obstacle = obstacle(storeMillis, left, history, set);
    return new PrunePlan(listed, doomed, history, pins, set, owner, note, obstacle);
  }

  private @Nullable String obstacle(
      long storeMillis, List<LtxFileInfo> left, OwnHistory history, KeepSet set)
      throws IOException {
    if (storeMillis == ReplicaClient.NO_TIME) {
      return "the store does not tell the time, so how old a file is cannot be known";
    }
    Txid newest = set.before().newest();
    if (newest != null && !listing.isTimed(newest.value())) {
      return "when its newest state was committed is not known yet"; // all is counted from there
    }
    return PrunePlan.check(client, left, history, set);
  }

  /**
   * Deletes what both a first look and a second one, a grace later, find needless.
   *
   * @param first as {@link #plan} has made it
   * @param isForced whether more than half of the states may go, although no prune has gone by this
   *     promise before
   * @return the plan that was followed
   * @throws RefusedException if the replica is in use, or it would go too far; nothing was deleted
   *     but what the progress was told
   * @throws IOException if the replica could not be read, or a file not be deleted; nothing that is
   *     promised is gone
   */
  public PrunePlan run(PrunePlan first, boolean isForced, Progress progress) throws IOException {
    requireQuiet(first);
    requireModest(first, isForced);
    waitFrom(progress);
    PrunePlan plan = plan();
    requireQuiet(plan);
    requireModest(plan, isForced);
    requireOwner(plan, first.owner());
    delete(inBoth(first, plan), plan, progress);
    return plan;
  }

  void requireQuiet(PrunePlan plan) throws IOException {
    if (plan.obstacle() != null) {
      throw new RefusedException(plan.obstacle());
    }
    String alive = watch.alive(plan.listed());
    if (alive != null) {
      throw new RefusedException(client.url() + " is in use: " + alive);
    }
  }

  private void requireModest(PrunePlan plan, boolean isForced) throws IOException {
    if (!isForced && plan.goesTooFar()) {
      throw RefusedException.tooMuch(
          "of "
              + plan.before().points().size()
              + " states that can be restored, "
              + plan.keepSet().after().points().size()
              + " would be left, fewer than half, and no prune has gone by \""
              + policy
              + "\" last");
    }
  }

  private void requireOwner(PrunePlan plan, OwnerObject owner) throws RefusedException {
    if (!Objects.equals(plan.owner().tag(), owner.tag())) {
      throw new RefusedException(client.url() + " has a new owner: " + owner.owner().describe());
    }
  }

  /** By the clock that cannot be set, and stands still rather than leaps. */
  private void waitFrom(Progress progress) {
    long begun = clock.nanoTime();
    long nanos = TimeUnit.MILLISECONDS.toNanos(graceMillis);
    if (nanos > 0) {
      progress.waiting(graceMillis);
    }
    while (clock.nanoTime() - begun < nanos) {
      clock.pause(Math.min(PAUSE_NANOS, nanos));
    }
  }

  private static List<LtxFileInfo> inBoth(PrunePlan first, PrunePlan second) {
    List<LtxFileInfo> gone = first.keepSet().gone();
    return FirstLook.of(gone, gone.size(), 0).both(second.keepSet().gone());
  }

  void delete(List<LtxFileInfo> files, PrunePlan plan, Progress progress) throws IOException {
    // What an earlier prune has not come to. A pin that was made beside it may need some of it.
    List<LtxFileInfo> doomed = plan.doomed();
    boolean isDoomedGoing = plan.keepSet().unreachablePins().isEmpty();
    PruneNote note = plan.note();
    int from = 0;
    while ((from < files.size() || isDoomedGoing && !doomed.isEmpty()) && progress.isToGoOn()) {
      int room = Math.min(BATCH_SIZE, MOST_NAMED - doomed.size());
      if (room <= 0 && !isDoomedGoing) {
        throw new RefusedException(
            "files of an earlier prune are left that a pin might need which cannot be restored");
      }
      List<LtxFileInfo> batch =
          files.subList(from, Math.min(files.size(), from + Math.max(0, room)));
      List<LtxFileInfo> named = new ArrayList<>(doomed);
      named.addAll(batch);
      note = note.next(policy, named);
      notes.create(note);
      requireNoNewPin(plan);
      requireOwner(plan, client.owner());
      List<LtxFileInfo> going = isDoomedGoing ? named : batch;
      delete(going, batch, doomed, note);
      progress.deleted(new ArrayList<>(going));
      notes.removeBefore(note);
      doomed = isDoomedGoing ? new ArrayList<>() : doomed;
      from += batch.size();
    }
  }

  /**
   * Where the store refuses, and has all that was to go, nobody has to do without it: the names are
   * taken back. Those of an earlier note are not, since who wrote it may still be deleting.
   *
   * @param batch what of the files only this pass has named
   * @param doomed what an earlier one has named
   */
  private void delete(
      List<LtxFileInfo> going, List<LtxFileInfo> batch, List<LtxFileInfo> doomed, PruneNote note)
      throws IOException {
    try {
      client.delete(going);
    } catch (ReplicaException e) {
      if (e.isPermanent() && !batch.isEmpty() && stillThere(batch).size() == batch.size()) {
        PruneNote without = note.next(policy, doomed);
        notes.create(without);
        notes.removeBefore(without);
      }
      throw e;
    }
  }

  /** Whoever pins looks at the notes after that: one of the two sees the other. */
  private void requireNoNewPin(PrunePlan plan) throws IOException {
    Set<String> known = new HashSet<>();
    for (Pin pin : plan.pins()) {
      known.add(pin.name() + " " + pin.txid());
    }
    for (Pin pin : new Pins(client, clock).list()) {
      if (!known.contains(pin.name() + " " + pin.txid())) {
        throw new RefusedException("the pin " + pin.name() + " was made meanwhile");
      }
    }
  }

  /**
   * Files that a store has said to have deleted and lists all the same.
   *
   * @param files what was deleted
   */
  public List<LtxFileInfo> stillThere(List<LtxFileInfo> files) throws IOException {
    Set<String> names = new HashSet<>();
    for (LtxFileInfo file : files) {
      names.add(PruneNote.name(file));
    }
    List<LtxFileInfo> still = new ArrayList<>();
    for (int level : LtxFileInfo.levels()) {
      for (LtxFileInfo file : client.list(level, Txid.FIRST, false)) {
        if (names.contains(PruneNote.name(file))) {
          still.add(file);
        }
      }
    }
    return still;
  }
}
