package io.walsync.history.retention;

import io.walsync.history.Timeline;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a replica stay and which may go: computed, and nothing else. The files that the
 * promised states are restored from stay, and with them what is young, what is the newest of its
 * level, and what the level above has not taken up yet, which a merge would miss; so does what
 * those need. Immutable.
 */
public final class KeepSet {

  /**
   * A state needs files that end no later than itself. So wherever a deletion ends, each file that
   * is left still ends with a state that can be restored, and goes the next time.
   */
  private static final Comparator<LtxFileInfo> NEWEST_FIRST =
      Comparator.comparing(LtxFileInfo::maxTxid).thenComparing(LtxFileInfo::level).reversed();

  private final Policy policy;
  private final PromisedPoints promised;
  private final Timeline before;
  private final List<LtxFileInfo> kept = new ArrayList<>();
  private final List<LtxFileInfo> gone = new ArrayList<>();
  private final List<Txid> unreachablePins = new ArrayList<>();
  private long[] targets;

  private KeepSet(Policy policy, List<LtxFileInfo> files, long nowMillis, LongPredicate isTimed) {
    this.policy = policy;
    this.before = Timeline.of(files);
    this.promised = new PromisedPoints(policy, before.points(), nowMillis, isTimed);
    this.targets = promised.txids();
  }

  /**
   * @param files of the database's own history, of all levels, in any order; each with the time of
   *     its commit, and with that by which the store had it
   * @param pinned states that stay whatever the policy says
   * @param evidence files that stay because they show which of the others are right
   * @param nowMillis by the store's clock
   * @param graceMillis what the store has had for less than this stays
   * @param isTimed whether it is known when the state with a TXID was committed; else it stays
   */
  public static KeepSet of(
      Policy policy,
      List<LtxFileInfo> files,
      Collection<Txid> pinned,
      Set<LtxFileInfo> evidence,
      long nowMillis,
      long graceMillis,
      LongPredicate isTimed) {
    KeepSet set = new KeepSet(policy, files, nowMillis, isTimed);
    PlanUnion plans = new PlanUnion(files);
    Set<Long> points = set.restorable();
    set.addPins(pinned, points);
    plans.add(set.targets);
    long[] reached = new long[LtxFileInfo.levels().length];
    for (LtxFileInfo file : files) {
      int level = file.level();
      reached[level] = Math.max(reached[level], file.maxTxid().value());
    }
    Set<LtxFileInfo> standing = Collections.newSetFromMap(new IdentityHashMap<>());
    for (LtxFileInfo file : files) {
      boolean isStanding =
          file.storedMillis() > nowMillis - graceMillis
              || evidence.contains(file)
              || !file.isUsable()
              || !points.contains(file.maxTxid().value()) // behind a gap
              || file.maxTxid().value() >= takenUp(file.level(), reached);
      if (isStanding) {
        standing.add(file);
      }
    }
    plans.add(states(standing, points));
    for (LtxFileInfo file : files) {
      boolean isKept = standing.contains(file) || plans.holds(file);
      (isKept ? set.kept : set.gone).add(file);
    }
    set.gone.sort(NEWEST_FIRST);
    return set;
  }

  /** Without what they need, files that stay would stay for ever, behind a gap. */
  private static long[] states(Set<LtxFileInfo> staying, Set<Long> points) {
    return staying.stream()
        .mapToLong(file -> file.maxTxid().value())
        .filter(points::contains)
        .sorted()
        .distinct()
        .toArray();
  }

  private Set<Long> restorable() {
    Set<Long> points = new HashSet<>();
    for (Timeline.Point point : before.points()) {
      points.add(point.txid().value());
    }
    return points;
  }

  private void addPins(Collection<Txid> pinned, Set<Long> points) {
    Set<Long> all = new HashSet<>();
    for (long txid : targets) {
      all.add(txid);
    }
    for (Txid txid : pinned) {
      if (points.contains(txid.value())) {
        all.add(txid.value());
      } else {
        unreachablePins.add(txid);
      }
    }
    targets = all.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  /**
   * From which TXID on a level is needed as it is: its newest file, or what the next level above
   * that has files does not hold yet.
   */
  private static long takenUp(int level, long[] reached) {
    for (int above = level + 1; above < LtxFileInfo.LEVEL_SNAPSHOT; above++) {
      if (reached[above] > 0) {
        return Math.min(reached[level], reached[above] + 1);
      }
    }
    return reached[level];
  }

  /**
   * States of which it is known that they are to stay. Others stay until their time is known, and
   * may go then.
   */
  public int certainCount() {
    return after().points().size() - promised.untimedCount();
  }

  /** What it was computed for. */
  public Policy policy() {
    return policy;
  }

  /** The files that stay, in no order. */
  public List<LtxFileInfo> kept() {
    return Collections.unmodifiableList(kept);
  }

  /** The files that may go, in the order in which they are to be deleted. */
  public List<LtxFileInfo> gone() {
    return Collections.unmodifiableList(gone);
  }

  public long goneBytes() {
    long bytes = 0;
    for (LtxFileInfo file : gone) {
      bytes += file.sizeBytes();
    }
    return bytes;
  }

  /** Every state that must stay restorable, ascending: promised or pinned. */
  public long[] targets() {
    return targets.clone();
  }

  /** Pins whose state cannot be restored any more, if it ever could. */
  public List<Txid> unreachablePins() {
    return Collections.unmodifiableList(unreachablePins);
  }

  /** How many states a tier promises, the newest among them. */
  public int promisedCount(Tier tier) {
    return promised.count(tier);
  }

  /** The oldest state that a tier promises; null if there is none at all. */
  public @Nullable Txid oldestPromised(Tier tier) {
    return promised.oldest(tier);
  }

  /** What can be restored as it is. */
  public Timeline before() {
    return before;
  }

  /** What can be restored without what may go. */
  public Timeline after() {
    return Timeline.of(kept);
  }
}
