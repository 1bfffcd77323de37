package io.walsync.history.compaction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * How coarse the levels of a replica are: a file of a level ends where one of its intervals does,
 * counted from the Unix epoch, as Litestream's do. Immutable.
 */
public final class Ladder {

  /** As Litestream has it: the level above the last is that of the snapshots. */
  public static final int MAX_LEVELS = 8;

  /** Litestream's: half a minute, five minutes, an hour. */
  public static final Ladder DEFAULT =
      new Ladder(Arrays.asList(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1)));

  private final List<Duration> intervals;

  /**
   * @param intervals of levels 1, 2 and so on; each at least 1 ms
   */
  public Ladder(List<Duration> intervals) {
    if (intervals.size() > MAX_LEVELS) {
      throw new IllegalArgumentException("more than " + MAX_LEVELS + " levels");
    }
    for (Duration interval : intervals) {
      if (interval.toMillis() < 1) {
        throw new IllegalArgumentException("an interval of " + interval);
      }
    }
    this.intervals = Collections.unmodifiableList(new ArrayList<>(intervals));
  }

  /** The highest level; 0 if nothing is merged. */
  public int top() {
    return intervals.size();
  }

  /**
   * @param level 1 to {@link #top}
   */
  public long intervalMillis(int level) {
    return intervals.get(level - 1).toMillis();
  }
}
