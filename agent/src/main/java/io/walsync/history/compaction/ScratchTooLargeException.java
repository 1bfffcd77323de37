package io.walsync.history.compaction;

import java.io.IOException;

/** What has to be merged before an image can be made takes more disk than it may. */
public final class ScratchTooLargeException extends IOException {

  private static final long serialVersionUID = 1L;

  private final long bytes;

  ScratchTooLargeException(long bytes) {
    super("a snapshot needs " + bytes + " bytes on disk while it is made");
    this.bytes = bytes;
  }

  /** How much it would take. */
  public long bytes() {
    return bytes;
  }
}
