package io.walsync.history.compaction;

import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The merge that is to be made first in a replica, if one is due. Immutable. */
public final class NextMerge {

  /** Nothing will be due before another file is stored. */
  public static final long NEVER = Long.MAX_VALUE;

  private final List<LtxFileInfo> inputs;
  private final long dueMillis;
  private final List<String> obstacles;

  private NextMerge(List<LtxFileInfo> inputs, long dueMillis, List<String> obstacles) {
    this.inputs = inputs;
    this.dueMillis = dueMillis;
    this.obstacles = Collections.unmodifiableList(obstacles);
  }

  /**
   * @param files of the replica, but for what is of another history
   */
  public static NextMerge of(List<LtxFileInfo> files, Ladder ladder, long nowMillis) {
    long next = NEVER;
    List<String> obstacles = new ArrayList<>();
    for (int level = 1; level <= ladder.top(); level++) {
      DueMerges due = DueMerges.into(level, files, ladder, nowMillis);
      obstacles.addAll(due.obstacles());
      if (!due.merges().isEmpty()) {
        return new NextMerge(due.merges().get(0), nowMillis, obstacles);
      }
      next = Math.min(next, due.nextMillis());
    }
    return new NextMerge(Collections.emptyList(), next, obstacles);
  }

  /** Oldest first; empty if none is due. */
  public List<LtxFileInfo> inputs() {
    return inputs;
  }

  /** When one is due, milliseconds since the epoch; {@link #NEVER} if none will be. */
  public long dueMillis() {
    return dueMillis;
  }

  /** What cannot be merged, and why, in words. */
  public List<String> obstacles() {
    return obstacles;
  }
}
