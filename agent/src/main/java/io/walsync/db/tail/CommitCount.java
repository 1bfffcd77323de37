package io.walsync.db.tail;

import io.walsync.files.DatabaseFile;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalPosition;
import java.io.File;
import java.io.IOException;
import java.util.Collections;
import java.util.Set;

/**
 * Reads SQLite's count of what is committed: from the wal-index beside the database, or, if SQLite
 * has that in memory, from the sole connection.
 *
 * <p>Threading: one thread at a time.
 */
final class CommitCount {

  private final File database;

  /** Counts if SQLite has its wal-index in memory; else null. */
  private final SoleCount sole;

  /** Null until there is a wal-index, and always null beside {@link #sole}. */
  private WalIndex index;

  CommitCount(File database, SoleCount sole) {
    this.database = database;
    this.sole = sole;
  }

  /** The present count; null if there is none. */
  WalCount now(WalFile wal) throws IOException {
    if (sole != null) {
      return sole.count(wal);
    }
    return index() == null ? null : index.count();
  }

  private WalIndex index() throws IOException {
    if (index == null && sole == null) {
      index = WalIndex.of(database);
      if (index != null) {
        index.addReader();
      }
    }
    return index;
  }

  /** Whether a count was ever found. */
  boolean isFound() {
    return sole != null || index != null;
  }

  /** Whether there is a wal-index. */
  boolean hasIndex() {
    return index != null;
  }

  /** Whether the wal-index that is open here is the one beside the database. */
  boolean isIndexInPlace() {
    return index != null && index.isBeside(database);
  }

  // ---- which life of it

  /** Identity of the count; it changes when SQLite begins to count anew. Null if there is none. */
  Object key() throws IOException {
    index();
    return isFound() ? knownKey() : null;
  }

  private Object knownKey() {
    return sole != null ? sole : index.key();
  }

  /**
   * The place that a later tail needs to go on from a position. The count must be {@link #isFound
   * found}.
   *
   * @param changeCount {@link WalCount#changeCount} at the position
   */
  WalPlace place(WalPosition position, int changeCount) {
    return sole != null
        ? new WalPlace(position, changeCount, sole, Collections.<String>emptySet(), true)
        : new WalPlace(position, changeCount, index.key(), index.otherHolders(database), false);
  }

  /**
   * Whether SQLite has counted on since a place without beginning anew. The place must be {@link
   * WalPlace#isOf of} this count; null for no place.
   */
  boolean hasCountedThroughSince(WalPlace place) {
    if (place == null || place.isKept()) {
      return true;
    }
    Set<String> now =
        place.holders().isEmpty() ? Collections.<String>emptySet() : index.holders(database);
    return !Collections.disjoint(now, place.holders());
  }

  // ---- of one connection

  /** Whether one connection keeps the database to itself, and the count with it. */
  boolean isKeptAlone() {
    return sole != null;
  }

  /** Whether no commit was missed before the present run, by the sole connection's count. */
  boolean isRunFollowedFrom(int changeCount) {
    return sole.isRunFollowedFrom(changeCount);
  }

  /** Whether the sole connection may have restarted the WAL. */
  boolean isDisturbed() {
    return sole != null && !sole.isUndisturbed();
  }

  // ---- the end

  /** As {@link WalTail#close}. */
  void close() {
    if (index != null) {
      index.removeReader();
      index = null;
    }
  }

  /** As {@link WalTail#closeRemoved}. */
  void closeRemoved(DatabaseFile file) {
    if (index != null) {
      WalIndex closing = index;
      boolean isRemoved = !closing.isBeside(database) && file.isAt(database);
      close();
      if (isRemoved) {
        closing.close();
      }
    }
  }
}
