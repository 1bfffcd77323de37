package io.walsync.db.events;

import io.walsync.replica.LtxFileInfo;
import java.util.List;

/**
 * What happens to the files that a database has in its replica. Told on the compaction thread; else
 * as {@link DbEvents}.
 */
public interface HistoryEvents {

  /** Hears everything and does nothing. */
  HistoryEvents NONE = new HistoryEvents() {};

  /** Files were merged into one, which is stored. */
  default void merged(List<LtxFileInfo> inputs, LtxFileInfo output) {}

  /** A snapshot was made of the replica's files, and is stored. */
  default void snapshotMade(List<LtxFileInfo> inputs, LtxFileInfo snapshot) {}

  /** No snapshot was made: the files in the replica are not what was committed. */
  default void wrongImage(String reason) {}

  /** A snapshot could not be made, twice; it is tried again and again, and merges go on. */
  default void notSnapshot(String reason) {}

  /** Files cannot be merged, and others can. */
  default void notMergeable(String reason) {}

  /** A merge has failed, twice at least; it is tried again and again. */
  default void notMerged(String reason) {}

  /** After {@link #notMerged}. */
  default void mergesAgain() {}

  /** Files that no promise needs were deleted. */
  default void deleted(List<LtxFileInfo> files) {}

  /** Nothing was deleted, or not all that no promise needs; it is tried again later. */
  default void notDeleted(String reason) {}

  /** After {@link #notDeleted}. */
  default void deletesAgain() {}

  /**
   * Nothing is deleted for a time, since it would be more than half of what can be restored.
   *
   * @param stateCount that can be restored
   * @param leftCount that would be left
   * @param untilMillis by the store's clock
   */
  default void deletionHeld(int stateCount, int leftCount, long untilMillis) {}

  /** Files could be deleted, and are not by configuration. */
  default void notToBeDeleted(int fileCount, long bytes) {}
}
