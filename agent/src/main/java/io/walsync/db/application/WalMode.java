package io.walsync.db.application;

import io.walsync.config.JournalMode;
import io.walsync.db.events.DbEvents;
import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.DbSettings;
import io.walsync.files.DatabaseFile;
import io.walsync.hook.Doorway;
import io.walsync.hook.FileConnection;
import io.walsync.host.FileSystemKind;
import io.walsync.io.Clock;
import io.walsync.sqlite.HostConnection;
import io.walsync.sqlite.HostDriver;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Switches a database to WAL mode where that is allowed, since only WAL databases can be
 * replicated. The switch locks the database exclusively for some milliseconds, and an application
 * with {@code busy_timeout=0} would get an error. So no thread of this process may enter SQLite
 * meanwhile. It is never done to an empty file, whose page size and auto_vacuum it would fix.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class WalMode {

  /**
   * No switch happens for this long after an open: many applications open several connections at
   * once, or close at once. In WAL mode the close of one could disturb the first statement of
   * another. While none is open, the first open counts: whoever opens a connection for each
   * statement is not waited for again and again.
   */
  private static final long AFTER_OPEN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /**
   * An application that opens connections without a pause is switched after this long all the same.
   */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * How long the switch waits for running statements and transactions, and holds up new ones:
   * enough for a commit and its fsync.
   */
  private static final long END_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * As above, once the patience is over: also for transactions that follow one another without a
   * gap.
   */
  private static final long IMPATIENT_END_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /**
   * How often that is repeated while it is looked all the time whether a transaction has ended:
   * threads of the application wait for it, and a transaction without a gap behind it is rare.
   */
  private static final long HELD_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final File path;
  private final JournalMode configured;
  private final DbEvents events;
  private final Connections connections;
  private final DbExecutors executors;
  private final BooleanSupplier isEnding;
  private final Clock clock;
  private boolean isWaiting;
  private long waitingSinceNanos;

  /** Whether the last switch waited in vain for those inside, and when it began to. */
  private boolean isHeldUp;

  private long heldUpAtNanos;

  /** Null but for a moment after a switch. */
  private @Nullable HostConnection switched;

  /**
   * @param isEnding whether the process ends: then there is no time for a pause
   */
  public WalMode(
      DbSettings settings,
      Connections connections,
      DbExecutors executors,
      BooleanSupplier isEnding) {
    this.path = settings.path();
    this.configured = settings.config().journalMode();
    this.events = settings.events();
    this.connections = connections;
    this.executors = executors;
    this.isEnding = isEnding;
    this.clock = settings.clock();
  }

  /**
   * @param isAnotherWanted whether the application has asked for another journal mode and has the
   *     database open
   * @throws SQLException if the database is in another mode and stays there; the message says why
   */
  public void require(DatabaseFile file, HostDriver driver, boolean isAnotherWanted)
      throws IOException, SQLException {
    if (file.isWalMode()) {
      return;
    }
    requireAllowed(isAnotherWanted);
    awaitPause();
    awaitEnd();
    HostConnection connection = driver.open(path);
    boolean isSwitched = false;
    try {
      switchAlone(connection);
      isSwitched = true;
    } finally {
      if (isSwitched) {
        switched = connection;
      } else {
        connection.close();
      }
    }
    isWaiting = false;
    isHeldUp = false;
    events.switchedToWal();
  }

  private void requireAllowed(boolean isAnotherWanted) throws SQLException {
    if (isAnotherWanted) {
      throw new SQLException(
          "the application has set another journal mode than WAL itself and has the database"
              + " open; only WAL databases can be replicated");
    }
    if (configured != JournalMode.WAL) {
      throw new SQLException(
          "the database is in rollback-journal mode and its entry says journal-mode: keep;"
              + " only WAL databases can be replicated");
    }
    String fileSystem = FileSystemKind.sharedBetweenMachines(path);
    if (fileSystem != null) {
      throw new SQLException(
          "it is in rollback-journal mode on "
              + fileSystem
              + ", a file system shared between machines, where WAL mode can corrupt it; only WAL"
              + " databases can be replicated. Move it to a local disk");
    }
  }

  /**
   * Whether the switch has left a connection open: as long as it is, the application's connections
   * find the WAL as it is. Each would recover it otherwise, and the others would meet its locks.
   */
  public boolean isOpen() {
    return switched != null;
  }

  /** Closes that connection, which may be a last close. */
  public void leave() {
    if (switched != null) {
      switched.close();
      switched = null;
    }
  }

  private void awaitPause() throws SwitchPostponedException {
    long now = clock.nanoTime();
    if (!isWaiting) {
      isWaiting = true;
      waitingSinceNanos = now;
    }
    if (isImpatient() || isEnding.getAsBoolean()) {
      return;
    }
    long openNanos =
        connections.isAnyOpen()
            ? connections.nanosSinceOpened(now)
            : now - connections.firstOpenedNanos();
    if (connections.openedCount() > 0 && openNanos < AFTER_OPEN_NANOS) {
      throw new SwitchPostponedException(AFTER_OPEN_NANOS - openNanos);
    }
    if (!executors.arriving().isEmpty()) {
      throw new SwitchPostponedException(RETRY_NANOS);
    }
  }

  /** A transaction of some seconds is not waited for at a door that is shut to all others. */
  private void awaitEnd() throws SwitchHeldUpException {
    boolean isDoorDue = !isHeldUp || clock.nanoTime() - heldUpAtNanos >= HELD_UP_NANOS;
    if (!isDoorDue && !isEnding.getAsBoolean() && !Doorway.isNobodyInside(inside())) {
      throw new SwitchHeldUpException();
    }
  }

  /**
   * In this order, as connections move from the first list to the second. One that is in neither
   * has run nothing yet and waits at the door.
   */
  private List<FileConnection> inside() {
    List<FileConnection> inside = executors.arriving();
    inside.addAll(connections.all());
    return inside;
  }

  private boolean isImpatient() {
    return clock.nanoTime() - waitingSinceNanos >= PATIENCE_NANOS;
  }

  private void switchAlone(HostConnection connection)
      throws SwitchPostponedException, SQLException {
    try (Doorway door = Doorway.shut(path)) {
      if (door == null) {
        throw new SwitchPostponedException(RETRY_NANOS);
      }
      long timeoutNanos = isImpatient() ? IMPATIENT_END_NANOS : END_NANOS;
      if (!door.awaitEnd(inside(), timeoutNanos)) {
        isHeldUp = isImpatient();
        heldUpAtNanos = clock.nanoTime();
        throw new SwitchHeldUpException();
      }
      String mode = connection.switchToWal();
      if ("wal".equals(mode)) {
        // Nobody can enter: this is the one that makes the wal-index.
        connection.beginRead();
        connection.rollback();
      } else {
        throw new SQLException("the database stays in journal mode " + mode);
      }
    } catch (SwitchHeldUpException e) {
      throw e;
    } catch (SQLException e) {
      String reason = e.getMessage();
      if (HostConnection.isBusy(e)) {
        reason = SwitchHeldUpException.inUse(reason);
      }
      throw new SQLException(
          SwitchHeldUpException.NOT_SWITCHED + reason, null, e.getErrorCode(), e);
    }
  }
}
