package io.walsync.history.retention;

import io.walsync.replica.LtxFileInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of the restore plans of many states, in one sweep: {@link
 * io.walsync.restore.RestorePlan} begins with the newest snapshot that is not too new and goes on
 * with the file that reaches furthest, so plans that have come to the same TXID share what follows
 * for as long as their targets allow.
 */
final class PlanUnion {

  /** Of files that end with the same TXID the smallest comes last, which is the one chosen. */
  private static final Comparator<LtxFileInfo> BY_END =
      Comparator.comparing(LtxFileInfo::maxTxid)
          .thenComparing(LtxFileInfo::sizeBytes, Comparator.reverseOrder());

  private final List<LtxFileInfo> bases = new ArrayList<>();
  private final LtxFileInfo[] files;
  private final long[] ends;

  /** A tree over {@link #files}: the lowest min TXID below each node. */
  private final long[] lowest;

  private final int leafCount;
  private final Set<LtxFileInfo> chosen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Long> unreachable = new ArrayList<>();

  PlanUnion(List<LtxFileInfo> listed) {
    List<LtxFileInfo> increments = new ArrayList<>();
    for (LtxFileInfo file : listed) {
      if (file.isBase()) {
        bases.add(file);
      } else if (file.isUsable()) {
        increments.add(file);
      }
    }
    bases.sort(BY_END);
    increments.sort(BY_END);
    files = increments.toArray(new LtxFileInfo[0]);
    ends = new long[files.length];
    leafCount = Math.max(1, Integer.highestOneBit(Math.max(1, files.length)) * 2);
    lowest = new long[2 * leafCount];
    Arrays.fill(lowest, Long.MAX_VALUE);
    for (int i = 0; i < files.length; i++) {
      ends[i] = files[i].maxTxid().value();
      lowest[leafCount + i] = files[i].minTxid().value();
    }
    for (int i = leafCount - 1; i > 0; i--) {
      lowest[i] = Math.min(lowest[2 * i], lowest[2 * i + 1]);
    }
  }

  /** Adds the plans of some states. */
  void add(long... txids) {
    long[] targets = txids.clone();
    Arrays.sort(targets);
    int from = 0;
    int base = -1;
    while (from < targets.length) {
      while (base + 1 < bases.size() && end(bases.get(base + 1)) <= targets[from]) {
        base++;
      }
      int to = from + 1;
      boolean isLastBase = base + 1 == bases.size();
      while (to < targets.length && (isLastBase || targets[to] < end(bases.get(base + 1)))) {
        to++;
      }
      if (base >= 0) {
        chosen.add(bases.get(base));
      }
      addFrom(base < 0 ? 0 : end(bases.get(base)), targets, from, to);
      from = to;
    }
  }

  private void addFrom(long start, long[] targets, int first, int last) {
    ArrayDeque<long[]> open = new ArrayDeque<>();
    open.push(new long[] {start, first, last});
    while (!open.isEmpty()) {
      long[] group = open.pop();
      long reached = group[0];
      int from = (int) group[1];
      int to = (int) group[2];
      while (from < to && targets[from] <= reached) {
        from++;
      }
      if (from == to) {
        continue;
      }
      LtxFileInfo next = furthest(reached, targets[to - 1]);
      if (next == null) {
        for (int i = from; i < to; i++) {
          unreachable.add(targets[i]);
        }
        continue;
      }
      chosen.add(next);
      int split = to;
      while (split > from && targets[split - 1] >= end(next)) {
        split--;
      }
      open.push(new long[] {reached, from, split});
      open.push(new long[] {end(next), split, to});
    }
  }

  /** The file that reaches furthest beyond one TXID without passing another; null if none does. */
  private @Nullable LtxFileInfo furthest(long reached, long limit) {
    int count = Arrays.binarySearch(ends, limit);
    count = count < 0 ? -count - 1 : count + 1;
    while (count < ends.length && ends[count] == limit) {
      count++;
    }
    int index = lastBelow(1, 0, leafCount, count, reached);
    return index < 0 || ends[index] <= reached ? null : files[index];
  }

  /** The last of the first {@code count} files that begins no later than after {@code reached}. */
  private int lastBelow(int node, int from, int size, int count, long reached) {
    if (from >= count || lowest[node] - 1 > reached) {
      return -1;
    }
    if (size == 1) {
      return from;
    }
    int half = size / 2;
    int right = lastBelow(2 * node + 1, from + half, half, count, reached);
    return right >= 0 ? right : lastBelow(2 * node, from, half, count, reached);
  }

  private static long end(LtxFileInfo file) {
    return file.maxTxid().value();
  }

  boolean holds(LtxFileInfo file) {
    return chosen.contains(file);
  }

  /** TXIDs to which no chain of files leads. */
  List<Long> unreachable() {
    return Collections.unmodifiableList(unreachable);
  }
}
