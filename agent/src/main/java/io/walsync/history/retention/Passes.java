package io.walsync.history.retention;

import io.walsync.io.Clock;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The passes of a process that writes the replica: each is the second look at what the one before
 * has found needless, and the first for the next. One deletes no more than {@value #MOST_FILES}
 * files. A new process begins with a first look.
 *
 * <p>A pass by another promise than the last one's that would take more than half of the states
 * says so in a note, and nothing is deleted for {@link #HOLD_MILLIS}, which is time to mend a wrong
 * promise. One that would take less is taken for right, and its note says that.
 *
 * <p>Threading: one thread at a time.
 */
public final class Passes {

  /** Deleted in one pass. An hour of a commit a second has fewer. */
  public static final int MOST_FILES = 4_000;

  /** Between the announcement that more than half of the states will go, and that. */
  public static final long HOLD_MILLIS = TimeUnit.DAYS.toMillis(1);

  private final Policy policy;
  private final boolean isDeleting;
  private final long graceMillis;
  private final Clock clock;
  private @Nullable FirstLook look;

  /**
   * @param isDeleting whether anything is deleted; else nothing is written either
   * @param graceMillis as for {@link Prune}
   */
  public Passes(Policy policy, boolean isDeleting, long graceMillis, Clock clock) {
    this.policy = policy;
    this.isDeleting = isDeleting;
    this.graceMillis = graceMillis;
    this.clock = clock;
  }

  /**
   * Makes one.
   *
   * @param watch asked before anything is deleted; who asks is not meant
   * @throws RefusedException if something speaks against it; nothing was deleted but what the
   *     progress was told
   * @throws IOException if the replica could not be read, or a file not be deleted; nothing that is
   *     promised is gone
   */
  public Pass next(
      ReplicaClient client, Prune.Listing listing, Prune.OwnerWatch watch, Prune.Progress progress)
      throws IOException {
    FirstLook first = look;
    Prune prune = new Prune(client, listing, null, policy, graceMillis, watch, clock);
    PrunePlan plan = prune.plan();
    if (plan.obstacle() == null && !isDeleting) {
      return new Pass(plan, plan.keepSet().gone(), false, Pass.NOT_HELD);
    }
    prune.requireQuiet(plan);
    long heldUntilMillis = heldUntilMillis(client, plan);
    if (heldUntilMillis != Pass.NOT_HELD) {
      look = null;
      return new Pass(plan, plan.keepSet().gone(), false, heldUntilMillis);
    }
    List<LtxFileInfo> gone = new ArrayList<>(plan.keepSet().gone());
    if (!plan.note().isOf(policy)) {
      replace(client, plan.note().next(policy, plan.doomed()));
    } else if (first != null && isOld(first)) {
      List<LtxFileInfo> both = first.both(gone);
      prune.delete(both, plan, progress);
      gone.removeAll(both);
      first = null;
    }
    if (first == null) {
      look = FirstLook.of(gone, MOST_FILES, clock.nanoTime());
    }
    return new Pass(plan, gone, gone.size() > MOST_FILES, Pass.NOT_HELD);
  }

  private boolean isOld(FirstLook first) {
    return first.ageNanos(clock.nanoTime()) >= TimeUnit.MILLISECONDS.toNanos(graceMillis);
  }

  /** Says once that it will be too much; until when that holds. */
  private long heldUntilMillis(ReplicaClient client, PrunePlan plan) throws IOException {
    if (!plan.goesTooFar()) {
      return Pass.NOT_HELD;
    }
    long nowMillis = client.storeMillis();
    long sinceMillis = plan.note().announcedMillis(policy);
    if (sinceMillis == 0) {
      sinceMillis = nowMillis;
      replace(client, plan.note().announced(policy, nowMillis, plan.doomed()));
    }
    long untilMillis = sinceMillis + HOLD_MILLIS;
    return nowMillis < untilMillis ? untilMillis : Pass.NOT_HELD;
  }

  private static void replace(ReplicaClient client, PruneNote note) throws IOException {
    PruneNotes notes = new PruneNotes(client);
    notes.create(note);
    notes.removeBefore(note);
  }
}
