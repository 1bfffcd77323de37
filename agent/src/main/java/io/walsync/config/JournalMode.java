package io.walsync.config;

/** What to do with a database that is not in WAL mode. */
public enum JournalMode {
  /** Switch it to WAL, which is persistent. */
  WAL,
  /** Leave it as it is; a database in another mode is not replicated. */
  KEEP
}
