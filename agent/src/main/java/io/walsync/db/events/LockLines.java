package io.walsync.db.events;

import org.slf4j.Logger;

/** What is told of locks that the application has dropped, or keeps, and of what comes of it. */
final class LockLines {

  private LockLines() {}

  /**
   * @param path of the database
   */
  static void inDoubt(Logger log, Object path, String why) {
    log.warn(
        "{}: the last commit is not replicated yet: {}. Any statement will do, such as SELECT 1,"
            + " after the open transaction and with no result unread",
        path,
        why);
  }

  /**
   * @param path of the database
   * @param isRestored whether the agent has taken the lock again
   */
  static void fileLockLost(Logger log, Object path, boolean isRestored) {
    log.error(
        "{}: something in this process opened and closed the database file itself (a copy, a"
            + " checksum, an archiver), and with that the kernel dropped SQLite's lock on it. {}",
        path,
        isRestored
            ? "The agent has taken the lock again; until then another process that opened the"
                + " database could have removed the WAL with commits in it. Copy it with"
                + " \"backup to\" or VACUUM INTO instead"
            : "Until the application closes all its connections, another process that opens the"
                + " database can remove the WAL with commits in it. Close them now");
  }

  /**
   * @param path of the database
   */
  static void shmLockLost(Logger log, Object path) {
    log.error(
        "{}: something in this process opened and closed the -shm file, and with that the kernel"
            + " dropped SQLite's locks on it. Another process that opens the database can corrupt it"
            + " until the application has closed all its connections. Close them now",
        path);
  }

  /**
   * @param path of the database
   */
  static void walRemoved(Logger log, Object path) {
    log.error(
        "{}: the -wal and -shm files were removed while this process had the database open."
            + " Usually something in this process opened and closed the database file (a copy, a"
            + " checksum, an archiver), with which the kernel drops SQLite's locks, and another"
            + " process then took itself for the only one. What is committed from now on is in a"
            + " file without a name, and lost if this process is killed. Close all connections"
            + " now, in every process: SQLite then writes it into the database",
        path);
  }
}
