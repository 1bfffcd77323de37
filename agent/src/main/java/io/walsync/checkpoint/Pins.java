package io.walsync.checkpoint;

import io.walsync.sqlite.CheckpointResult;
import io.walsync.sqlite.HostConnection;
import io.walsync.sqlite.HostDriver;
import java.io.Closeable;
import java.io.File;
import java.sql.SQLException;

/**
 * Read transactions on two agent connections, handed over so that one always stands.
 *
 * <p>States of a pin: <em>firm</em>, its read mark is known not to be zero, so the WAL cannot
 * restart; or not firm, at most one restart may pass, and only once everything below was backfilled
 * when the pin was taken.
 *
 * <p>Invariant: between {@link #take()} and {@link #close()} there is no moment without a pin,
 * except in the hold of a {@link Checkpointer}, where the write lock stands in.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Pins implements Closeable {

  private final HostDriver driver;
  private final File database;
  private HostConnection holder;
  private HostConnection spare;
  private boolean isFirm;

  public Pins(HostDriver driver, File database) {
    this.driver = driver;
    this.database = database;
  }

  /**
   * Takes the first pin.
   *
   * @throws SQLException BUSY while somebody holds the database exclusively
   */
  public void take() throws SQLException {
    HostConnection connection = spare();
    connection.beginRead();
    holder = connection;
    spare = null;
    isFirm = false;
  }

  public boolean isHeld() {
    return holder != null;
  }

  /** Whether the WAL certainly cannot restart. */
  public boolean isFirm() {
    return isFirm;
  }

  /**
   * Takes a new pin beside the old one and lets the old one go.
   *
   * @param hasNewCommits whether commits have appeared since the present pin was taken: then some
   *     frame is not backfilled (the present pin forbids it), and the new pin is firm
   */
  public void advance(boolean hasNewCommits) throws SQLException {
    spare().beginRead();
    dropHolder();
    isFirm = hasNewCommits || isFirm;
  }

  /**
   * Takes a new pin after a complete checkpoint, copies what the old pin still protects, then lets
   * the old one go: the next writer may restart the WAL.
   */
  void advanceAllowingRestart(Checkpointer.Copier copier) throws Exception {
    spare().beginRead();
    try {
      copier.copy();
    } catch (Exception e) {
      spare.rollback();
      throw e;
    }
    dropHolder();
    isFirm = false;
  }

  private void dropHolder() throws SQLException {
    HostConnection dropped = holder;
    holder = spare;
    spare = dropped;
    dropped.rollback();
  }

  /**
   * Checkpoints beside the pin. Nobody can reset the WAL meanwhile, in any process: before SQLite
   * 3.51.3 a checkpoint that ran during a reset could lose commits.
   *
   * @throws IllegalStateException if the pin is not firm
   */
  CheckpointResult checkpointUnderPin() throws SQLException {
    if (!isFirm) {
      throw new IllegalStateException("a checkpoint needs a firm pin or the write lock");
    }
    return spare().checkpointPassive();
  }

  /** The connection without a pin, opened when first needed. */
  HostConnection spare() throws SQLException {
    if (spare == null) {
      spare = driver.open(database);
    }
    return spare;
  }

  /** Closes the connection without a pin, which costs some 150 KB, until it is needed again. */
  public void closeSpare() {
    if (spare != null) {
      HostConnection closing = spare;
      spare = null;
      closing.close();
    }
  }

  HostConnection holder() {
    return holder;
  }

  /** The pin was let go and taken anew while the spare connection held the write lock. */
  void swappedUnderWriteLock() {
    isFirm = false;
  }

  /** Releases the pin and closes both connections. */
  @Override
  public void close() {
    HostConnection[] closing = {holder, spare};
    holder = null;
    spare = null;
    isFirm = false;
    for (HostConnection connection : closing) {
      if (connection != null) {
        connection.close();
      }
    }
  }
}
