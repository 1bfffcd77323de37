package io.walsync.db;

import io.walsync.db.application.Surroundings;
import io.walsync.db.capture.Capture;
import io.walsync.db.capture.Hold;
import io.walsync.db.capture.Rest;
import io.walsync.db.checkpoint.Checkpointer;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.compare.Comparison;
import io.walsync.db.compare.ComparisonPace;
import io.walsync.db.lineage.Lineage;
import io.walsync.db.local.LocalState;
import io.walsync.db.local.StagingRoom;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.tail.WalChangedException;
import io.walsync.files.DatabaseFile;
import io.walsync.files.FileIdentity;
import io.walsync.io.Clock;
import io.walsync.ltx.PageEncoding;
import io.walsync.sqlite.HostDriver;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

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

    /** The WAL of a connection that was open only for a moment is open here, without a pin. */
    FOLLOWING,

    /** The agent has a connection with a pin, or follows the sole connection of the application. */
    HELD,

    /**
     * The agent's connections are closed. The WAL is still open, so that what others leave behind
     * can be read.
     */
    LEFT,

    /** Nothing is open of an idle database. SQLite's count tells whether anything has happened. */
    RESTING
  }

  /** Decides whether no commit was missed since a known place, and sets the tail to that place. */
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
  private final Comparison comparison;
  private final ComparisonPace pace;
  private final StagingRoom room;
  private final Clock clock;
  private Kind kind = Kind.NONE;

  /** Not null while the kind is {@code FOLLOWING}, {@code HELD} or {@code LEFT}. */
  private @Nullable Held held;

  /** Not null while the kind is {@code RESTING}. */
  private @Nullable Rest rest;

  /** Null before the first {@link #use}. */
  private @Nullable HostDriver driver;

  /** Whether the agent has a pin, so that nobody recovers or removes the WAL. */
  private volatile boolean isInside;

  /** Whether the sole connection has committed nothing for a while. */
  private boolean isQuiet;

  private final LastPlace place;

  Grip(
      DbSettings settings,
      LocalState local,
      Ownership ownership,
      Turnstile turnstile,
      Entrance entrance,
      Surroundings surroundings,
      Comparison comparison,
      ComparisonPace pace,
      StagingRoom room) {
    this.room = room;
    this.path = settings.path();
    this.encoding = settings.config().pageEncoding();
    this.local = local;
    this.place = new LastPlace(local);
    this.ownership = ownership;
    this.turnstile = turnstile;
    this.entrance = entrance;
    this.surroundings = surroundings;
    this.comparison = comparison;
    this.pace = pace;
    this.clock = settings.clock();
  }

  // ---- questions

  Kind kind() {
    return kind;
  }

  /** Whether the WAL is open here. */
  boolean isOpen() {
    assert (held != null) == (kind != Kind.NONE && kind != Kind.RESTING) : kind;
    return held != null;
  }

  boolean isResting() {
    assert (rest != null) == (kind == Kind.RESTING) : kind;
    return rest != null;
  }

  /** From any thread: whether the agent neither enters nor leaves SQLite while this is so. */
  boolean isInside() {
    return isInside;
  }

  private Held held() {
    Held open = held;
    assert open != null : kind;
    return open;
  }

  private HostDriver driver() {
    HostDriver used = driver;
    assert used != null : "no copy of SQLite is in use";
    return used;
  }

  /** The hold; only while {@link #isOpen}. */
  Hold hold() {
    return held().hold;
  }

  /** What copies the commits; only while {@link #isOpen}. */
  Capture capture() {
    return held().capture;
  }

  /** What checkpoints under a pin; only while {@link #isOpen}. */
  Checkpointer checkpointer() {
    return held().checkpointer;
  }

  /** How the database was left; only while {@link #isResting}. */
  Rest rest() {
    Rest resting = rest;
    assert resting != null : kind;
    return resting;
  }

  /** Whether one connection of the application's has the database to itself. */
  boolean isAlone() {
    return isOpen() && hold().isAlone();
  }

  /** See {@link Session#isLeftBySole}. */
  boolean isLeftBySole() {
    return isOpen() && hold().isOver();
  }

  /** Whether there is a pin, for which a checkpoint of somebody else may wait. */
  boolean isPinned() {
    return isOpen() && (hold().isAlone() ? !isQuiet : hold().pins().isHeld());
  }

  /** Whether the wal-index lives on although the agent's connections are closed. */
  boolean isWalKeptByOthers() {
    return kind == Kind.LEFT && hold().tail().isIndexInPlace();
  }

  /** {@link FileIdentity#key} of the file that is held or rests; null if there is none. */
  @Nullable Object fileKey() {
    if (isResting()) {
      return rest().file().key();
    }
    return isOpen() ? hold().file().key() : null;
  }

  // ---- taking hold

  /** Sets the copy of SQLite that the agent's next connections are opened with. */
  void use(HostDriver host) {
    driver = host;
  }

  /** Notes the database's checksum before the application commits anything, for {@link Lineage}. */
  void lookUnderPin(DatabaseFile file) throws IOException, SQLException {
    assert kind == Kind.NONE : kind;
    try (Hold looking = ownership.hold(file, driver())) {
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

  /** Takes hold where the last hold ended, or at the saved position. */
  void take(DatabaseFile file, Entrance.Passage passage) throws IOException, SQLException {
    take(file, passage, place::isContinuedBy);
  }

  /** Takes hold at a place that is proved; compares the whole database if none is. */
  void take(DatabaseFile file, Entrance.Passage passage, Continuation continuation)
      throws IOException, SQLException {
    surroundings.requireWal();
    Held opened = open(ownership.hold(file, driver()), Kind.HELD);
    Hold hold = opened.hold;
    isQuiet = false;
    if (!hold.isAlone()) {
      passage.take(() -> hold.pins().take(opened.capture));
    }
    isInside = true;
    surroundings.entered(driver(), file, hold.isAlone());
    if (hold.tail().count() == null) {
      throw new IOException(
          "what this process writes into the -shm file does not show when it is read: the file"
              + " system does not support SQLite's WAL mode, or nobody may read the file");
    }
    if (!continues(opened, continuation)) {
      local.requireLineage(file, hold.tail().count());
      comparison.underPin(hold);
    }
    place.forget();
    pace.caughtUp();
  }

  private Held open(Hold hold, Kind as) {
    assert kind == Kind.NONE : kind;
    Capture capture = hold.capture(local.staging(), encoding);
    Held opened = new Held(hold, capture, hold.checkpointer(turnstile, capture, clock));
    held = opened;
    kind = as;
    return opened;
  }

  private boolean continues(Held opened, Continuation continuation) throws IOException {
    Hold hold = opened.hold;
    try {
      if (!continuation.isProvedBy(hold)) {
        return false;
      }
      opened.capture.advance();
      if (!hold.isAlone() && !hold.pins().isFirm() || room.isThereFor(opened.capture)) {
        opened.capture.copy();
      }
      return true;
    } catch (WalChangedException restarted) {
      return false;
    }
  }

  // ---- holding

  /** After a gap: compares the whole database under the pin, and stages what differs. */
  void resynchronise() throws IOException {
    assert kind == Kind.HELD : kind;
    local.forgetPlace();
    comparison.underPin(hold());
    pace.caughtUp();
  }

  /** Takes a pin again, after {@link #relax}. */
  void repin() throws IOException, SQLException {
    assert kind == Kind.HELD : kind;
    hold().pins().take(capture());
    isInside = true;
  }

  /** Notes the result of a look for commits. */
  void lookedAt(boolean hasCommits) {
    isQuiet &= !hasCommits;
  }

  /**
   * Releases the pin of an idle database. The connection stays, so that SQLite goes on counting.
   */
  void relax() throws IOException, SQLException {
    assert kind == Kind.HELD : kind;
    Held relaxing = held();
    Hold hold = relaxing.hold;
    if (relaxing.capture.hasBatch()) {
      relaxing.capture.copy();
    }
    if (hold.isAlone()) {
      isQuiet = true;
      return;
    }
    // Set before the pin is released: a thread that enters from now on is seen by the next step.
    isInside = false;
    hold.pins().release();
    if (!relaxing.checkpointer.hasRun()) {
      hold.pins().closeSpare();
    }
  }

  // ---- releasing

  /** Reads, without a pin, the WAL of a connection that was open only for a moment. */
  void follow() throws IOException {
    assert kind == Kind.NONE || kind == Kind.RESTING : kind;
    DatabaseFile file = DatabaseFile.of(path);
    ownership.look(file);
    if (ownership.isWanted() && !ownership.isFollowed(file) || file.pageSize() == 0) {
      return;
    }
    Hold following = ownership.follow(file);
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
      return place.isContinuedBy(following);
    }
    if (local.position().pageSize() != following.pageSize()) {
      return false;
    }
    rest().beforeConnecting();
    return rest().isContinuedBy(following.tail());
  }

  /** Closes the agent's connections. */
  void leave(Entrance.Passage passage) throws IOException, SQLException {
    Hold leaving = hold();
    isInside = false;
    passage.take(leaving::releasePins);
    kind = kind == Kind.HELD ? Kind.LEFT : kind;
  }

  /** Remembers the place, for the next hold, because the WAL stays. */
  void rememberPlace() {
    place.remember(hold());
  }

  /** Releases everything, a rest included. */
  void close() throws IOException {
    isInside = false;
    endRest();
    Held closing = held;
    held = null;
    kind = Kind.NONE;
    if (closing != null) {
      closing.hold.close();
    }
  }

  /** As {@link #close}, after a failure; the saved position tells what to do next time. */
  void abandon() {
    place.forget();
    ownership.forget();
    try {
      close();
    } catch (IOException | RuntimeException | Error nothingToLose) {
      assert kind == Kind.NONE : kind;
    }
  }

  // ---- resting

  /** Begins a rest of a database that was left that way. */
  void rest(Rest left) {
    assert kind == Kind.NONE : kind;
    rest = left;
    kind = Kind.RESTING;
  }

  /** Ends the rest. Returns how the database was left; the caller ends that. */
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
