package io.walsync.hook;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One database file that one connection of the application's has open: its own, or one that it has
 * attached. For replication, an attached database is a database with one more connection.
 *
 * <p>Threading: public methods from any thread; the others on the connection's thread, under its
 * monitor, except where it says otherwise.
 */
public final class FileConnection {

  /** How long a close waits until the agent has assigned a connection that was just opened. */
  private static final long ATTACH_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ApplicationConnection connection;

  /** Whether it is the connection's own database, not an attached one. */
  private final boolean isMain;

  private final String fileName;

  /** The file that SQLite has open; empty if there is none, null while it has not answered. */
  private volatile @Nullable String file;

  /** Whether the driver cannot be asked which file it is. */
  private volatile boolean isFileSecret;

  private final Runnable hurry;
  private final ApplicationWait attachment = new ApplicationWait();
  private final ApplicationWait departure = new ApplicationWait();
  private volatile boolean isAttached;
  private volatile HookedDatabase database = HookedDatabase.NONE;

  /** While the connection keeps this database to itself; else null. */
  private volatile @Nullable SoleWriter sole;

  /** The next in the list of {@link Arrivals}, or null; under its monitor. */
  private @Nullable FileConnection arrivedAfter;

  private boolean isArriving;

  /**
   * A connection's own database.
   *
   * @param fileName the name that SQLite was given
   * @param file the file that SQLite has open; null if it is not known
   * @param hurry called by a thread that is about to wait for {@link #attach}
   */
  FileConnection(
      ApplicationConnection connection, String fileName, @Nullable String file, Runnable hurry) {
    this(connection, true, fileName, file, hurry);
  }

  private FileConnection(
      ApplicationConnection connection,
      boolean isMain,
      String fileName,
      @Nullable String file,
      Runnable hurry) {
    this.connection = connection;
    this.isMain = isMain;
    this.fileName = fileName;
    this.file = file;
    this.hurry = hurry;
    attachment.ask(null);
  }

  /** A database that the connection of this one has attached. */
  FileConnection attached(String attachedFile) {
    return new FileConnection(connection, false, attachedFile, attachedFile, hurry);
  }

  // ---- which file, and whose

  /** What the application opened: a path, a {@code file:} URI, or a name of no file. */
  public String fileName() {
    return fileName;
  }

  /**
   * The file that SQLite has open, as it says itself; empty for databases in memory and temporary
   * ones; null if it has not been asked yet or the driver cannot be.
   */
  public @Nullable String file() {
    return file;
  }

  /**
   * Whether {@link #file} is known. A driver that cannot be asked in the open itself is asked when
   * a statement has succeeded, and this is reported then.
   */
  public boolean isFileKnown() {
    return file != null || isFileSecret;
  }

  /**
   * @param answer what SQLite has open; null if the driver cannot be asked
   */
  void answered(@Nullable String answer) {
    isFileSecret = answer == null;
    file = answer;
  }

  /**
   * The loader of the driver that the connection belongs to; null for the bootstrap loader, and if
   * the connection is {@link #isDropped}.
   */
  public @Nullable ClassLoader driverLoader() {
    return connection.driverLoader();
  }

  /** Whether the application dropped the connection without closing it: it will never commit. */
  public boolean isDropped() {
    return connection.isDropped();
  }

  /**
   * Whether the application has closed the connection. To be asked of the connection's own
   * database: the end of an attached one is reported only to its {@link HookedDatabase}.
   */
  public boolean isClosedByApplication() {
    return isMain && connection.isClosed();
  }

  /** Whether it {@link #isClosedByApplication} or {@link #isDropped}. */
  public boolean isGone() {
    return isClosedByApplication() || connection.isDropped();
  }

  // ---- the database

  /** Assigns the connection to its database. */
  public void attach(HookedDatabase attachedDatabase) {
    database = attachedDatabase;
    if (attachedDatabase == HookedDatabase.NONE) {
      releaseCheckpoints();
      if (sole != null) {
        connection.giveBackCheckpoints();
      }
    }
    isAttached = true;
    attachment.take();
    attachment.answer();
  }

  /** The database that the connection is assigned to. */
  public HookedDatabase database() {
    return database;
  }

  /** What the connection's thread waits on when the agent has to get out of its way. */
  public ApplicationWait departure() {
    return departure;
  }

  /**
   * Whether it is assigned to a database, {@link HookedDatabase#NONE} included; from any thread.
   */
  boolean isAttached() {
    return isAttached;
  }

  void awaitAttachment() {
    if (!isAttached) {
      hurry.run();
      attachment.await(ATTACH_WAIT_NANOS);
    }
  }

  /** The connection is about to leave this database, by a close or a DETACH. */
  void leave() {
    awaitAttachment();
    database.letGo(this, true);
  }

  /** Drops the reference to the database, so that it can be collected. */
  void forgetDatabase() {
    database = HookedDatabase.NONE;
  }

  /** Whether the agent may need the database to itself, or this is not known yet. */
  boolean isDoorUsed() {
    return !isAttached || database.isDoorUsed();
  }

  // ---- what the agent asks of the connection

  /**
   * Asks for {@code PRAGMA wal_autocheckpoint=pages} on the connection, done by its own thread at
   * the end of its next statement unless the application has set a value of its own.
   *
   * @param pages 0 for never
   */
  public void requestAutocheckpoint(int pages) {
    connection.requestAutocheckpoint(pages);
  }

  /** The end of {@link ConnectionHook#holdCheckpoints}, at the end of the next statement. */
  public void releaseCheckpoints() {
    if (isMain) {
      connection.releaseCheckpoints();
    }
  }

  /**
   * Gives the connection back the checkpoint interval it had, unless the application has set one of
   * its own; on a thread of the agent's, which waits for the connection's current statement to end.
   */
  public void restoreAutocheckpoint() {
    if (isMain) {
      connection.restoreAutocheckpoint();
    }
  }

  /**
   * Does what {@link SoleWriter#wantCheckpoint} asks for on a thread of the agent's, which waits
   * for the connection's current call to end, and for which the next one waits.
   */
  public void checkpointIfIdle() {
    connection.checkpointIfIdle();
  }

  /** Whether the application has asked, on the connection, for another journal mode than WAL. */
  public boolean isRollbackModeWanted() {
    return connection.isRollbackModeWanted();
  }

  /**
   * Whether a statement that may commit is running on the connection, as far as another thread
   * sees. Asked of its own database, which stands for those it has attached.
   */
  public boolean isInStatement() {
    return isMain && connection.presence().isInStatement();
  }

  /**
   * Whether the connection may be about to take a lock: only known while the agent may need the
   * database for itself; from any thread.
   */
  boolean isInside() {
    return connection.presence().isInside() && !connection.isGone();
  }

  /**
   * Whether the connection may hold a lock or be about to take one: known as {@link #isInside};
   * from any thread.
   */
  boolean isInsideOrHolding() {
    return connection.presence().isInsideOrHolding() && !connection.isGone();
  }

  // ---- while the connection keeps the database to itself

  /** Whether the application keeps the database for this connection alone. */
  public boolean isExclusiveLocking() {
    return sole != null;
  }

  /** What that connection tells of its calls; null if it does not keep the database to itself. */
  public @Nullable SoleWriter sole() {
    return sole;
  }

  /**
   * @param isSole whether the connection keeps it to itself now
   * @param hasFailed whether a commit of the connection's may have failed so far
   */
  void noteSole(boolean isSole, boolean hasFailed) {
    if (!isSole) {
      if (sole != null) {
        sole.retire();
      }
      sole = null;
    } else if (sole == null) {
      sole = new SoleWriter(hasFailed);
    }
  }

  /** The journal mode may have changed. */
  void renewSole() {
    SoleWriter former = sole;
    sole = former == null ? null : former.renewed();
  }

  /** Whether the connection keeps it to itself and it is captured, for all that is known. */
  boolean isCapturedAlone() {
    boolean isLeftAlone = isAttached && database == HookedDatabase.NONE;
    return sole != null && !isLeftAlone;
  }

  // ---- in the list of arrivals

  /**
   * @param before the one that arrived last; null if there is none
   * @return whether it was not among them already
   */
  boolean joinArrivals(@Nullable FileConnection before) {
    if (isArriving) {
      return false;
    }
    arrivedAfter = before;
    isArriving = true;
    return true;
  }

  /** The one that arrived before; null if there is none. */
  @Nullable FileConnection arrivedAfter() {
    return arrivedAfter;
  }

  /** Returns the one that arrived before; null if there is none. */
  @Nullable FileConnection leaveArrivals() {
    FileConnection before = arrivedAfter;
    arrivedAfter = null;
    isArriving = false;
    return before;
  }
}
