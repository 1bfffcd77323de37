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
}
