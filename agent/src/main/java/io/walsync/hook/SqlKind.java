package io.walsync.hook;

/** What a statement may do that concerns replication. */
enum SqlKind {
  /** Never commits anything. */
  READ,
  /** As {@link #READ}, and reads no table: takes no lock, however long its row is not read. */
  READ_NOTHING,
  /** May commit when it ends. */
  WRITE,
  /** Opens an explicit transaction. */
  BEGIN,
  /** Ends an explicit transaction. */
  END,
  /**
   * Savepoints and statement strings of several statements: whether a transaction is open
   * afterwards is not known.
   */
  UNSURE,
  /** An application's own FULL, RESTART or TRUNCATE checkpoint, or what may be several things. */
  EXCLUSIVE,
  /**
   * Changes the locking mode and nothing else. SQLite does it at the first step and reads and
   * writes no file for it, however long the row of its answer is not read.
   */
  LOCKING_MODE,
  /** Asks for a journal mode other than WAL. */
  ROLLBACK_MODE,
  /** Asks for WAL mode, as many applications do on each connection: idle where it is in force. */
  WAL_MODE,
  /** The application sets its own checkpoint interval. */
  AUTOCHECKPOINT,
  /** Opens one more database on the connection. */
  ATTACH,
  /** Closes an attached database. */
  DETACH;

  /** Whether it never commits anything. */
  boolean isRead() {
    return this == READ || this == READ_NOTHING;
  }
}
