package io.walsync.db.lineage;

import java.io.IOException;

/**
 * The staging folder does not tell whether the database is a continuation of it: the replica has to
 * be asked.
 */
public final class LineageUnknownException extends IOException {

  private static final long serialVersionUID = 1;

  public LineageUnknownException() {
    super("only the replica can tell whether the database is its newest state");
  }
}
