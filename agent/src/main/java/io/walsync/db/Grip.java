package io.walsync.db;

import io.walsync.db.application.Surroundings;
import io.walsync.db.capture.Capture;
import io.walsync.db.capture.Hold;
import io.walsync.db.capture.Rest;
import io.walsync.db.checkpoint.Checkpointer;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.compare.CatchUp;
import io.walsync.db.compare.ComparisonPace;
import io.walsync.db.lineage.Lineage;
import io.walsync.db.local.LocalState;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.tail.WalChangedException;
import io.walsync.db.tail.WalPlace;
import io.walsync.files.DatabaseFile;
import io.walsync.files.FileIdentity;
import io.walsync.io.Clock;
import io.walsync.ltx.PageEncoding;
import io.walsync.sqlite.HostDriver;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;

/**
 * What the agent has open on one database.
 *
 * <pre>
 *   NONE --&gt; HELD --&gt; LEFT --&gt; NONE
 *   NONE or RESTING --&gt; FOLLOWING --&gt; NONE
 *   HELD --&gt; LEFT --&gt; NONE --&gt; RESTING --&gt; NONE --&gt; HELD
 * </pre>
 *
 * <p>Threading: one thread at a time, the database's; {@link #isInside} from anywhere.
 */
final class Grip {

  enum Kind {
    /** Nothing is open. */
    NONE,

    /** The WAL of a connection that was open only for a moment is read without a pin. */
    FOLLOWING,

    /** A connection of the agent's stands, or the only connection that there can be is known. */
    HELD,

    /** No connection of the agent's stands any more; what others leave behind can still be read. */
    LEFT,

    /** Idle: a look at SQLite's count tells whether anything has happened. */
    RESTING
  }

  /** Knows whether nothing was missed since somebody last looked, and has the tail go on there. */
  interface Continuation {
    boolean isProvedBy(Hold hold) throws IOException;
  }

  private final File path;
  private final PageEncoding encoding;
  private final Turnstile turnstile;
  private final LocalState local;
  private final Ownership ownership;
  private final Entrance entrance;
  private final Surroundings surroundings;
  private final CatchUp catchUp;
  private final ComparisonPace pace;
  private final Clock clock;

  private Kind kind = Kind.NONE;

  /** What is open while it is {@code FOLLOWING}, {@code HELD} or {@code LEFT}; else null. */
  private Hold hold;

  /** There while {@link #hold} is. */
  private Capture capture;

  /** There while {@link #hold} is, unless the only connection has to checkpoint itself. */
  private Checkpointer checkpointer;

  /** How the database was left while it is {@code RESTING}; else null. */
  private Rest rest;

  private HostDriver driver;

  /** Whether a pin of ours stands, beside which nobody recovers or removes the WAL. */
  private volatile boolean isInside;

  /** Whether nothing has been committed by the only connection for a while. */
  private boolean isQuiet;

  /** Where the last hold was left, while the wal-index lives on; null if it is not known. */
  private WalPlace place;

  Grip(
      DbSettings settings,
      LocalState local,
      Ownership ownership,
      Turnstile turnstile,
      Entrance entrance,
      Surroundings surroundings,
      CatchUp catchUp,
      ComparisonPace pace) {
    this.path = settings.path();
    this.encoding = settings.config().pageEncoding();
    this.local = local;
    this.ownership = ownership;
    this.turnstile = turnstile;
    this.entrance = entrance;
    this.surroundings = surroundings;
    this.catchUp = catchUp;
    this.pace = pace;
    this.clock = settings.clock();
  }

  // ---- how it is

  Kind kind() {
    return kind;
  }

  /** Whether the WAL is open here. */
  boolean isOpen() {
    assert (hold != null) == (kind != Kind.NONE && kind != Kind.RESTING) : kind;
    return hold != null;
  }

  boolean isResting() {
    assert (rest != null) == (kind == Kind.RESTING) : kind;
    return rest != null;
  }

  /** From any thread: whether the agent neither enters nor leaves SQLite while this is so. */
  boolean isInside() {
    return isInside;
  }

  /** What is open; only while something is. */
  Hold hold() {
    assert isOpen() : kind;
    return hold;
  }

  /** What takes in the commits; only while something is open. */
  Capture capture() {
    assert isOpen() : kind;
    return capture;
  }

  /** Who checkpoints; null if it is not for the agent to. */
  Checkpointer checkpointer() {
    return checkpointer;
  }

  /** How the database was left; only while it rests. */
  Rest rest() {
    assert isResting() : kind;
    return rest;
  }

  /** Whether one connection of the application's has the database to itself. */
  boolean isAlone() {
    return isOpen() && hold.isAlone();
  }

  /** See {@link Session#isLeftBySole}. */
  boolean isLeftBySole() {
    return isOpen() && hold.isOver();
  }

  /** Whether a pin stands, which a checkpoint of somebody else's may wait for. */
  boolean isPinned() {
    return isOpen() && (hold.isAlone() ? !isQuiet : hold.pins().isHeld());
  }

  /** Whether the wal-index that a pin of ours has seen alive lives on without it. */
  boolean isWalKeptByOthers() {
    return kind == Kind.LEFT && hold.tail().isIndexInPlace();
  }

  /** The file that is held or rests, as {@link FileIdentity#key}, or null if none does. */
  Object fileKey() {
    if (isResting()) {
      return rest.file().key();
    }
    return isOpen() ? hold.file().key() : null;
  }

  // ---- taking hold

  /** Whose copy of SQLite the agent's connections belong to from now on. */
  void use(HostDriver host) {
    driver = host;
  }

  /** What the database was before the application went on with it: see {@link Lineage}. */
  void lookUnderPin(DatabaseFile file) throws IOException, SQLException {
    assert kind == Kind.NONE : kind;
    try (Hold looking = ownership.hold(file, driver)) {
      if (looking.isAlone()) {
        local.look(file, looking.tail().count());
        looking.requireUndisturbed();
        return;
      }
      entrance.alone(() -> looking.pins().take(looking.capture(local.staging(), encoding)));
      try {
        local.look(file, looking.tail().count());
      } finally {
        entrance.alone(looking::releasePins);
      }
    }
  }

  /** Takes hold where the last hold was left, or the saved position ends, and catches up. */
  void take(DatabaseFile file, Entrance.Passage passage) throws IOException, SQLException {
    take(file, passage, this::continuesFromPosition);
  }

  /** Takes hold where that says, and catches up. */
  void take(DatabaseFile file, Entrance.Passage passage, Continuation continuation)
      throws IOException, SQLException {
    open(ownership.hold(file, driver), Kind.HELD);
    isQuiet = false;
    if (!hold.isAlone()) {
      checkpointer = hold.checkpointer(turnstile, capture, clock);
      passage.take(() -> hold.pins().take(capture));
    }
    isInside = true;
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

  private void open(Hold opened, Kind as) {
    assert kind == Kind.NONE : kind;
    hold = opened;
    kind = as;
    capture = hold.capture(local.staging(), encoding);
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

  // ---- holding

  /** After a gap: what differs from the replica is staged, under the pin that stands. */
  void resynchronise() throws IOException {
    assert kind == Kind.HELD : kind;
    local.forgetPlace();
    catchUp.underPin(hold);
    pace.caughtUp();
  }

  /** A pin stands again after {@link #relax}. */
  void repin() throws IOException, SQLException {
    assert kind == Kind.HELD : kind;
    hold.pins().take(capture);
    isInside = true;
  }

  /** Commits have been looked for. */
  void lookedAt(boolean hasCommits) {
    isQuiet &= !hasCommits;
  }

  /**
   * Releases the pin of a database without commits. The connection stays, so that SQLite's count
   * goes on telling all there is.
   */
  void relax() throws IOException, SQLException {
    assert kind == Kind.HELD : kind;
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

  // ---- letting go

  /**
   * Reads the WAL of a connection that was open only for a moment without a pin, through a file
   * that stays open.
   */
  void follow() throws IOException {
    assert kind == Kind.NONE || kind == Kind.RESTING : kind;
    DatabaseFile file = DatabaseFile.of(path);
    ownership.look(file);
    if (ownership.isWanted() && !ownership.isFollowed(file) || file.pageSize() == 0) {
      return;
    }
    Hold following = ownership.hold(file, null);
    boolean isFollowed = false;
    try {
      isFollowed = canFollow(following);
    } finally {
      if (!isFollowed) {
        following.close();
      }
    }
    if (isFollowed) {
      endRest();
      open(following, Kind.FOLLOWING);
    }
  }

  private boolean canFollow(Hold following) throws IOException {
    if (!isResting()) {
      return continuesFromPosition(following);
    }
    if (local.position().pageSize() != following.pageSize()) {
      return false;
    }
    rest.beforeConnecting();
    return rest.isContinuedBy(following.tail());
  }

  /** Has no connection of the agent's stand any more. */
  void leave(Entrance.Passage passage) throws IOException, SQLException {
    assert isOpen() : kind;
    isInside = false;
    passage.take(hold::releasePins);
    kind = kind == Kind.HELD ? Kind.LEFT : kind;
  }

  /** The WAL stays, so that the next hold may go on where this one is. */
  void rememberPlace() {
    place = hold.tail().place();
  }

  /** Lets everything go, and what a rest was to prove. */
  void close() throws IOException {
    isInside = false;
    endRest();
    Hold closing = hold;
    hold = null;
    capture = null;
    checkpointer = null;
    kind = Kind.NONE;
    if (closing != null) {
      closing.close();
    }
  }

  /** As {@link #close}, after a failure; the saved position tells what to do next time. */
  void abandon() {
    place = null;
    ownership.forget();
    try {
      close();
    } catch (IOException | RuntimeException | Error nothingToLose) {
      assert kind == Kind.NONE : kind;
    }
  }

  // ---- resting

  /** Nothing is open of a database that was left that way. */
  void rest(Rest left) {
    assert kind == Kind.NONE : kind;
    rest = left;
    kind = Kind.RESTING;
  }

  /** The rest is over; returns how the database was left, which is the caller's to end. */
  Rest wake() {
    Rest left = rest();
    rest = null;
    kind = Kind.NONE;
    return left;
  }

  private void endRest() {
    if (isResting()) {
      wake().end();
    }
  }
}
