package io.walsync.db.tail;

import io.walsync.wal.WalPosition;
import java.util.Objects;
import java.util.Set;

/**
 * Where the last look at a WAL ended: enough for a later tail to prove that it has missed nothing,
 * if somebody has kept the wal-index open until then. Were all of them killed in between, SQLite's
 * count has begun anew.
 *
 * <p>Threading: immutable.
 */
public final class WalPlace {

  private final WalPosition position;
  private final int changeCount;
  private final Object indexKey;
  private final Set<String> holders;
  private final boolean isKept;

  /**
   * @param position null before the first frame
   * @param changeCount SQLite's there
   * @param indexKey of the wal-index that was read
   * @param holders processes beside this one that have it open
   * @param isKept whether this process is known to keep it open
   */
  WalPlace(
      WalPosition position, int changeCount, Object indexKey, Set<String> holders, boolean isKept) {
    this.position = position;
    this.changeCount = changeCount;
    this.indexKey = indexKey;
    this.holders = holders;
    this.isKept = isKept;
  }

  /** Whether it stands where {@code saved} does; null before the first frame. */
  public boolean isAt(WalPosition saved) {
    return Objects.equals(position, saved);
  }

  /** The same, where this process is known to have kept the wal-index open all the time. */
  public WalPlace keptHere() {
    return new WalPlace(position, changeCount, indexKey, holders, true);
  }

  /** Whether it was in this wal-index. */
  boolean isOf(Object otherKey) {
    return indexKey.equals(otherKey);
  }

  WalPosition position() {
    return position;
  }

  int changeCount() {
    return changeCount;
  }

  Set<String> holders() {
    return holders;
  }

  boolean isKept() {
    return isKept;
  }
}
