package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import java.io.IOException;

/**
 * Called as a restore proceeds; does nothing by default. Implementations return at once and throw
 * nothing. Methods marked "from any thread" are called from several threads.
 */
public interface RestoreProgress {

  /** Does nothing. */
  RestoreProgress NONE = new RestoreProgress() {};

  /** A file is left out, since it is of another history of the database. */
  default void foreign(LtxFileInfo file) {}

  /** The files are known; counts start again at 0, as they do after {@link #replanning}. */
  default void planned(RestorePlan plan) {}

  /** More bytes have come from the replica. From any thread. */
  default void fetched(long bytes) {}

  /** More pages have been written. From any thread. */
  default void written(int pages) {}

  /** A file has come in completely. From any thread. */
  default void fileRead(LtxFileInfo file) {}

  /** A request failed or broke off; it goes on where it broke. From any thread. */
  default void retrying(IOException cause, long waitMillis) {}

  /** Retention removed a file of the plan; a new plan is made. */
  default void replanning(LtxFileMissingException cause) {}

  /** The replaced file's mode, owner or group could not be given to the new one. */
  default void accessNotKept() {}

  /** All pages are written; what is left is fsync, the integrity check and the rename. */
  default void finishing() {}
}
