package io.walsync.db.compare;

import java.io.IOException;

/** The database has to be compared with its replica, but not now. */
public final class ComparisonPostponedException extends IOException {

  private static final long serialVersionUID = 1;

  private final long waitNanos;

  ComparisonPostponedException(long waitNanos) {
    super("compared a moment ago");
    this.waitNanos = waitNanos;
  }

  /** How long the comparison has to wait. */
  public long waitNanos() {
    return waitNanos;
  }
}
