package io.walsync.db.application;

import io.walsync.hook.FileConnection;

/**
 * Turns the autocheckpoint of the application's connections off while the agent checkpoints, and on
 * again afterwards. Connections that have set it themselves are left alone.
 *
 * <p>Threading: the database's thread; {@link #opened} from anywhere.
 */
public final class Autocheckpoint {

  /** Pages; the default of SQLite and of every sqlite-jdbc. */
  private static final int SQLITE_PAGES = 1000;

  private static final int NEVER = 0;

  private final Connections connections;
  private final boolean isWanted;
  private volatile boolean isTakenOver;

  /** Whether the database has been looked at, so that a checkpoint loses nothing any more. */
  private volatile boolean isLookedAt;

  /**
   * @param isWanted whether the agent is configured to checkpoint
   */
  public Autocheckpoint(Connections connections, boolean isWanted) {
    this.connections = connections;
    this.isWanted = isWanted;
  }

  /** Handles a new connection, which begins with SQLite's default. */
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

  /** Turns it off, because the agent captures the database now and checkpoints it. */
  public void takeOver() {
    if (isWanted) {
      isTakenOver = true;
      request(NEVER);
    }
    lookedAt();
  }

  /** Turns it on again, because the agent does not checkpoint any more. */
  public void giveBack() {
    if (isTakenOver) {
      isTakenOver = false;
      request(SQLITE_PAGES);
    }
    lookedAt();
  }

  /** Lets the connections checkpoint that were kept from it since they were opened. */
  public void lookedAt() {
    isLookedAt = true;
    connections.all().forEach(FileConnection::releaseCheckpoints);
  }

  private void request(int pageCount) {
    connections.all().forEach(connection -> connection.requestAutocheckpoint(pageCount));
  }
}
