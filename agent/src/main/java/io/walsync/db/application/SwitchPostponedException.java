package io.walsync.db.application;

import java.io.IOException;

/** The database cannot be switched to WAL at this moment without getting in somebody's way. */
public final class SwitchPostponedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final long waitNanos;

  /**
   * @param waitNanos nanoseconds until it is worth another try
   */
  SwitchPostponedException(long waitNanos) {
    super("the switch to WAL waits for another moment");
    this.waitNanos = waitNanos;
  }

  public long waitNanos() {
    return waitNanos;
  }
}
