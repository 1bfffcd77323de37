package io.walsync.db.application;

import java.sql.SQLException;

/** The application keeps the database to one connection of its own, and it cannot be replicated. */
public final class ExclusiveLockingException extends SQLException {

  private static final long serialVersionUID = 1L;

  private static final String SETTING =
      "the application has set locking_mode=EXCLUSIVE, with which SQLite lets nobody but that one"
          + " connection read the database";

  private ExclusiveLockingException(String reason) {
    super(SETTING + ", " + reason);
  }

  public static ExclusiveLockingException inRollbackMode() {
    return new ExclusiveLockingException(
        "in rollback-journal mode: there it cannot be followed, nor switched to WAL from outside."
            + " It is replicated when that connection sets journal_mode=WAL or"
            + " locking_mode=NORMAL, or is closed");
  }

  public static ExclusiveLockingException notTold() {
    return new ExclusiveLockingException(
        "and this system does not tell (/proc/locks) whether it has the file to itself. It is"
            + " replicated when that connection sets locking_mode=NORMAL or is closed; remove the"
            + " setting to have every commit replicated");
  }

  public static ExclusiveLockingException notTaken() {
    return new ExclusiveLockingException(
        "and has not used it since (or has set it on several connections). Every commit is"
            + " replicated from its first use on");
  }

  public static ExclusiveLockingException notGivenBack() {
    return new ExclusiveLockingException(
        "and although it may have set locking_mode=NORMAL since, SQLite gives the file back only"
            + " when that connection's open transaction, running statement or unread result ends."
            + " Within seconds of that, every commit is replicated");
  }

  public static ExclusiveLockingException notCounted() {
    return new ExclusiveLockingException(
        "and no statement of it has ended since (one is running, or its result was not read to the"
            + " end or closed, or there was none): what it has committed cannot be told before one"
            + " does. Within seconds of that, every commit is replicated");
  }
}
