package io.walsync.history.retention;

import io.walsync.history.Timeline;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.OwnerObject;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one pass would delete, and everything that it was decided by. Immutable. */
public final class PrunePlan {

  /**
   * States of which each is planned as a restore plans it, of more a part: that takes time by their
   * number and by that of the files. All of them have to be reached by what stays.
   */
  private static final int MOST_PLANNED = 2_000;

  private final List<LtxFileInfo> listed;
  private final List<LtxFileInfo> doomed;
  private final OwnHistory history;
  private final List<Pin> pins;
  private final KeepSet keepSet;
  private final OwnerObject owner;
  private final PruneNote note;
  private final @Nullable String obstacle;

  PrunePlan(
      List<LtxFileInfo> listed,
      List<LtxFileInfo> doomed,
      OwnHistory history,
      List<Pin> pins,
      KeepSet keepSet,
      OwnerObject owner,
      PruneNote note,
      @Nullable String obstacle) {
    this.listed = listed;
    this.doomed = doomed;
    this.history = history;
    this.pins = pins;
    this.keepSet = keepSet;
    this.owner = owner;
    this.note = note;
    this.obstacle = obstacle;
  }

  /** Files that no promise needs and that stay all the same, since deleting them might be wrong. */
  public List<LtxFileInfo> leftAlone() {
    List<LtxFileInfo> left = new ArrayList<>(history.foreign());
    left.addAll(history.late());
    left.addAll(history.doubtful());
    for (LtxFileInfo file : history.own()) {
      if (!file.isUsable()) {
        left.add(file);
      }
    }
    return left;
  }

  public List<LtxFileInfo> listed() {
    return Collections.unmodifiableList(listed);
  }

  /** Files that an earlier prune has given up: it may still delete them at any moment. */
  public List<LtxFileInfo> doomed() {
    return Collections.unmodifiableList(doomed);
  }

  /** Whether there is anything to delete. */
  public boolean isAnyGone() {
    return !keepSet.gone().isEmpty() || !doomed.isEmpty();
  }

  public List<Pin> pins() {
    return Collections.unmodifiableList(pins);
  }

  public KeepSet keepSet() {
    return keepSet;
  }

  OwnerObject owner() {
    return owner;
  }

  /** The note that counted before the replica was listed. */
  PruneNote note() {
    return note;
  }

  /**
   * Whether more than half of the states would go by a promise that the last prune did not go by.
   * One that goes by it again and again deletes most of what has come since each time.
   */
  boolean goesTooFar() {
    return !note.isOf(keepSet.policy()) && 2L * keepSet.certainCount() < before().points().size();
  }

  /** Why nothing may be deleted, in words; null if nothing speaks against it. */
  public @Nullable String obstacle() {
    return obstacle;
  }

  /**
   * Finds out whether everything that must stay is reached without what would go, whichever of it
   * is gone, and asks the planner of restore; null if so.
   */
  static @Nullable String check(
      ReplicaClient client, List<LtxFileInfo> listed, OwnHistory history, KeepSet set)
      throws IOException {
    List<LtxFileInfo> kept = new ArrayList<>(set.kept());
    kept.sort(Comparator.comparing(LtxFileInfo::minTxid));
    Txid newest = set.before().newest();
    if (newest == null) {
      return "no state of it can be restored";
    }
    if (!isWhole(set, newest)) {
      return "files are missing: the newest state cannot be restored";
    }
    long[] targets = set.targets();
    String lost = unreachable(set.after(), targets);
    if (lost != null) {
      return lost;
    }
    int step = 1 + targets.length / MOST_PLANNED;
    for (int i = targets.length - 1; i >= 0; i -= step) {
      long txid = targets[i];
      try {
        RestorePlan.of(client.url(), kept, RestoreTarget.at(Txid.of(txid)));
      } catch (RestoreException e) {
        return "TXID " + Txid.of(txid) + " would not be restorable: " + e.getMessage();
      }
    }
    List<LtxFileInfo> left = without(listed, set.gone());
    for (LtxFileInfo base : set.kept()) {
      if (base.isBase() && !isFirst(client, left, base)) {
        return "what is left would not show that " + base + " is the database's";
      }
    }
    return null;
  }

  private static @Nullable String unreachable(Timeline after, long[] targets) {
    Set<Long> reached = new HashSet<>();
    for (Timeline.Point point : after.points()) {
      reached.add(point.txid().value());
    }
    for (long txid : targets) {
      if (!reached.contains(txid)) {
        return "TXID " + Txid.of(txid) + " would not be restorable";
      }
    }
    return null;
  }

  private static boolean isWhole(KeepSet set, Txid newest) {
    for (LtxFileInfo file : set.kept()) {
      if (file.isUsable() && file.maxTxid().compareTo(newest) > 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFirst(ReplicaClient client, List<LtxFileInfo> left, LtxFileInfo base)
      throws IOException {
    try {
      RestoreTarget target = RestoreTarget.at(base.maxTxid());
      return RestorePlan.ofOwn(client, left, target).files().get(0).equals(base);
    } catch (RestoreException none) {
      return false;
    }
  }

  private static List<LtxFileInfo> without(List<LtxFileInfo> files, Collection<LtxFileInfo> gone) {
    Set<LtxFileInfo> away = new HashSet<>(gone);
    List<LtxFileInfo> left = new ArrayList<>();
    for (LtxFileInfo file : files) {
      if (!away.contains(file)) {
        left.add(file);
      }
    }
    return left;
  }

  /** What could be restored before, and what could after. */
  public Timeline before() {
    return keepSet.before();
  }
}
