package io.walsync.restore;

import java.io.File;
import java.io.IOException;

/**
 * Looks at a restored database before it takes its place. Whoever has an SQLite at hand implements
 * it.
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
