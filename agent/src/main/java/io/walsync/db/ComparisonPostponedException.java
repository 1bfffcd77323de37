package io.walsync.db;

import java.io.IOException;

/** The database has to be compared with its replica, and not yet. */
final class ComparisonPostponedException extends IOException {

  private static final long serialVersionUID = 1;

  private final long waitNanos;

  ComparisonPostponedException(long waitNanos) {
    super("compared a moment ago");
    this.waitNanos = waitNanos;
  }

  /** How long it is to wait. */
  long waitNanos() {
    return waitNanos;
  }
}
