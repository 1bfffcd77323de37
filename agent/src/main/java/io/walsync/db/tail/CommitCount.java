package io.walsync.db.tail;

import io.walsync.files.DatabaseFile;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalPosition;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's count of what is committed, wherever SQLite keeps it: in the wal-index beside the
 * database ({@link IndexCount}), or in the memory of the one connection that has the database to
 * itself ({@link KeptCount}).
 *
 * <p>Threading: one thread at a time.
 */
interface CommitCount {

  /** The present count; null if there is none. */
  @Nullable WalCount now(WalFile wal) throws IOException;

  /** Whether a count was ever found. */
  boolean isFound();

  /** Whether there is a wal-index. */
  boolean hasIndex();

  /** Whether the wal-index that is open here is the one beside the database. */
  boolean isIndexInPlace();

  /** Identity of the count; it changes when SQLite begins to count anew. Null if there is none. */
  @Nullable Object key() throws IOException;

  /**
   * The place that a later tail needs to go on from a position. The count must be {@link #isFound
   * found}.
   *
   * @param position null before the first frame
   * @param changeCount {@link WalCount#changeCount} at the position
   */
  WalPlace place(@Nullable WalPosition position, int changeCount);

  /**
   * Whether SQLite has counted on since a place without beginning anew. The place must be {@link
   * WalPlace#isOf of} this count; null for no place.
   */
  boolean hasCountedThroughSince(@Nullable WalPlace place);

  /**
   * Whether no commit was missed between a place and the present run, of which some commits were
   * read.
   *
   * @param changeCount {@link WalCount#changeCount} at the place, which is not in the run
   * @param growth by how much the change count has grown since
   * @param readCount commits read in the run
   */
  boolean isFollowed(int changeCount, int growth, int readCount);

  /** Whether the one connection that keeps the count may have restarted the WAL. */
  boolean isDisturbed();

  /** As {@link WalTail#close}. */
  void close();

  /** As {@link WalTail#closeRemoved}. */
  void closeRemoved(DatabaseFile file);
}
