package io.walsync.db.lineage;

import java.io.IOException;

/** What lies in the staging folder does not tell what the database is: the replica is asked. */
public final class LineageUnknownException extends IOException {

  private static final long serialVersionUID = 1;

  public LineageUnknownException() {
    super("only the replica can tell whether the database is its newest state");
  }
}
