package io.walsync.history.compaction;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The merges into one level that are due, worked out from a listing.
 *
 * <p>The files of the level below that are newer than all of the level are divided where an
 * interval ends. One that would be alone is merged with those of the next interval, so that nothing
 * is stored twice and the level has no hole. An interval that has not ended yet is left alone: what
 * a merge is made of does not depend on when it is made.
 */
final class DueMerges {

  /** More are merged in several files, so that a kill loses no more than one of them. */
  static final int MAX_FILES = 10_000;

  /** Bytes of all inputs; beyond it a merge ends early. One input may be larger by itself. */
  static final long MAX_BYTES = 1L << 30;

  private static final Comparator<LtxFileInfo> BY_MIN =
      Comparator.comparing(LtxFileInfo::minTxid).thenComparing(LtxFileInfo::maxTxid);

  private final List<LtxFileInfo> files;
  private final int level;
  private final long intervalMillis;
  private final long nowMillis;
  private final List<List<LtxFileInfo>> merges = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();
  private List<LtxFileInfo> group = new ArrayList<>();
  private long groupBytes;
  private long interval;
  private long nextMillis = NextMerge.NEVER;

  private DueMerges(List<LtxFileInfo> files, int level, long intervalMillis, long nowMillis) {
    this.files = files;
    this.level = level;
    this.intervalMillis = intervalMillis;
    this.nowMillis = nowMillis;
    findAll();
  }

  /**
   * @param files all that the replica has, of all levels
   * @param level 1 or higher
   */
  static DueMerges into(int level, List<LtxFileInfo> files, Ladder ladder, long nowMillis) {
    return new DueMerges(files, level, ladder.intervalMillis(level), nowMillis);
  }

  /** The inputs of each, oldest first. */
  List<List<LtxFileInfo>> merges() {
    return Collections.unmodifiableList(merges);
  }

  /** What cannot be merged, and why, in words. */
  List<String> obstacles() {
    return Collections.unmodifiableList(obstacles);
  }

  /** When what is not due yet will be; {@link NextMerge#NEVER} if another file must come first. */
  long nextMillis() {
    return nextMillis;
  }

  private void findAll() {
    long reached = reached(level, files);
    List<LtxFileInfo> sources = sources(reached);
    Map<Long, LtxFileInfo> ways = furthestWays(sources);
    LtxFileInfo last = null;
    for (LtxFileInfo file : sources) {
      long next = last == null ? 0 : last.maxTxid().value() + 1;
      boolean isHeld = last != null && file.maxTxid().value() < next;
      LtxFileInfo way = ways.get(begins(file));
      if (isHeld || way == null || !way.equals(file)) {
        continue; // others that were taken hold the same TXIDs
      }
      if (last != null && begins(file) < next) {
        obstacles.add(
            file + " overlaps " + last + ": nothing behind it is merged into level " + level);
        break;
      }
      if (begins(file) != next) {
        if (!mayBegin(file, reached, last)) {
          break;
        }
        endRun();
      }
      add(file);
      last = file;
    }
    endRun();
  }

  /**
   * Of the files that begin with a TXID, the one from which a chain without gap or overlap leads
   * furthest. Two writers may have merged the same files at other places.
   */
  private static Map<Long, LtxFileInfo> furthestWays(List<LtxFileInfo> sources) {
    Map<Long, LtxFileInfo> ways = new HashMap<>();
    Map<Long, Long> ends = new HashMap<>();
    for (int i = sources.size() - 1; i >= 0; i--) {
      LtxFileInfo file = sources.get(i);
      long own = file.maxTxid().value();
      long end = ends.getOrDefault(own + 1, own);
      if (end > ends.getOrDefault(begins(file), 0L)) {
        ends.put(begins(file), end);
        ways.put(begins(file), file);
      }
    }
    return ways;
  }

  /** The newest TXID of the level; 0 if it has none. */
  static long reached(int level, List<LtxFileInfo> files) {
    long newest = 0;
    for (LtxFileInfo file : files) {
      if (file.level() == level) {
        newest = Math.max(newest, file.maxTxid().value());
      }
    }
    return newest;
  }

  /** A base stays where it is: it would be stored once more on each level. */
  private List<LtxFileInfo> sources(long reached) {
    List<LtxFileInfo> sources = new ArrayList<>();
    for (LtxFileInfo file : files) {
      if (file.level() == level - 1
          && file.maxTxid().value() > reached
          && !file.minTxid().equals(Txid.FIRST)) {
        sources.add(file);
      }
    }
    sources.sort(BY_MIN);
    return sources;
  }

  /** A level may begin, or go on behind a gap, where a base makes up for what is missing. */
  private boolean mayBegin(LtxFileInfo file, long reached, @Nullable LtxFileInfo last) {
    if (begins(file) <= reached) {
      obstacles.add(
          file
              + " holds TXIDs that level "
              + level
              + " has, and others: nothing behind it is merged into that level");
      return false;
    }
    if (last == null && begins(file) == reached + 1) {
      return true;
    }
    for (LtxFileInfo base : files) {
      if (base.isUsable()
          && base.minTxid().equals(Txid.FIRST)
          && base.maxTxid().value() >= begins(file) - 1) {
        return true;
      }
    }
    obstacles.add(
        "TXIDs are missing before "
            + file
            + ", and no snapshot makes up for them: nothing from there on is merged into level "
            + level);
    return false;
  }

  private static long begins(LtxFileInfo file) {
    return file.minTxid().value();
  }

  private void add(LtxFileInfo file) {
    // Times of a listing may run backwards; intervals do not.
    long own = Math.floorDiv(file.createdMillis(), intervalMillis);
    long next = group.isEmpty() ? own : Math.max(interval, own);
    boolean isFull = group.size() >= MAX_FILES || groupBytes + file.sizeBytes() > MAX_BYTES;
    if (group.size() > 1 && (next != interval || isFull)) {
      end();
    }
    interval = next;
    group.add(file);
    groupBytes += file.sizeBytes();
  }

  private void endRun() {
    long endMillis = (interval + 1) * intervalMillis;
    if (group.size() > 1 && endMillis <= nowMillis) {
      end();
    } else if (group.size() > 1) {
      nextMillis = Math.min(nextMillis, endMillis);
    }
    begin();
  }

  private void end() {
    merges.add(Collections.unmodifiableList(group));
    begin();
  }

  private void begin() {
    group = new ArrayList<>();
    groupBytes = 0;
  }
}
