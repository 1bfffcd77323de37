package io.walsync.restore;

import java.io.File;
import java.io.IOException;

/**
 * Checks a restored database before it takes its place. Implemented by callers that have an SQLite.
 */
public interface IntegrityCheck {

  /** Checks nothing beyond the checksums of the files. */
  IntegrityCheck NONE =
      new IntegrityCheck() {
        @Override
        public void check(File database) {}
      };

  /**
   * @param database the restored file under its temporary name, which must be left unchanged
   * @throws IOException if it is not sound; the restore fails and the file is removed
   */
  void check(File database) throws IOException;
}
