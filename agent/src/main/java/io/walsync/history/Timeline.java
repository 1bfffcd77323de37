package io.walsync.history;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The states of a database that can be restored from the files of a replica: the end of each file
 * that an unbroken chain of files reaches. Immutable.
 */
public final class Timeline {

  /** A state that can be restored. */
  public static final class Point {
    private final Txid txid;
    private final long millis;

    Point(Txid txid, long millis) {
      this.txid = txid;
      this.millis = millis;
    }

    public Txid txid() {
      return txid;
    }

    /** Time of its commit as the replica lists it; milliseconds since the Unix epoch. */
    public long millis() {
      return millis;
    }
  }

  /** Consecutive states of the same precision. */
  public static final class Range {
    private final Point first;
    private @Nullable Point last;
    private int pointCount = 1;
    private boolean isEveryTxid = true;
    private long widestMillis;

    Range(Point first) {
      this.first = first;
    }

    private boolean takes(Point next) {
      boolean isNext = next.txid.value() == last().txid.value() + 1;
      return pointCount == 1 || isNext == isEveryTxid;
    }

    private void add(Point next) {
      isEveryTxid = next.txid.value() == last().txid.value() + 1;
      widestMillis = Math.max(widestMillis, next.millis - last().millis);
      last = next;
      pointCount++;
    }

    public Point first() {
      return first;
    }

    public Point last() {
      return last == null ? first : last;
    }

    public int pointCount() {
      return pointCount;
    }

    /**
     * Whether every TXID of the range can be restored. If not, the others lie inside merged files.
     */
    public boolean isEveryTxid() {
      return isEveryTxid;
    }

    /** The longest time between two states that follow each other, in milliseconds. */
    public long widestMillis() {
      return widestMillis;
    }
  }

  /** TXIDs that no file holds, so that the states after them cannot be restored. */
  public static final class Gap {
    private final Txid firstMissing;
    private final Txid lastMissing;
    private final Txid lastLost;

    Gap(Txid firstMissing, Txid lastMissing, Txid lastLost) {
      this.firstMissing = firstMissing;
      this.lastMissing = lastMissing;
      this.lastLost = lastLost;
    }

    public Txid firstMissing() {
      return firstMissing;
    }

    public Txid lastMissing() {
      return lastMissing;
    }

    /** The last state that cannot be restored because of it. */
    public Txid lastLost() {
      return lastLost;
    }
  }

  private static final Comparator<LtxFileInfo> BY_END =
      Comparator.comparing(LtxFileInfo::maxTxid).thenComparing(LtxFileInfo::minTxid);

  private final List<Point> points = new ArrayList<>();
  private final List<Range> ranges = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final List<LtxFileInfo> snapshots = new ArrayList<>();
  private final List<LtxFileInfo> files;
  private final long sizeBytes;

  private Timeline(List<LtxFileInfo> files) {
    this.files = new ArrayList<>(files);
    long size = 0;
    for (LtxFileInfo file : files) {
      size += file.sizeBytes();
      if (file.isBase()) {
        snapshots.add(file);
      }
    }
    sizeBytes = size;
    snapshots.sort(BY_END);
    readPoints();
    readRanges();
  }

  /**
   * @param files all that the replica lists, of all levels, in any order
   */
  public static Timeline of(List<LtxFileInfo> files) {
    return new Timeline(files);
  }

  /**
   * What would be left without some files.
   *
   * @param gone the files to leave out, recognised by level and name: their times may differ
   */
  public Timeline without(Collection<LtxFileInfo> gone) {
    List<LtxFileInfo> left = new ArrayList<>();
    for (LtxFileInfo file : files) {
      boolean isGone = false;
      for (LtxFileInfo each : gone) {
        isGone |= each.level() == file.level() && each.fileName().equals(file.fileName());
      }
      if (!isGone) {
        left.add(file);
      }
    }
    return new Timeline(left);
  }

  private void readPoints() {
    List<LtxFileInfo> sorted = new ArrayList<>(files);
    sorted.sort(BY_END);
    long reached = 0;
    LtxFileInfo lowestLost = null;
    LtxFileInfo lastLost = null;
    for (LtxFileInfo file : sorted) {
      boolean isKnown = file.maxTxid().value() == reached;
      if (isKnown || !file.isUsable()) {
        if (isKnown && file.isUsable()) {
          seenEarlier(file.createdMillis());
        }
        continue;
      }
      if (file.minTxid().value() - 1 <= reached) {
        addGap(reached, lowestLost, lastLost);
        lowestLost = null;
        points.add(new Point(file.maxTxid(), file.createdMillis()));
        reached = file.maxTxid().value();
      } else {
        lowestLost = lowestLost == null || isBelow(file, lowestLost) ? file : lowestLost;
        lastLost = file;
      }
    }
    addGap(reached, lowestLost, lastLost);
  }

  /** Of two files that end with one state, a merged one was stored later. */
  private void seenEarlier(long millis) {
    int last = points.size() - 1;
    if (millis < points.get(last).millis()) {
      points.set(last, new Point(points.get(last).txid(), millis));
    }
  }

  private static boolean isBelow(LtxFileInfo file, LtxFileInfo other) {
    return file.minTxid().compareTo(other.minTxid()) < 0;
  }

  private void addGap(
      long reached, @Nullable LtxFileInfo lowestLost, @Nullable LtxFileInfo lastLost) {
    if (lowestLost != null && lastLost != null) {
      gaps.add(
          new Gap(
              Txid.of(reached + 1), Txid.of(lowestLost.minTxid().value() - 1), lastLost.maxTxid()));
    }
  }

  private void readRanges() {
    int gap = 0;
    Range range = null;
    for (Point point : points) {
      boolean isBehindGap =
          gap < gaps.size() && gaps.get(gap).firstMissing.compareTo(point.txid) <= 0;
      if (range != null && !isBehindGap && range.takes(point)) {
        range.add(point);
      } else {
        range = new Range(point);
        ranges.add(range);
      }
      gap += isBehindGap ? 1 : 0;
    }
  }

  /** Every state that can be restored, oldest first. */
  public List<Point> points() {
    return Collections.unmodifiableList(points);
  }

  /** The newest state that can be restored; null if there is none. */
  public @Nullable Txid newest() {
    return points.isEmpty() ? null : points.get(points.size() - 1).txid();
  }

  /** The same states, grouped by precision. */
  public List<Range> ranges() {
    return Collections.unmodifiableList(ranges);
  }

  /** The oldest state behind a gap; null if nothing can be restored behind it. */
  public @Nullable Point firstBehind(Gap gap) {
    for (Point point : points) {
      if (point.txid.compareTo(gap.lastLost) > 0) {
        return point;
      }
    }
    return null;
  }

  public List<Gap> gaps() {
    return Collections.unmodifiableList(gaps);
  }

  /** Whole images of the database, oldest first. */
  public List<LtxFileInfo> snapshots() {
    return Collections.unmodifiableList(snapshots);
  }

  public int fileCount() {
    return files.size();
  }

  public long sizeBytes() {
    return sizeBytes;
  }
}
