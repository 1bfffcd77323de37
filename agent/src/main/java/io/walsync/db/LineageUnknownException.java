package io.walsync.db;

import java.io.IOException;

/** What lies in the staging folder does not tell what the database is: the replica is asked. */
final class LineageUnknownException extends IOException {

  private static final long serialVersionUID = 1;

  LineageUnknownException() {
    super("only the replica can tell whether the database is its newest state");
  }
}
