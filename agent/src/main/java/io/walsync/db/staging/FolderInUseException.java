package io.walsync.db.staging;

import java.io.File;
import java.io.IOException;

/**
 * This process itself works in the staging folder, for a database that it has open under another
 * path.
 */
public final class FolderInUseException extends IOException {

  private static final long serialVersionUID = 1L;

  FolderInUseException(File folder) {
    super(
        "this process works in "
            + folder
            + " for a database that it has open under another path: a directory was renamed while"
            + " databases in it were open. It ends when the connections opened under the old path"
            + " are closed");
  }
}
