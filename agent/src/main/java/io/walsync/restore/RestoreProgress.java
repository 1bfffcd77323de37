package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import java.io.IOException;

/**
 * Called as a restore proceeds. Implementations return at once and throw nothing. Methods marked
 * "from any thread" are called from several threads.
 */
public interface RestoreProgress {

  /** Does nothing. */
  RestoreProgress NONE =
      new RestoreProgress() {
        @Override
        public void planned(RestorePlan plan) {}

        @Override
        public void fetched(long bytes) {}

        @Override
        public void written(int pages) {}

        @Override
        public void fileRead(LtxFileInfo file) {}

        @Override
        public void retrying(IOException cause, long waitMillis) {}

        @Override
        public void replanning(LtxFileMissingException cause) {}

        @Override
        public void finishing() {}
      };

  /** A file is left out, since it is of another history of the database. */
  default void foreign(LtxFileInfo file) {}

  /** The files are known; counts start again at 0, as they do after {@link #replanning}. */
  void planned(RestorePlan plan);

  /** More bytes have come from the replica. From any thread. */
  void fetched(long bytes);

  /** More pages have been written. From any thread. */
  void written(int pages);

  /** A file has come in completely. From any thread. */
  void fileRead(LtxFileInfo file);

  /** A request failed or broke off; it goes on where it broke. From any thread. */
  void retrying(IOException cause, long waitMillis);

  /** Retention removed a file of the plan; a new plan is made. */
  void replanning(LtxFileMissingException cause);

  /** The replaced file's mode, owner or group could not be given to the new one. */
  default void accessNotKept() {}

  /** All pages are written; what is left is fsync, the integrity check and the rename. */
  void finishing();
}
