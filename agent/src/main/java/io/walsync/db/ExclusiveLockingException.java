package io.walsync.db;

import java.sql.SQLException;

/** The application keeps the database for one connection of its own. */
final class ExclusiveLockingException extends SQLException {

  private static final long serialVersionUID = 1L;

  ExclusiveLockingException() {
    super(
        "the application has set locking_mode=EXCLUSIVE, with which SQLite lets nobody but that one"
            + " connection read the database. It is replicated when that connection is closed or sets"
            + " locking_mode=NORMAL; remove the setting to have every commit replicated");
  }
}
