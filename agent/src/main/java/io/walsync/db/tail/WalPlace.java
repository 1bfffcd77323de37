package io.walsync.db.tail;

import io.walsync.wal.WalPosition;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The place at which the last look at a WAL ended. It is enough for a later tail to prove that it
 * has missed nothing, provided that some process has kept the wal-index open until then. Otherwise
 * SQLite may have begun to count anew.
 *
 * <p>Threading: immutable.
 */
public final class WalPlace {

  private final @Nullable WalPosition position;
  private final int changeCount;
  private final Object indexKey;
  private final Set<String> holders;
  private final boolean isKept;

  /**
   * @param position null before the first frame
   * @param changeCount {@link io.walsync.wal.WalCount#changeCount} at the position
   * @param indexKey key of the wal-index that was read
   * @param holders processes beside this one that have it open
   * @param isKept whether this process is known to keep it open
   */
  WalPlace(
      @Nullable WalPosition position,
      int changeCount,
      Object indexKey,
      Set<String> holders,
      boolean isKept) {
    this.position = position;
    this.changeCount = changeCount;
    this.indexKey = indexKey;
    this.holders = holders;
    this.isKept = isKept;
  }

  /** Whether its position equals {@code saved}; null before the first frame. */
  public boolean isAt(@Nullable WalPosition saved) {
    return Objects.equals(position, saved);
  }

  /** A copy that says that this process has kept the wal-index open all the time. */
  public WalPlace keptHere() {
    return new WalPlace(position, changeCount, indexKey, holders, true);
  }

  /** Whether it is a place in this wal-index. */
  boolean isOf(@Nullable Object otherKey) {
    return indexKey.equals(otherKey);
  }

  /** Null before the first frame. */
  @Nullable WalPosition position() {
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
