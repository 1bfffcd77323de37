package io.walsync.db;

import io.walsync.capture.DatabaseFile;
import io.walsync.capture.FileIdentity;
import io.walsync.capture.WalChangedException;
import io.walsync.capture.WalFile;
import io.walsync.capture.WalPlace;
import io.walsync.capture.WalPosition;
import io.walsync.capture.WalTail;
import io.walsync.checkpoint.Checkpointer;
import io.walsync.checkpoint.Turnstile;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.hook.FileConnection;
import io.walsync.hook.SoleWriter;
import io.walsync.host.Host;
import io.walsync.host.HostLocks;
import io.walsync.ltx.PageEncoding;
import io.walsync.sqlite.HostDriver;
import io.walsync.staging.Position;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;

/**
 * The local state of one database and, while the application has it open, the hold on it. Knows how
 * to begin, go on, catch up and let go; when to is the {@link DutyCycle}'s.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Session {

  enum Start {
    REPLICATING,
    /** There is no local state: what the replica has must be known first. */
    REPLICA_UNKNOWN,
    /** The database has no page yet. */
    NOT_YET,
    /** The connection that wants the database for itself does not have it yet. */
    NOT_TAKEN,
    /** It has, but what it has committed cannot be told at this moment. */
    NOT_COUNTED,
    /** The whole database has to be compared, for which nobody should be made to wait. */
    COMPARISON_NEEDED
  }

  private final Turnstile turnstile;
  private final File path;
  private final PageEncoding encoding;
  private final LocalState local;
  private final CatchUp catchUp;
  private final ComparisonPace pace;
  private Hold hold;
  private Capture capture;
  private final Surroundings surroundings;
  private final WalMode walMode;
  private final Entrance entrance;
  private final StagingRoom room;
  private final Connections connections;
  private final DbEvents events;

  /** While one connection of the application's keeps the database to itself; else null. */
  private SoleConnection sole;

  /** Whether nothing has been committed for a while. */
  private boolean isQuiet;

  private Checkpointer checkpointer;
  private long lastRunBytes;
  private HostDriver driver;

  /** Whether a pin of ours stands, beside which nobody recovers or removes the WAL. */
  private volatile boolean isInside;

  /** Whether the hold that there is has had a pin. */
  private boolean hasEntered;

  /** How the database was left while it is idle; null while it is held or not at all. */
  private volatile Rest rest;

  /** Where the last hold was left, while the wal-index lives on; null if it is not known. */
  private WalPlace place;

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
    this.events = events;
    this.connections = connections;
    this.walMode = walMode;
    this.entrance = entrance;
    this.room = new StagingRoom(settings, local, events);
    this.surroundings = new Surroundings(settings.path(), host, events);
    this.local = local;
    this.turnstile = turnstile;
    this.path = settings.path();
    this.encoding = settings.config().pageEncoding();
    this.pace = pace;
    this.catchUp = new CatchUp(settings, local, pace);
  }

  // ---- beginning and letting go

  /**
   * Takes hold of a database that the application has open, and catches up with it. Any other file
   * that may stand at the path is left alone: a connection of ours alone on it would apply a WAL
   * that is not its own.
   *
   * @param fileKey which file the application has open
   * @param isRollbackModeWanted whether the application has asked for another journal mode than WAL
   * @throws SQLException BUSY while somebody holds it exclusively
   */
  Start start(HostDriver driver, Object fileKey, boolean isRollbackModeWanted)
      throws IOException, SQLException {
    boolean isKeptByOthers = isWalKeptByOthers();
    closeHold();
    endRestHere();
    this.driver = driver;
    DatabaseFile file = DatabaseFile.of(path);
    if (file.pageSize() == 0) {
      return Start.NOT_YET;
    }
    if (!fileKey.equals(file.key())) {
      return Start.NOT_YET;
    }
    findSole(file);
    if (connections.isExclusiveLocking()) {
      if (sole == null || !isLocked()) {
        return Start.NOT_TAKEN;
      }
      if (!canFollowSole(file)) {
        return Start.NOT_COUNTED;
      }
    } else {
      walMode.require(file, driver, isRollbackModeWanted);
    }
    local.open();
    if (!local.isInitialised()) {
      lookUnderPin(file);
      return Start.REPLICA_UNKNOWN;
    }
    takeHold(
        file, isKeptByOthers ? Entrance.Step::take : entrance::alone, this::continuesFromPosition);
    return Start.REPLICATING;
  }

  /** Whether the wal-index that a pin of ours has seen alive lives on without it. */
  private boolean isWalKeptByOthers() {
    return hasEntered && !hold.pins().isOpen() && hold.tail().isIndexInPlace();
  }

  /** Whose the database is, if one connection has it to itself. */
  private void findSole(DatabaseFile file) throws IOException {
    FileConnection exclusive = connections.exclusive();
    SoleWriter writer = exclusive == null ? null : exclusive.sole();
    if (writer == null) {
      sole = null;
    } else if (sole == null || !sole.isOf(writer, file.pageSize())) {
      sole = new SoleConnection(writer, file.pageSize());
    }
  }

  /**
   * @return false if that cannot be done yet
   * @throws ExclusiveLockingException if it can never be followed
   */
  private boolean canFollowSole(DatabaseFile file) throws IOException, SQLException {
    if (!file.isWalMode()) {
      throw ExclusiveLockingException.inRollbackMode();
    }
    if (!sole.isHeldOff()) {
      connections.exclusive().requestAutocheckpoint(0);
      return false;
    }
    return sole.isCounted(path);
  }

  private boolean isLocked() throws SQLException {
    if (!HostLocks.areTold()) {
      throw ExclusiveLockingException.notTold();
    }
    return SoleConnection.isLocked(path);
  }

  private boolean isSoleFollowed(DatabaseFile file) throws IOException {
    return sole != null
        && file.isWalMode()
        && sole.isHeldOff()
        && SoleConnection.isLocked(path)
        && sole.isCounted(path);
  }

  private Hold newHold(DatabaseFile file) throws IOException {
    return sole == null
        ? new Hold(path, file, file.pageSize(), driver)
        : Hold.beside(sole, path, file);
  }

  /** What the database was before the application went on with it: see {@link Lineage}. */
  private void lookUnderPin(DatabaseFile file) throws IOException, SQLException {
    if (sole != null) {
      try (Hold looking = newHold(file)) {
        local.look(file, looking.tail().count());
        looking.requireUndisturbed();
      }
      return;
    }
    try (Hold looking = new Hold(path, file, file.pageSize(), driver)) {
      entrance.alone(() -> looking.pins().take(looking.capture(local.staging(), encoding)));
      try {
        local.look(file, looking.tail().count());
      } finally {
        entrance.alone(looking::releasePins);
      }
    }
  }

  /** Where this process was before, if that is still known, or where the saved position ended. */
  private boolean continuesFromPosition(Hold held) throws IOException {
    WalPlace left = place;
    boolean isAtPlace =
        left != null
            && local.position().pageSize() == held.pageSize()
            && left.isAt(local.position().wal())
            && local.position().walDatabase().equals(held.file().key().toString());
    return isAtPlace && held.tail().startAt(left) || local.isContinuedBy(held);
  }

  /** Knows whether nothing was missed since somebody last looked, and has the tail go on there. */
  private interface Continuation {
    boolean isProvedBy(Hold hold) throws IOException;
  }

  /** How a step is taken that takes the first pin. */
  private interface Entering {
    void enter(Entrance.Step step) throws IOException, SQLException;
  }

  private void takeHold(DatabaseFile file, Entering entering, Continuation continuation)
      throws IOException, SQLException {
    hold = newHold(file);
    capture = hold.capture(local.staging(), encoding);
    isQuiet = false;
    if (!hold.isAlone()) {
      checkpointer = hold.checkpointer(turnstile, capture);
      entering.enter(() -> hold.pins().take(capture));
    }
    isInside = true;
    hasEntered = true;
    if (hold.tail().count() == null) {
      throw new IOException(
          "what this process writes into the -shm file does not show when it is read: the file"
              + " system does not support SQLite's WAL mode, or nobody may read the file");
    }
    surroundings.entered(driver, file);
    if (!continues(continuation)) {
      local.requireLineage(file, hold.tail().count());
      catchUp.underPin(hold);
    }
    place = null;
    pace.caughtUp();
  }

  private boolean continues(Continuation continuation) throws IOException {
    try {
      if (!continuation.isProvedBy(hold)) {
        return false;
      }
      capture.copy();
      return true;
    } catch (WalChangedException restarted) {
      return false;
    }
  }

  /**
   * Copies the tail and leaves the database to the application; what it leaves behind can still be
   * read.
   */
  void letGo(boolean isLastClose) throws IOException {
    if (isLastClose && local.isParked()) {
      local.open();
    }
    if (hold != null && hold.isOver()) {
      closeHold();
    }
    if (hold != null && !hold.isAlone() && !hold.pins().isOpen() && !hold.tail().isIndexInPlace()) {
      // While no connection that stays has read anything yet, another close may have been SQLite's
      // last one: what is open here would be a WAL that was removed.
      closeHold();
    }
    boolean isClosing = isLastClose && hold == null && isFollowable();
    if (isClosing) {
      local.open();
    }
    if (hold == null && (isLastClose || rest != null) && local.isInitialised()) {
      followClose();
    }
    if (isClosing && hold == null) {
      // The close may take away what shows it.
      local.look(DatabaseFile.of(path), null);
    }
    endRestHere();
    if (hold == null) {
      return;
    }
    try {
      capture.copy();
      place = hold.isAlone() ? hold.tail().place() : place;
    } catch (WalChangedException gap) {
      local.forgetPlace();
    } finally {
      isInside = false;
      hold.releasePins();
    }
  }

  private boolean isFollowable() throws IOException {
    DatabaseFile file = DatabaseFile.of(path);
    return file.pageSize() != 0 && file.isWalMode();
  }

  private void endRestHere() {
    if (rest != null) {
      rest.end();
      rest = null;
    }
  }

  /**
   * A connection that was open only for a moment: its WAL is read without a pin, through a file
   * that stays open.
   */
  private void followClose() throws IOException {
    DatabaseFile file = DatabaseFile.of(path);
    findSole(file);
    if (connections.isExclusiveLocking() && !isSoleFollowed(file)) {
      return;
    }
    Hold following =
        sole == null
            ? new Hold(path, file, Math.max(512, file.pageSize()), null)
            : Hold.beside(sole, path, file);
    boolean isFollowed = false;
    try {
      isFollowed = file.pageSize() != 0 && canFollow(following);
    } finally {
      if (!isFollowed) {
        following.close();
      }
    }
    if (isFollowed) {
      hold = following;
      capture = hold.capture(local.staging(), encoding);
    }
  }

  private boolean canFollow(Hold following) throws IOException {
    return rest == null
        ? continuesFromPosition(following)
        : local.position().pageSize() == following.pageSize()
            && isRestContinuedBy(following.tail());
  }

  private boolean isRestContinuedBy(WalTail tail) throws IOException {
    rest.beforeConnecting();
    return rest.isContinuedBy(tail);
  }

  /**
   * The application has closed its last connection: takes in what that left behind.
   *
   * @param closedMillis when the close had returned, milliseconds since the epoch
   * @param mayCompare whether nobody waits for the end of this
   * @return whether it is known what the replica lacks, and staged
   */
  Start settleAfterClose(HostDriver lastDriver, long closedMillis, boolean mayCompare)
      throws IOException, SQLException {
    if (!hasContent()) {
      closeHold();
      return Start.NOT_YET;
    }
    if (hold == null && rest != null && local.isInitialised()) {
      // The close did not wait for us.
      followClose();
    }
    endRestHere();
    boolean isPlaceKnown = hold != null && settleHold(closedMillis);
    walMode.require(DatabaseFile.of(path), lastDriver, false);
    local.open();
    if (!local.isInitialised()) {
      local.look(DatabaseFile.of(path), null);
      return Start.REPLICA_UNKNOWN;
    }
    Position position = local.position();
    // The switch to WAL may just have written the file.
    boolean isKnown =
        position.wal() == null
            ? FileIdentity.of(path).text().equals(position.closedDatabase())
            : isPlaceKnown;
    if (!isKnown) {
      if (!mayCompare) {
        return Start.COMPARISON_NEEDED;
      }
      compareClosed(lastDriver);
    }
    pace.caughtUp();
    return Start.REPLICATING;
  }

  /** Nobody here has it open: a pin of ours keeps others from changing what is read. */
  private void compareClosed(HostDriver lastDriver) throws IOException, SQLException {
    driver = lastDriver;
    sole = null;
    takeHold(DatabaseFile.of(path), entrance::alone, this::continuesFromPosition);
    // What somebody writes as we leave is found by the next open, which then compares again.
    settleHold(System.currentTimeMillis());
  }

  /** Whether there is a database, however small. */
  boolean hasContent() {
    return path.length() > 0;
  }

  /**
   * Lets go of what was held, and notes how the database was left.
   *
   * @return whether everything that SQLite counted is staged, and what follows can be told from it
   */
  private boolean settleHold(long closedMillis) throws IOException, SQLException {
    try {
      boolean isClosedByUs = hold.pins().isOpen();
      FileIdentity before = isClosedByUs ? FileIdentity.of(path) : null;
      if (isClosedByUs) {
        isInside = false;
        entrance.alone(hold::releasePins);
      }
      long endMillis = isClosedByUs ? System.currentTimeMillis() : closedMillis;
      // A wal-index and a WAL that the last close has removed can still be read.
      capture.copy();
      if (hold.isInDoubt() || hold.isOver()) {
        local.forgetPlace();
        return false;
      }
      if (hold.isAlone() && WalFile.pathOf(path).exists()) {
        return notePlace();
      }
      if (hold.tail().isIndexInPlace()) {
        place = hold.tail().place();
        return notePlace();
      }
      return hold.tail().hasCount() && noteClosed(before, endMillis) != null;
    } catch (WalChangedException gap) {
      local.forgetPlace();
      return false;
    } finally {
      hold.tail().closeRemoved(hold.file());
      closeHold();
    }
  }

  /** Somebody else keeps the WAL. */
  private boolean notePlace() throws IOException {
    Position position = local.position();
    WalPosition end = hold.tail().position();
    String database = hold.file().key().toString();
    boolean isNoted =
        Objects.equals(position.wal(), end)
            && position.closedDatabase().isEmpty()
            && position.walDatabase().equals(database);
    if (!isNoted) {
      local.notePlace(end, database);
    }
    return true;
  }

  /**
   * The last close, in whatever process, has removed the WAL. Whoever opens, writes and closes the
   * database after that leaves no WAL to see it by. The file's change time tells: SQLite writes
   * nothing into it after it has removed the WAL.
   *
   * @param before what the file was like under a pin of ours, or null: if it still is, the clock,
   *     which may have been set back since it was written, is not asked
   * @param endMillis when the close had returned, milliseconds since the epoch
   * @return what the file was like; null if somebody has written it since
   */
  private FileIdentity noteClosed(FileIdentity before, long endMillis) throws IOException {
    FileIdentity identity = FileIdentity.of(path);
    Position position = local.position();
    // The last close has cut the file to the size of the last commit.
    boolean isOurs =
        identity.key().equals(hold.file().key())
            && identity.sizeBytes() == (long) position.commit() * position.pageSize()
            && (identity.changedMillis() <= endMillis
                || before != null && identity.isUnchanged(before));
    if (!isOurs) {
      local.forgetPlace();
      return null;
    }
    local.noteClosed(identity.text());
    return identity;
  }

  /** After a gap: what differs from the replica is staged, under the pin that stands. */
  void resynchronise() throws IOException {
    local.forgetPlace();
    catchUp.underPin(hold);
    pace.caughtUp();
  }

  // ---- steady state

  /** Takes in new commits; returns whether there were any. */
  boolean advance() throws IOException, SQLException {
    if (rest != null) {
      if (rest.isUndisturbed()) {
        return false;
      }
      endRest();
    }
    if (!hold.isProtected()) {
      if (hold.tail().isAt(capture.count())) {
        return false;
      }
      hold.pins().take(capture);
      isInside = true;
    }
    boolean hasCommits = capture.advance();
    boolean isRestarted = capture.runBytes() < lastRunBytes;
    lastRunBytes = capture.runBytes();
    if (hold.isAlone()) {
      isQuiet &= !hasCommits;
      if (isRestarted) {
        sole.restarted();
      }
      return hasCommits;
    }
    if (isRestarted) {
      checkpointer.restarted();
    }
    if (hasCommits) {
      checkpointer.committed();
    }
    return hasCommits;
  }

  /** Moves the pin to the last commit, so that it is in nobody's way. */
  void keepUp() throws IOException, SQLException {
    if (rest == null && hold.pins().isHeld()) {
      hold.pins().keepUp(capture);
    }
  }

  /**
   * Releases the pin of a database without commits. The connection stays, so that SQLite's count
   * goes on telling all there is.
   */
  void relax() throws IOException, SQLException {
    if (isPinned()) {
      if (capture.hasBatch()) {
        capture.copy();
      }
      if (hold.isAlone()) {
        isQuiet = true;
        return;
      }
      // Long before the connection is closed: who enters from now on is seen then.
      isInside = false;
      hold.pins().release();
      if (!checkpointer.hasRun()) {
        hold.pins().closeSpare();
      }
    }
  }

  /** Whether commits wait in the WAL that are in no staged file yet. */
  boolean hasBatch() {
    return capture != null && capture.hasBatch();
  }

  /** Whether somebody has committed since the last look. */
  boolean hasNews() throws IOException {
    return rest == null ? !hold.tail().isAt(capture.count()) : !rest.isUndisturbed();
  }

  /** Whether a pin stands, which a checkpoint of somebody else's may wait for. */
  boolean isPinned() {
    return rest == null && hold != null && (hold.isAlone() ? !isQuiet : hold.pins().isHeld());
  }

  /** Whether one connection of the application's has the database to itself. */
  boolean isAlone() {
    return hold != null && hold.isAlone();
  }

  /** Whether a commit has failed of which it is not known whether it counts. */
  boolean isInDoubt() {
    return hold != null && hold.isInDoubt();
  }

  /**
   * Lets an idle database go, which costs some 150 KB and six descriptors: closes the connections
   * of ours on it, and looks at SQLite's count from now on. Does nothing if somebody has just
   * committed.
   */
  void rest() throws IOException, SQLException {
    if (advance() || hasPending() || hold.isAlone()) {
      return;
    }
    Rest left = Rest.besideOthers(path, hold.file(), hold.tail());
    if (left == null) {
      return;
    }
    DatabaseFile file = hold.file();
    try {
      left = leave(left);
    } catch (IOException | SQLException | RuntimeException | Error e) {
      left.end();
      throw e;
    }
    if (left == null) {
      takeHold(file, entrance::alone, held -> false);
      return;
    }
    local.staging().checksums().close();
    left.begin();
    if (!left.isKeptHere()) {
      surroundings.left();
    }
    rest = left;
  }

  /** Returns null if it is not known what was left. */
  private Rest leave(Rest besideOthers) throws IOException, SQLException {
    FileIdentity before = FileIdentity.of(path);
    isInside = false;
    entrance.alone(hold::releasePins);
    Rest left = besideOthers;
    if (!hold.tail().isIndexInPlace()) {
      left = restAlone(before);
    }
    closeHold();
    if (left != besideOthers) {
      besideOthers.end();
    }
    return left;
  }

  /** Ours was the only connection that had read anything: SQLite has removed the WAL. */
  private Rest restAlone(FileIdentity before) throws IOException {
    try {
      capture.copy();
    } catch (WalChangedException gap) {
      return null;
    }
    FileIdentity closed = noteClosed(before, System.currentTimeMillis());
    return closed == null ? null : Rest.alone(path, hold.file(), closed);
  }

  /** Whether {@link #rest} has let go of the database. */
  boolean isResting() {
    return rest != null;
  }

  private void endRest() throws IOException, SQLException {
    Rest left = rest;
    if (!left.file().isAt(path)) {
      // A connection of ours would be the only one on what stands there now.
      throw new IOException("the database file was replaced or deleted while it was open");
    }
    rest = null;
    left.beforeConnecting();
    try {
      takeHold(
          DatabaseFile.of(path),
          // Beside others the wal-index lives on.
          left.isBesideOthers() ? Entrance.Step::take : entrance::alone,
          held ->
              local.position().pageSize() == held.pageSize() && left.isContinuedBy(held.tail()));
    } finally {
      left.end();
    }
  }

  /** From any thread: whether the agent neither enters nor leaves SQLite while this is so. */
  boolean isInside() {
    return isInside;
  }

  long runBytes() {
    return capture == null ? lastRunBytes : capture.runBytes();
  }

  /**
   * Checkpoints if it is time, and the staging folder has room for what a restart of the WAL would
   * cost.
   */
  void checkpoint(double bytesPerSecond, long nowNanos) throws Exception {
    if (hold != null && hold.isAlone()) {
      if (room.isThere()) {
        sole.checkpoint(capture.runBytes(), bytesPerSecond, nowNanos);
      }
    } else if (checkpointer != null
        && checkpointer.isDue(capture.runBytes(), bytesPerSecond, nowNanos)
        && room.isThere()) {
      long runBytes = capture.runBytes();
      Checkpointer.Outcome outcome = checkpointer.run(runBytes, bytesPerSecond);
      if (events.wantsDecisions()) {
        events.decided(
            Decision.CHECKPOINT, outcome + " of " + runBytes + " bytes, " + checkpointer.way());
      }
    }
  }

  /** Whether the store does not have everything that was committed, sealed files aside. */
  boolean hasPending() {
    return hasBatch() || hasStaged() || isInDoubt();
  }

  boolean hasStaged() {
    return local.hasSegments();
  }

  /** Whether segments wait that can be sealed as they are. */
  boolean canSeal() {
    return !local.isSuspect() && hasStaged();
  }

  /** Seals the next L0 file; returns false if nothing was committed since the last. */
  boolean seal() throws IOException {
    if (local.isSuspect()) {
      return false;
    }
    boolean hasBatch = hold != null && hold.isProtected() && capture.hasBatch();
    if (!hasStaged()) {
      if (hasBatch) {
        capture.sealDirectly();
      }
      return hasBatch;
    }
    if (hasBatch) {
      capture.copy();
    }
    local.sealer().seal();
    return true;
  }

  /** The file that is held or rests, as {@link FileIdentity#key}, or null if none does. */
  Object fileKey() {
    if (rest != null) {
      return rest.file().key();
    }
    return hold == null ? null : hold.file().key();
  }

  /**
   * A look at what surrounds the database, now and then while it is held.
   *
   * @throws IOException if the local state is gone
   */
  void lookAround() throws IOException {
    local.staging().checkStillThere();
    surroundings.look();
  }

  /**
   * The file that is held stands at the path no more. What follows there is compared page by page.
   */
  void leaveFile() throws IOException {
    abandon();
    if (local.isInitialised()) {
      local.forgetPlace();
    }
  }

  /** Lets everything go after a failure; the saved position tells what to do next time. */
  void abandon() {
    place = null;
    sole = null;
    endRestHere();
    try {
      closeHold();
    } catch (IOException | RuntimeException | Error nothingToLose) {
      hold = null;
    }
  }

  private void closeHold() throws IOException {
    isInside = false;
    hasEntered = false;
    if (hold != null) {
      Hold closing = hold;
      hold = null;
      capture = null;
      checkpointer = null;
      closing.close();
    }
  }
}
