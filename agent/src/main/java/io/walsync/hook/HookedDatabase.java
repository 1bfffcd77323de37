package io.walsync.hook;

/** The database of a connection, as its hook calls it, on application threads. */
public interface HookedDatabase {

  /** A database that is not replicated. */
  HookedDatabase NONE =
      new HookedDatabase() {
        @Override
        public void committed() {}

        @Override
        public void awaitTurnstile() {}

        @Override
        public boolean isInWalMode() {
          return true;
        }

        @Override
        public boolean isDoorUsed() {
          return false;
        }

        @Override
        public void letGo(FileConnection connection, boolean isClosing) {}

        @Override
        public void stays(FileConnection connection) {}

        @Override
        public void takeHold(FileConnection connection) {}

        @Override
        public void closed(FileConnection connection) {}
      };

  /**
   * A call that may have committed has returned. Takes no lock and allocates nothing; the first
   * after a look at the WAL wakes a thread of the agent's, and competes for that with those of
   * other databases only.
   */
  void committed();

  /**
   * The caller has just committed and holds no lock: lets the agent pass if it wants the write
   * lock; bounded.
   */
  void awaitTurnstile();

  /** Whether a request for WAL mode would change nothing. Wait-free; false if not known. */
  boolean isInWalMode();

  /**
   * Whether the agent may be about to take locks that the application would meet: to switch the
   * database to WAL mode, or as the first that reads it, or as the last that closes it. Wait-free.
   */
  default boolean isDoorUsed() {
    return !isInWalMode();
  }

  /**
   * Called before the application does something that an agent connection would be in the way of.
   * Returns when everything committed is copied and the agent's connections are closed, or after a
   * bound.
   *
   * @param isClosing whether the connection is going away
   */
  void letGo(FileConnection connection, boolean isClosing);

  /**
   * As {@link #letGo}, for a checkpoint that the agent makes on the connection's thread. Waits for
   * some milliseconds only.
   *
   * @return whether everything committed may have been copied
   */
  default boolean letGoBriefly(FileConnection connection) {
    return false;
  }

  /** The connection that was about to close stays open. */
  void stays(FileConnection connection);

  /** The agent may take hold again: what {@link #letGo} was called for is over. */
  void takeHold(FileConnection connection);

  /**
   * A hook failed on a thread of the application, so an event may be lost. Neither waits nor
   * allocates.
   */
  default void hookFailed(Throwable fault) {}

  /** The connection was closed before it was assigned to this database. */
  default void closedBefore(FileConnection connection) {}

  /** The connection is closed. */
  void closed(FileConnection connection);
}
