package io.walsync.db.tail;

import io.walsync.files.DatabaseFile;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalPosition;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's count where one connection keeps the database to itself, and the count in its memory:
 * there is no wal-index, and nobody else who could commit.
 *
 * <p>Threading: one thread at a time.
 */
final class KeptCount implements CommitCount {

  private final SoleCount sole;

  KeptCount(SoleCount sole) {
    this.sole = sole;
  }

  @Override
  public @Nullable WalCount now(WalFile wal) throws IOException {
    return sole.count(wal);
  }

  @Override
  public boolean isFound() {
    return true;
  }

  @Override
  public boolean hasIndex() {
    return false;
  }

  @Override
  public boolean isIndexInPlace() {
    return false;
  }

  @Override
  public Object key() {
    return sole;
  }

  @Override
  public WalPlace place(@Nullable WalPosition position, int changeCount) {
    return new WalPlace(position, changeCount, sole, Collections.<String>emptySet(), true);
  }

  /** Always: a place of this count is of the connection that still keeps it. */
  @Override
  public boolean hasCountedThroughSince(@Nullable WalPlace place) {
    return true;
  }

  @Override
  public boolean isFollowed(int changeCount, int growth, int readCount) {
    return sole.isRunFollowedFrom(changeCount);
  }

  @Override
  public boolean isDisturbed() {
    return !sole.isUndisturbed();
  }

  /** Nothing is open: what the connection has is the application's. */
  @Override
  public void close() {}

  @Override
  public void closeRemoved(DatabaseFile file) {}
}
