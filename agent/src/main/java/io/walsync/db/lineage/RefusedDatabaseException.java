package io.walsync.db.lineage;

import io.walsync.db.events.Refusal;
import java.io.IOException;

/**
 * The local database must not continue what the replica holds: it is an older state of it, or
 * another database altogether.
 */
public final class RefusedDatabaseException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  RefusedDatabaseException(Refusal refusal) {
    super(refusal.text());
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }
}
