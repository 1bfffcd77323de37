package io.walsync.db.application;

import io.walsync.hook.FileConnection;

/**
 * Who checkpoints at an application's commits: SQLite, or nobody because the agent does it
 * elsewhere. Only connections that have not chosen themselves follow.
 *
 * <p>Threading: the database's thread; {@link #opened} from anywhere.
 */
public final class Autocheckpoint {

  /** Pages; what SQLite and every sqlite-jdbc start with. */
  private static final int SQLITE_PAGES = 1000;

  private static final int NEVER = 0;

  private final Connections connections;
  private final boolean isWanted;
  private volatile boolean isTakenOver;

  /** The database has been looked at: from now on it does not matter who checkpoints it. */
  private volatile boolean isLookedAt;

  /**
   * @param isWanted whether it is to be taken over at all
   */
  public Autocheckpoint(Connections connections, boolean isWanted) {
    this.connections = connections;
    this.isWanted = isWanted;
  }

  /** A connection was opened: it begins with SQLite's own. */
  public void opened(FileConnection connection) {
    if (isTakenOver) {
      connection.requestAutocheckpoint(NEVER);
      if (!isTakenOver) {
        connection.requestAutocheckpoint(SQLITE_PAGES);
      }
    } else if (isLookedAt) {
      connection.releaseCheckpoints();
    }
  }

  /** The agent captures the database now, and checkpoints it. */
  public void takeOver() {
    if (isWanted) {
      isTakenOver = true;
      request(NEVER);
    }
    lookedAt();
  }

  /** Nobody but SQLite would checkpoint any more. */
  public void giveBack() {
    if (isTakenOver) {
      isTakenOver = false;
      request(SQLITE_PAGES);
    }
    lookedAt();
  }

  /** What was held as connections were opened need not be any longer. */
  public void lookedAt() {
    isLookedAt = true;
    connections.all().forEach(FileConnection::releaseCheckpoints);
  }

  private void request(int pageCount) {
    connections.all().forEach(connection -> connection.requestAutocheckpoint(pageCount));
  }
}
