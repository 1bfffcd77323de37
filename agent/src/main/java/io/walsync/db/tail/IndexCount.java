package io.walsync.db.tail;

import io.walsync.files.DatabaseFile;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalPosition;
import java.io.File;
import java.io.IOException;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads SQLite's count from the wal-index beside the database, once there is one.
 *
 * <p>Threading: one thread at a time.
 */
final class IndexCount implements CommitCount {

  private final File database;

  /** Null until there is a wal-index. */
  private @Nullable WalIndex index;

  IndexCount(File database) {
    this.database = database;
  }

  @Override
  public @Nullable WalCount now(WalFile wal) throws IOException {
    WalIndex open = open();
    return open == null ? null : open.count();
  }

  private @Nullable WalIndex open() throws IOException {
    if (index == null) {
      index = WalIndex.of(database);
      if (index != null) {
        index.addReader();
      }
    }
    return index;
  }

  @Override
  public boolean isFound() {
    return index != null;
  }

  @Override
  public boolean hasIndex() {
    return index != null;
  }

  @Override
  public boolean isIndexInPlace() {
    return index != null && index.isBeside(database);
  }

  @Override
  public @Nullable Object key() throws IOException {
    WalIndex open = open();
    return open == null ? null : open.key();
  }

  @Override
  public WalPlace place(@Nullable WalPosition position, int changeCount) {
    WalIndex found = found();
    return new WalPlace(position, changeCount, found.key(), found.otherHolders(database), false);
  }

  @Override
  public boolean hasCountedThroughSince(@Nullable WalPlace place) {
    if (place == null || place.isKept()) {
      return true;
    }
    Set<String> now =
        place.holders().isEmpty() ? Collections.<String>emptySet() : found().holders(database);
    return !Collections.disjoint(now, place.holders());
  }

  private WalIndex found() {
    WalIndex found = index;
    assert found != null : "no wal-index was found";
    return found;
  }

  /**
   * Where a sector is written as a whole (psow=0), SQLite repeats the last frame of a commit. Which
   * repeated frames are that, and which are commits, cannot be told; so only as many as there are
   * at least prove that none was missed.
   */
  @Override
  public boolean isFollowed(int changeCount, int growth, int readCount) {
    return growth == readCount;
  }

  @Override
  public boolean isDisturbed() {
    return false;
  }

  @Override
  public void close() {
    if (index != null) {
      index.removeReader();
      index = null;
    }
  }

  @Override
  public void closeRemoved(DatabaseFile file) {
    WalIndex closing = index;
    if (closing != null) {
      boolean isRemoved = !closing.isBeside(database) && file.isAt(database);
      close();
      if (isRemoved) {
        closing.close();
      }
    }
  }
}
