package io.walsync.history.compaction;

import java.io.IOException;

/**
 * What the files of a replica make is not what was committed: the checksum of the database is
 * another than the one that was recorded at its commit.
 */
public final class WrongImageException extends IOException {

  private static final long serialVersionUID = 1L;

  public WrongImageException(String message) {
    super(message);
  }
}
