package io.walsync.db;

import io.walsync.capture.WalChangedException;
import io.walsync.checkpoint.Turnstile;
import io.walsync.config.Checkpointer;
import io.walsync.hook.ConnectionHook;
import io.walsync.sqlite.HostDriver;
import io.walsync.staging.DiskFullException;
import io.walsync.staging.StagingDamagedException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a database does each time it gets a turn: collect what the store answered, get out of the
 * application's way if asked, capture, checkpoint, upload, and say when it wants the next turn.
 *
 * <p>States:
 *
 * <pre>
 * IDLE         nothing is open, or it was opened a moment ago
 * ASKING       no local state: the replica is being asked what it has
 * REPLICATING  pinned, captured, uploaded
 * AWAY         the application needs the database for itself
 * SUSPENDED    cannot go on now; tried again
 * REFUSED      must not go on; only a restart of the application changes that
 * </pre>
 *
 * <p>Threading: one thread at a time, the {@link Db}'s; what others may call says so.
 */
final class DutyCycle {

  enum State {
    IDLE,
    ASKING,
    REPLICATING,
    AWAY,
    SUSPENDED,
    REFUSED
  }

  /** A connection that closes again within this time is followed without connections of our own. */
  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Pages; what SQLite and every sqlite-jdbc start with. */
  private static final int SQLITE_AUTOCHECKPOINT = 1000;

  private static final int NO_AUTOCHECKPOINT = 0;

  private static final long NOTHING_SETTLED = -1;

  private final DbSettings settings;
  private final Connections connections;
  private final Drain drain;
  private final Announcements announce;
  private final Replicator replicator;
  private final LocalState local;
  private final Session session;
  private final GrowthRate rate = new GrowthRate();
  private final Suspension suspension;
  private final Timetable timetable;
  private final DriverInUse driver;

  /** The copy that the session's connections belong to. */
  private HostDriver heldThrough;

  private volatile State state = State.IDLE;
  private volatile String refusal = "";
  private long startAtNanos;

  /**
   * How many connections had been opened when the database was last found closed and accounted for.
   */
  private long settledCount;

  private final long restAfterNanos;
  private final Idleness idleness;
  private long pollAtNanos;
  private long replicatingSinceNanos;
  private boolean isAutocheckpointOff;

  DutyCycle(
      DbSettings settings,
      DbExecutors executors,
      Connections connections,
      Drain drain,
      Turnstile turnstile,
      Runnable wake) {
    this.settings = settings;
    this.connections = connections;
    this.drain = drain;
    this.restAfterNanos = executors.restAfterNanos();
    this.idleness = new Idleness(restAfterNanos);
    this.announce = new Announcements(settings.path(), settings.replicaUrl());
    this.driver = new DriverInUse(connections, announce);
    Uploader uploader =
        new Uploader(
            settings.client(),
            executors.uploads(),
            settings.config().syncInterval().toNanos(),
            settings.random(),
            wake);
    this.local = new LocalState(settings, uploader, announce);
    this.replicator = new Replicator(uploader, local, announce);
    this.session = new Session(settings, local, uploader, turnstile, announce, executors.host());
    this.suspension = new Suspension(settings.random(), announce);
    this.timetable = new Timetable(connections, drain, replicator, session, rate);
    this.startAtNanos = System.nanoTime();
  }

  /** From any thread. */
  void opened(ConnectionHook connection) {
    driver.opened(connection);
    if (isCheckpointing() && state == State.REPLICATING) {
      connection.requestAutocheckpoint(NO_AUTOCHECKPOINT);
      if (state != State.REPLICATING) {
        connection.requestAutocheckpoint(SQLITE_AUTOCHECKPOINT);
      }
    }
  }

  private boolean isCheckpointing() {
    return settings.config().checkpointer() == Checkpointer.AGENT;
  }

  /** From any thread. */
  String describeState() {
    return state == State.REPLICATING && session.isResting() ? "RESTING" : state.toString();
  }

  /** From any thread, approximately. */
  String describePending() {
    if (state == State.REFUSED) {
      return "it is not replicated: " + refusal + "; " + local.describePending();
    }
    return local.describePending()
        + " ("
        + state
        + (suspension.isOn() ? ", " + suspension.describe() : "")
        + ")";
  }

  /**
   * One turn. Whatever goes wrong in it ends here: this database is suspended, no other one and
   * nothing of the application's is touched.
   *
   * @return nanoseconds until the next one is due, or {@link Timetable#UNTIL_COMMIT}
   */
  long run() {
    List<CountDownLatch> waiting = Collections.emptyList();
    try {
      waiting = connections.takeWaiting();
      turn(System.nanoTime(), !waiting.isEmpty());
    } catch (RefusedDatabaseException e) {
      refuse(e.getMessage());
    } catch (StagingDamagedException e) {
      giveUpLocalState(e);
    } catch (Throwable e) {
      suspend(e);
    } finally {
      waiting.forEach(CountDownLatch::countDown);
    }
    drain.found(isEverythingUploaded(), isHopeless());
    return nextTurn(System.nanoTime());
  }

  private void turn(long now, boolean isAnyoneWaiting) throws Exception {
    listen();
    makeWay(isAnyoneWaiting);
    if (canStart(now)) {
      start();
    }
    if (state == State.REPLICATING) {
      capture(now);
    }
    upload(now);
    saveIfWanted();
  }

  private void saveIfWanted() throws IOException {
    if (drain.isSaveWanted()) {
      try {
        local.saveDurably();
      } finally {
        drain.saved();
      }
    }
  }

  private void makeWay(boolean isAnyoneWaiting) throws Exception {
    boolean isInTheWay = isAnyoneWaiting || connections.isExclusive() || !connections.isAnyOpen();
    if (!isInTheWay) {
      return;
    }
    if (connections.isAnyOpen()) {
      startAtNanos = System.nanoTime() + START_DELAY_NANOS;
      if (state == State.REPLICATING) {
        state = connections.isExclusive() ? State.AWAY : State.IDLE;
      }
      session.letGo(!connections.isAnyStaying());
    } else if (state != State.REFUSED && state != State.ASKING) {
      if (state == State.REPLICATING || state == State.AWAY) {
        state = State.IDLE;
      }
      settle();
    }
  }

  private void settle() throws Exception {
    long openedCount = connections.openedCount();
    if (settledCount == openedCount || driver.driver() == null) {
      return;
    }
    switch (session.settleAfterClose(driver.driver())) {
      case REPLICATING:
        announceStart();
        suspension.over();
        state = State.IDLE;
        settledCount = openedCount;
        break;
      case REPLICA_UNKNOWN:
        ask();
        break;
      default:
        settledCount = openedCount;
        break;
    }
  }

  private boolean canStart(long now) {
    boolean isWaiting = state == State.IDLE || state == State.AWAY || state == State.SUSPENDED;
    return isWaiting
        && driver.driver() != null
        && connections.isAnyStaying()
        && !connections.isExclusive()
        && now - startAtNanos >= 0;
  }

  private void start() throws Exception {
    heldThrough = driver.driver();
    switch (session.start(heldThrough)) {
      case REPLICATING:
        state = State.REPLICATING;
        replicatingSinceNanos = System.nanoTime();
        takeOverAutocheckpoint();
        rate.reset();
        announceStart();
        break;
      case REPLICA_UNKNOWN:
        ask();
        break;
      case NOT_YET:
        // An empty file: the application has yet to write its first page.
        beginAt(System.nanoTime() + Timetable.POLL_NANOS);
        break;
      default:
        throw new AssertionError();
    }
  }

  private void announceStart() {
    if (!suspension.isOn()) {
      announce.replicating(local.position());
    }
  }

  private void ask() {
    if (replicator.ask()) {
      state = State.ASKING;
    } else {
      long now = System.nanoTime();
      beginAt(now + Math.max(RETRY_NANOS, replicator.waitNanos(now, false)));
    }
  }

  private void beginAt(long nanos) {
    state = State.IDLE;
    startAtNanos = nanos;
  }

  private void capture(long now) throws Exception {
    if (heldThrough != driver.driver()) {
      session.abandon();
      beginAt(now);
      return;
    }
    try {
      if (session.advance()) {
        rate.committed(now);
      } else if (isIdle(now)) {
        session.rest(TimeUnit.NANOSECONDS.toMillis(restAfterNanos / 2));
      }
      idleness.note(session.isResting(), now);
    } catch (WalChangedException e) {
      announce.resynchronising(e);
      session.resynchronise();
    }
    rate.sample(session.runBytes(), now);
    session.checkpoint(rate.bytesPerSecond(), now);
    if (now - pollAtNanos >= 0) {
      pollAtNanos = now + Timetable.POLL_NANOS;
      session.checkStillThere();
      if (connections.forgetLost()) {
        driver.lost();
      }
      replicator.look(now);
      suspension.survived(now - replicatingSinceNanos);
    }
  }

  private boolean isIdle(long now) {
    return !session.isResting()
        && idleness.isLongEnough(rate.lastCommitNanos(), now)
        && idleness.isLongEnough(replicatingSinceNanos, now)
        && isEverythingUploaded();
  }

  private void upload(long now) throws Exception {
    boolean isPossible =
        state != State.REFUSED
            && state != State.ASKING
            && local.isInitialised()
            && replicator.isReady(now, drain.isWanted());
    if (isPossible) {
      replicator.upload(session::seal, now);
    }
  }

  private void listen() throws Exception {
    long now = System.nanoTime();
    switch (replicator.collect()) {
      case DAMAGED:
        throw replicator.damage();
      case FORGET:
        session.abandon();
        local.forget();
        settledCount = NOTHING_SETTLED;
        beginAt(now);
        break;
      case BEGIN_AGAIN:
        session.abandon();
        settledCount = NOTHING_SETTLED;
        beginAt(now);
        break;
      case UNREACHABLE:
        if (state == State.ASKING) {
          // Nobody else would checkpoint a WAL that nobody captures.
          giveBackAutocheckpoint();
          beginAt(now + Math.max(0, replicator.waitNanos(now, false)));
        }
        break;
      case REFUSED:
        refuse(replicator.refusal());
        break;
      default:
        break;
    }
  }

  private void refuse(String reason) {
    refusal = reason;
    state = State.REFUSED;
    session.abandon();
    giveBackAutocheckpoint();
    announce.refused(reason);
  }

  /** What lies in the folder must not reach the replica: asks the replica and begins from there. */
  private void giveUpLocalState(StagingDamagedException damage) {
    boolean isHeld = state == State.REPLICATING;
    session.abandon();
    beginAt(System.nanoTime());
    settledCount = NOTHING_SETTLED;
    try {
      local.lost(damage.getMessage(), isHeld);
    } catch (Throwable e) {
      suspend(e);
    }
  }

  private void suspend(Throwable cause) {
    boolean isHeld = state == State.REPLICATING;
    if (state == State.ASKING ? !replicator.isBusy() : state != State.REFUSED) {
      state = State.SUSPENDED;
    }
    startAtNanos = System.nanoTime() + suspension.failed(cause);
    settledCount = NOTHING_SETTLED;
    session.abandon();
    try {
      if (!(cause instanceof SQLException)) {
        local.suspect(isHeld);
      }
      if (suspension.tell(local.uploadedTxid())) {
        giveBackAutocheckpoint();
        if (cause instanceof DiskFullException) {
          local.giveUpSegments();
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      // Told, or done, with the next failure.
      Announcements.LOG.debug("while suspending", e);
    }
  }

  private void takeOverAutocheckpoint() {
    if (isCheckpointing()) {
      isAutocheckpointOff = true;
      setAutocheckpoint(NO_AUTOCHECKPOINT);
    }
  }

  private void giveBackAutocheckpoint() {
    if (isAutocheckpointOff) {
      isAutocheckpointOff = false;
      setAutocheckpoint(SQLITE_AUTOCHECKPOINT);
    }
  }

  private void setAutocheckpoint(int pageCount) {
    connections.all().forEach(connection -> connection.requestAutocheckpoint(pageCount));
  }

  private boolean isEverythingUploaded() {
    return !session.hasContent()
        || suspension.isElsewhere()
        || state != State.REFUSED
            && local.isInitialised()
            && !replicator.isBusy()
            && !replicator.hasSealed()
            && !session.hasPending()
            && (state == State.REPLICATING || !connections.isAnyOpen());
  }

  /** Whether waiting longer would not bring it to the store. */
  private boolean isHopeless() {
    return state == State.REFUSED || state == State.SUSPENDED && !local.isInitialised();
  }

  /** Whether a commit should wake the duty cycle at once. */
  boolean wantsCommits() {
    return state == State.REPLICATING
        && !session.hasPending()
        && replicator.isReady(System.nanoTime(), drain.isWanted());
  }

  /** Whether commits have arrived since the last turn. */
  boolean hasMissedCommit() {
    if (state != State.REPLICATING) {
      return false;
    }
    try {
      return session.advance();
    } catch (Exception | Error nextTurnReportsIt) {
      return true;
    }
  }

  private long nextTurn(long now) {
    switch (state) {
      case REPLICATING:
        return timetable.whileReplicating(now);
      case IDLE:
      case AWAY:
      case SUSPENDED:
        boolean isSettled = settledCount == connections.openedCount();
        return timetable.whileWaiting(now, isSettled, startAtNanos);
      default:
        return timetable.whileAsking(now);
    }
  }

  void close() throws IOException {
    session.abandon();
    local.close();
  }
}
