package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.application.Surroundings;
import io.walsync.db.application.WalMode;
import io.walsync.db.capture.Capture;
import io.walsync.db.checkpoint.Checkpointer;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.compare.Comparison;
import io.walsync.db.compare.ComparisonPace;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.local.LocalState;
import io.walsync.db.local.StagingRoom;
import io.walsync.db.settings.DbSettings;
import io.walsync.files.DatabaseFile;
import io.walsync.files.FileIdentity;
import io.walsync.host.Host;
import io.walsync.sqlite.HostConnection;
import io.walsync.sqlite.HostDriver;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Holds the local state of one database and, while the application has it open, the {@link Grip} on
 * it. It knows how to begin, go on, compare and release; {@link DutyCycle} decides when.
 *
 * <p>Threading: one thread at a time, the database's; {@link #isInside} from anywhere.
 */
final class Session {

  enum Start {
    REPLICATING,
    /** There is no local state: what the replica has must be known first. */
    REPLICA_UNKNOWN,
    /** The database has no page yet. */
    EMPTY,
    /** Another file stands at the path than the application has open. */
    REPLACED,
    /** The connection that wants the database for itself does not have it yet. */
    NOT_TAKEN,
    /** One that does not want it any more has it still. */
    NOT_GIVEN_BACK,
    /** It has, but what it has committed cannot be told at this moment. */
    NOT_COUNTED
  }

  private final File path;
  private final LocalState local;
  private final Ownership ownership;
  private final WalMode walMode;
  private final Entrance entrance;
  private final Surroundings surroundings;
  private final StagingRoom room;
  private final DbEvents events;
  private final Grip grip;
  private final Resting resting;
  private final LastClose lastClose;
  private final Backlog backlog;
  private long lastRunBytes;

  /**
   * Whether the database was seen in WAL mode, and nobody has asked for another journal mode since.
   */
  private volatile boolean isInWalMode;

  Session(
      DbSettings settings,
      LocalState local,
      Turnstile turnstile,
      DbEvents events,
      Host host,
      ComparisonPace pace,
      WalMode walMode,
      Entrance entrance,
      Connections connections) {
    this.path = settings.path();
    this.events = events;
    this.local = local;
    this.walMode = walMode;
    this.entrance = entrance;
    this.ownership = new Ownership(path, connections, settings.clock());
    this.surroundings = new Surroundings(path, host, connections, events);
    this.room = new StagingRoom(settings, local, events);
    Comparison comparison = new Comparison(settings, local, pace);
    this.grip =
        new Grip(
            settings, local, ownership, turnstile, entrance, surroundings, comparison, pace, room);
    this.backlog = new Backlog(local, grip, room);
    LeavingNote note = new LeavingNote(path, local);
    this.resting = new Resting(path, local, grip, note, entrance, surroundings);
    this.lastClose = new LastClose(path, local, grip, note, ownership, walMode, entrance, pace);
  }

  // ---- beginning and releasing

  /**
   * Takes hold of a database that the application has open, and compares it if commits may have
   * been missed. If another file is at the path by now, nothing is done: the agent's would be its
   * only connection, and SQLite would recover a WAL into it that belongs to the old file.
   *
   * @param fileKey {@link FileIdentity#key} of the file that the application has open
   * @param isRollbackModeWanted whether the application has asked for another journal mode than WAL
   * @throws SQLException BUSY while somebody has the database locked exclusively
   */
  Start start(HostDriver driver, Object fileKey, boolean isRollbackModeWanted)
      throws IOException, SQLException {
    try {
      return begin(driver, fileKey, isRollbackModeWanted);
    } catch (SQLException e) {
      if (!HostConnection.isBusy(e) || !ownership.isKept()) {
        throw e;
      }
      abandon();
      return Start.NOT_GIVEN_BACK;
    }
  }

  private Start begin(HostDriver driver, Object fileKey, boolean isRollbackModeWanted)
      throws IOException, SQLException {
    boolean isKeptByOthers = grip.isWalKeptByOthers();
    grip.close();
    grip.use(driver);
    DatabaseFile file = DatabaseFile.of(path);
    if (!fileKey.equals(file.key())) {
      return Start.REPLACED;
    }
    if (file.pageSize() == 0) {
      return Start.EMPTY;
    }
    ownership.look(file);
    if (!ownership.isWanted()) {
      return beginInWalMode(driver, file, isRollbackModeWanted, isKeptByOthers);
    } else if (!ownership.isTaken()) {
      return Start.NOT_TAKEN;
    } else if (!ownership.prepare(file)) {
      return Start.NOT_COUNTED;
    }
    return take(file, isKeptByOthers);
  }

  private Start beginInWalMode(
      HostDriver driver, DatabaseFile file, boolean isRollbackModeWanted, boolean isKeptByOthers)
      throws IOException, SQLException {
    try {
      walMode.require(file, driver, isRollbackModeWanted);
      return take(file, isKeptByOthers);
    } finally {
      if (walMode.isOpen()) {
        entrance.alone(walMode::leave);
      }
    }
  }

  private Start take(DatabaseFile file, boolean isKeptByOthers) throws IOException, SQLException {
    local.open();
    if (!local.isInitialised()) {
      grip.lookUnderPin(file);
      return Start.REPLICA_UNKNOWN;
    }
    grip.take(file, isKeptByOthers ? Entrance.Step::take : entrance::alone);
    isInWalMode = true;
    return Start.REPLICATING;
  }

  /** See {@link LastClose#begins}. */
  void letGo(boolean isLastClose) throws IOException, SQLException {
    if (grip.kind() == Grip.Kind.HELD || grip.isResting()) {
      surroundings.look(false);
    }
    lastClose.begins(isLastClose);
  }

  /** See {@link LastClose#settle}. */
  LastClose.Settlement settleAfterClose(
      HostDriver lastDriver, long closedMillis, boolean mayCompare)
      throws IOException, SQLException {
    LastClose.Settlement settlement = lastClose.settle(lastDriver, closedMillis, mayCompare);
    isInWalMode |= settlement == LastClose.Settlement.ACCOUNTED_FOR;
    return settlement;
  }

  /** From any thread. */
  boolean isInWalMode() {
    return isInWalMode;
  }

  /** From any thread: the application is about to do something that may end WAL mode. */
  void forgetWalMode() {
    isInWalMode = false;
  }

  /** What the store does not have yet. */
  Backlog backlog() {
    return backlog;
  }

  /** What is open of the database; for tests. */
  Grip grip() {
    return grip;
  }

  /** {@link FileIdentity#key} of the file at the path; null if there is none. */
  @Nullable Object standingFile() throws IOException {
    return path.exists() ? FileIdentity.keyOf(path) : null;
  }

  /** Whether there is a file at the path that is not empty. */
  boolean hasContent() {
    return path.length() > 0;
  }

  /** After a gap: compares the whole database under the pin, and stages what differs. */
  void resynchronise() throws IOException {
    grip.resynchronise();
  }

  /**
   * Releases a file that is not at the path any more. The file that follows there is compared page
   * by page.
   */
  void leaveFile() throws IOException {
    abandon();
    if (local.isInitialised()) {
      local.forgetPlace();
    }
  }

  /** Releases everything after a failure; the next hold begins at the saved position. */
  void abandon() {
    grip.abandon();
  }

  // ---- steady state

  /** Copies new commits; returns whether there were any. */
  boolean advance() throws IOException, SQLException {
    if (grip.isResting()) {
      if (grip.rest().isUndisturbed()) {
        return false;
      }
      resting.end();
    }
    Capture capture = grip.capture();
    if (!grip.hold().isProtected()) {
      if (grip.hold().tail().isAt(capture.count())) {
        return false;
      }
      grip.repin();
    }
    boolean hasCommits = capture.advance();
    boolean isRestarted = capture.runBytes() < lastRunBytes;
    lastRunBytes = capture.runBytes();
    if (grip.isAlone()) {
      grip.lookedAt(hasCommits);
      if (isRestarted) {
        ownership.sole().restarted();
      }
      return hasCommits;
    }
    if (isRestarted) {
      grip.checkpointer().restarted();
    }
    if (hasCommits) {
      grip.checkpointer().committed();
    }
    return hasCommits;
  }

  /** Moves the pin to the last commit, so that it is in nobody's way. */
  void keepUp() throws IOException, SQLException {
    if (grip.isOpen() && grip.hold().pins().isHeld()) {
      grip.hold().pins().keepUp(grip.capture());
    }
  }

  /**
   * Releases the pin of a database without commits. The connection stays, so that SQLite's count
   * goes on telling all there is. Without room for what the pin protects, both stay.
   */
  void relax() throws IOException, SQLException {
    if (isPinned() && (!backlog.hasBatch() || room.isThereFor(grip.capture()))) {
      grip.relax();
    }
  }

  /** Has an idle database rest; does nothing if somebody has just committed. */
  void rest() throws IOException, SQLException {
    if (!advance() && !backlog.hasPending() && !isAlone()) {
      resting.begin();
    }
  }

  /** Whether the database rests. */
  boolean isResting() {
    return grip.isResting();
  }

  /** From any thread: whether the agent neither enters nor leaves SQLite while this is so. */
  boolean isInside() {
    return grip.isInside();
  }

  /** Whether somebody has committed since the last look. */
  boolean hasNews() throws IOException {
    return grip.isResting()
        ? !grip.rest().isUndisturbed()
        : !grip.hold().tail().isAt(grip.capture().count());
  }

  /** See {@link Grip#isPinned}. */
  boolean isPinned() {
    return grip.isPinned();
  }

  /** Whether one connection of the application's has the database to itself. */
  boolean isAlone() {
    return grip.isAlone();
  }

  /**
   * Whether the sole connection reports no calls any more: it may have given up the exclusive lock,
   * or changed the journal mode. Later commits of it would not be seen.
   */
  boolean isLeftBySole() {
    return grip.isLeftBySole();
  }

  /** {@link DatabaseFile#key} of the file that is held or rests; null if there is none. */
  @Nullable Object fileKey() {
    return grip.fileKey();
  }

  /**
   * Checks the surroundings of the database: locks, files, the staging folder. Called once a second
   * or so while it is held.
   *
   * @param isLast whether the process ends
   * @throws IOException if the local state is gone
   */
  void lookAround(boolean isLast) throws IOException {
    local.staging().checkStillThere();
    surroundings.look(isLast);
    if (!grip.isResting()) {
      surroundings.lookForWal();
    }
    room.lookAgain(grip.isOpen() ? grip.capture().batchBytes() : 0);
  }

  long runBytes() {
    return grip.isOpen() ? grip.capture().runBytes() : lastRunBytes;
  }

  /**
   * Checkpoints if it is time, and the staging folder has room for what a restart of the WAL would
   * cost.
   */
  void checkpoint(double bytesPerSecond, long nowNanos) throws Exception {
    if (!grip.isOpen()) {
      return;
    }
    long runBytes = grip.capture().runBytes();
    if (grip.isAlone()) {
      if (room.isThereFor(grip.capture())) {
        ownership.sole().checkpoint(runBytes, bytesPerSecond, nowNanos);
      }
    } else if (grip.checkpointer().isDue(runBytes, bytesPerSecond, nowNanos)
        && room.isThereFor(grip.capture())) {
      runBytes = grip.capture().runBytes();
      Checkpointer.Outcome outcome = grip.checkpointer().run(runBytes, bytesPerSecond);
      if (events.wantsDecisions()) {
        events.decided(
            Decision.CHECKPOINT,
            outcome + " of " + runBytes + " bytes, " + grip.checkpointer().way());
      }
    }
  }
}
