package io.walsync.db.events;

import java.io.File;
import java.io.IOException;

/**
 * Another process holds the staging folder: it replicates the database, and sees the commits of
 * this one.
 */
public final class ReplicatedElsewhereException extends IOException {

  private static final long serialVersionUID = 1L;

  public ReplicatedElsewhereException(File stagingFolder) {
    super("another process holds " + stagingFolder);
  }
}
