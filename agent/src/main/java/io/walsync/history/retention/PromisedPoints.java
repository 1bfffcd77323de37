package io.walsync.history.retention;

import io.walsync.history.Timeline;
import io.walsync.ltx.Txid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The states of a replica that a policy promises, chosen among those that can be restored.
 *
 * <p>Windows end at the newest state, or at the present if that is earlier: an idle replica keeps
 * what it has, and a clock that is far ahead ages nothing. Where times run backwards along the
 * TXIDs, two orders are looked at and what either promises is promised: that no state is younger
 * than one after it, and that only those count that are the latest so far. So one file with a wrong
 * time, early or late, takes the promise from no other.
 *
 * <p>A state of which nobody knows the time is promised, and the others are looked at as if it were
 * not there. That promises no less than its time would, whatever it is: the state at a boundary is
 * the last that is older, so all after it are not, and without one of them that still holds.
 */
final class PromisedPoints {

  /** Of a tier, which lets its counts be told. */
  private final Map<Tier, SortedSet<Long>> byTier = new HashMap<>();

  private final TreeSet<Long> all = new TreeSet<>();
  private int untimedCount;

  /**
   * @param points oldest first
   * @param nowMillis by the store's clock
   * @param isTimed whether the time of the state with a TXID is known
   */
  PromisedPoints(
      Policy policy, List<Timeline.Point> points, long nowMillis, LongPredicate isTimed) {
    List<Timeline.Point> timed = new ArrayList<>();
    List<Timeline.Point> known = new ArrayList<>();
    for (Timeline.Point point : points) {
      if (!isTimed.test(point.txid().value())) {
        all.add(point.txid().value());
        untimedCount++;
        continue;
      }
      timed.add(point);
      if (point.millis() > nowMillis) {
        all.add(point.txid().value()); // what its time is, is not known yet
      } else {
        known.add(point);
      }
    }
    if (!points.isEmpty()) {
      all.add(points.get(points.size() - 1).txid().value());
    }
    long[] earliest = notYoungerThanTheNext(timed, nowMillis);
    List<Timeline.Point> records = latestSoFar(known);
    for (Tier tier : policy.tiers()) {
      TreeSet<Long> chosen = new TreeSet<>();
      choose(tier, timed, earliest, chosen);
      choose(tier, records, millis(records), chosen);
      byTier.put(tier, chosen);
      all.addAll(chosen);
    }
  }

  private static long[] notYoungerThanTheNext(List<Timeline.Point> points, long nowMillis) {
    long[] times = new long[points.size()];
    long bound = nowMillis;
    for (int i = times.length - 1; i >= 0; i--) {
      bound = Math.min(bound, points.get(i).millis());
      times[i] = bound;
    }
    return times;
  }

  private static List<Timeline.Point> latestSoFar(List<Timeline.Point> points) {
    List<Timeline.Point> records = new ArrayList<>();
    long latest = Long.MIN_VALUE;
    for (Timeline.Point point : points) {
      if (point.millis() >= latest) {
        latest = point.millis();
        records.add(point);
      }
    }
    return records;
  }

  private static long[] millis(List<Timeline.Point> points) {
    long[] times = new long[points.size()];
    for (int i = 0; i < times.length; i++) {
      times[i] = points.get(i).millis();
    }
    return times;
  }

  /** A state counts from its own time until the next one's; at a boundary the one before it. */
  private static void choose(
      Tier tier, List<Timeline.Point> points, long[] times, Set<Long> chosen) {
    if (points.isEmpty()) {
      return;
    }
    int last = times.length - 1;
    long end = times[last];
    long start = tier.windowStart(end);
    long first = tier.isEveryCommit() ? start : tier.boundaryUpTo(start);
    chosen.add(points.get(last).txid().value());
    for (int i = 0; i < last; i++) {
      boolean isPromised;
      if (tier.isEveryCommit()) {
        isPromised = times[i + 1] >= start;
      } else {
        long boundary = tier.boundaryUpTo(times[i + 1]);
        isPromised = boundary > times[i] && boundary >= first;
      }
      if (isPromised) {
        chosen.add(points.get(i).txid().value());
      }
    }
  }

  /** Ascending. */
  long[] txids() {
    long[] txids = new long[all.size()];
    int i = 0;
    for (long txid : all) {
      txids[i++] = txid;
    }
    return txids;
  }

  int count() {
    return all.size();
  }

  /** States that are promised because nobody knows their time. */
  int untimedCount() {
    return untimedCount;
  }

  /** How many a tier promises. */
  int count(Tier tier) {
    return of(tier).size();
  }

  /** The oldest that a tier promises; null if there is none. */
  @Nullable Txid oldest(Tier tier) {
    SortedSet<Long> chosen = of(tier);
    return chosen.isEmpty() ? null : Txid.of(chosen.first());
  }

  private SortedSet<Long> of(Tier tier) {
    SortedSet<Long> chosen = byTier.get(tier);
    assert chosen != null : "it is of the policy";
    return chosen;
  }
}
