package io.walsync.db.events;

import java.io.File;
import java.io.IOException;

/**
 * Another process has locked the staging folder. It replicates the database, the commits of this
 * process included.
 */
public final class ReplicatedElsewhereException extends IOException {

  private static final long serialVersionUID = 1L;

  public ReplicatedElsewhereException(File stagingFolder) {
    super("another process holds " + stagingFolder);
  }
}
