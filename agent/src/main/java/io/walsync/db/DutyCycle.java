package io.walsync.db;

import io.walsync.db.application.Autocheckpoint;
import io.walsync.db.application.Connections;
import io.walsync.db.application.DriverInUse;
import io.walsync.db.application.SwitchPostponedException;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.compare.ComparisonPostponedException;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.DbStatus;
import io.walsync.db.events.Unstored;
import io.walsync.db.lineage.LineageUnknownException;
import io.walsync.db.lineage.RefusedDatabaseException;
import io.walsync.db.local.LocalState;
import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.StagingDamagedException;
import io.walsync.db.upload.Answer;
import io.walsync.db.upload.Replicator;
import io.walsync.hook.ApplicationWait;
import io.walsync.hook.FileConnection;
import io.walsync.io.Clock;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a database does each time it gets a turn: collect what the store answered, get out of the
 * application's way if asked, capture, checkpoint, upload, and say when it wants the next turn.
 *
 * <p>States: {@link DbState}, changed in {@link Course}.
 *
 * <p>Threading: one thread at a time, the {@link Db}'s; methods for other threads say so.
 */
final class DutyCycle {

  /** Shorter connections are captured from the WAL file; the agent opens none for them. */
  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Course course;
  private final Connections connections;
  private final Clock clock;
  private final Drain drain;
  private final DbEvents events;
  private final Unstored unstored;
  private final Replicator replicator;
  private final LocalState local;
  private final Session session;
  private final Autocheckpoint autocheckpoint;
  private final DriverInUse driver;
  private final Suspension suspension;
  private final Watch watch;
  private final Opening opening;
  private final Closing closing;
  private final Setback setback;
  private final Timetable timetable;
  private final Standing standing;
  private final Parking parking;
  private volatile boolean isLeaving;
  private volatile Throwable hookFault;

  DutyCycle(
      DbSettings settings,
      DbExecutors executors,
      Connections connections,
      Drain drain,
      Turnstile turnstile,
      Runnable wake) {
    Parts parts = new Parts(settings, executors, connections, drain, turnstile, wake);
    this.course = parts.course;
    this.connections = connections;
    this.clock = parts.clock;
    this.drain = drain;
    this.events = parts.events;
    this.unstored = parts.unstored;
    this.replicator = parts.replicator;
    this.local = parts.local;
    this.session = parts.session;
    this.autocheckpoint = parts.autocheckpoint;
    this.driver = parts.driver;
    this.suspension = parts.suspension;
    this.watch =
        new Watch(
            session, events, suspension.doubt(), executors.restAfterNanos(), clock.nanoTime());
    this.opening = new Opening(parts, watch);
    this.closing = new Closing(parts);
    this.setback = new Setback(parts, closing);
    this.timetable = new Timetable(connections, drain, replicator, session);
    this.standing =
        new Standing(
            settings, connections, local, replicator, session, suspension, parts.pace, unstored);
    this.parking = new Parking(parts.path, connections, local, replicator, session, events);
  }

  /** Decides when the staging folder is parked, and whether the database may be forgotten. */
  Parking parking() {
    return parking;
  }

  /** From any thread. */
  void opened(FileConnection connection) {
    driver.opened(connection);
    autocheckpoint.opened(connection);
  }

  /** From any thread. */
  void hookFailed(Throwable fault) {
    hookFault = fault;
  }

  /** From any thread: whether the agent has a connection that it neither opens nor closes now. */
  boolean isInside() {
    return session.isInside();
  }

  /** From any thread. */
  boolean isInWalMode() {
    return session.isInWalMode();
  }

  /** From any thread: the application is about to do something that may end WAL mode. */
  void forgetWalMode() {
    session.forgetWalMode();
  }

  /** From any thread. */
  void disowned(int connectionCount) {
    if (connectionCount > 0) {
      events.replaced(connectionCount);
    }
  }

  /** From any thread. */
  String describeState() {
    return course.state().toString();
  }

  /** From any thread, approximately. */
  DbStatus status() {
    DbState known = course.state();
    long ageMillis = TimeUnit.NANOSECONDS.toMillis(course.stateNanos());
    return standing.status(
        known, clock.millis() - ageMillis, known == DbState.REFUSED ? course.refusal() : null);
  }

  /** From any thread: the next turn is the last that looks at the database. */
  void leave() {
    isLeaving = true;
  }

  /** From any thread: whether what {@link #leave} asked for has been done. */
  boolean hasLeft() {
    return course.hasLeft();
  }

  /**
   * One turn. Whatever goes wrong in it ends here: this database is suspended, no other one and
   * nothing of the application's is touched.
   *
   * @return nanoseconds until the next one is due, or {@link Timetable#UNTIL_COMMIT}
   */
  long run() {
    List<ApplicationWait> waiting = Collections.emptyList();
    drain.turnBegins();
    try {
      waiting = connections.takeWaiting();
      turn(clock.nanoTime(), !waiting.isEmpty());
    } catch (ComparisonPostponedException e) {
      setback.beginAgainAt(clock.nanoTime() + e.waitNanos(), e.getMessage());
    } catch (SwitchPostponedException e) {
      setback.beginAgainAt(clock.nanoTime() + e.waitNanos(), e.getMessage());
    } catch (RefusedDatabaseException e) {
      setback.refuse(e.refusal());
    } catch (LineageUnknownException e) {
      setback.askReplica();
    } catch (StagingDamagedException e) {
      setback.giveUpLocalState(e);
    } catch (Throwable e) {
      setback.suspend(e);
    } finally {
      waiting.forEach(ApplicationWait::answer);
    }
    noteUnstored();
    DbState state = course.state();
    parking.look(closing.isSettled(), state == DbState.REFUSED, clock.nanoTime());
    drain.found(standing.isEverythingUploaded(state), standing.isHopeless(state));
    long now = clock.nanoTime();
    long quietNanos = quietNanos(now);
    return quietNanos > 0 ? quietNanos : Math.min(nextTurn(now), parking.waitNanos(now));
  }

  private void noteUnstored() {
    if (local.isOpen() && !local.isInitialised() && connections.isAnyOpen()) {
      long openNanos = clock.nanoTime() - connections.firstOpenedNanos();
      unstored.isUnknownSince(clock.millis() - TimeUnit.NANOSECONDS.toMillis(openNanos));
    } else {
      unstored.look(session.hasPending(), replicator.hasSealed());
    }
  }

  private void turn(long now, boolean isAnyoneWaiting) throws Exception {
    if (course.is(DbState.REFUSED)) {
      turnRefused();
      return;
    }
    setback.vanishIfDeleted();
    if (quietNanos(now) > 0) {
      return;
    }
    listen();
    if (course.is(DbState.REFUSED)) {
      turnRefused();
      return;
    }
    leaveReplacedFile();
    Throwable fault = hookFault;
    if (fault != null) {
      hookFault = null;
      // What it did not tell us is found by beginning again.
      throw new IllegalStateException("the agent failed on a thread of the application: " + fault);
    }
    if (isLeaving) {
      letGo();
    } else {
      makeWay(isAnyoneWaiting);
    }
    if (opening.isDue(now)) {
      checkFile();
      opening.begin();
    }
    if (course.isCaptured()) {
      capture(now);
    }
    upload(now);
    drain.saveIfWanted(local);
  }

  /** The turn of a refused database: only the last outcome of the upload thread is collected. */
  private void turnRefused() {
    try {
      replicator.collectLast();
      drain.saveIfWanted(local);
    } catch (IOException | RuntimeException | Error e) {
      events.failedInPassing("after a refusal", e);
    }
  }

  private void leaveReplacedFile() throws IOException {
    Object held = session.fileKey();
    if (held != null && connections.isDisowned(held)) {
      session.leaveFile();
      course.endCapture("another file stands at the path");
    }
  }

  private void checkFile() throws IOException {
    disowned(connections.disownOthersThan(session.standingFile()));
    leaveReplacedFile();
  }

  private void makeWay(boolean isAnyoneWaiting) throws Exception {
    boolean isInTheWay = isAnyoneWaiting || connections.isExclusive() || !connections.isAnyOpen();
    if (!isInTheWay) {
      return;
    }
    if (connections.isAnyOpen()) {
      course.startAt(clock.nanoTime() + START_DELAY_NANOS);
      if (course.isCaptured() && connections.isExclusive()) {
        course.enter(DbState.AWAY, "a connection needs the database for itself");
      } else if (course.isCaptured()) {
        course.enter(DbState.IDLE, "a connection is about to close");
      }
      session.letGo(!connections.isAnyStaying());
    } else if (!course.is(DbState.ASKING)) {
      course.endCapture("the last connection has closed");
      closing.settle(!isAnyoneWaiting);
      if (isAnyoneWaiting) {
        closing.returns();
      }
    }
  }

  /** Copies the last commits, releases the hold and never takes it again. */
  private void letGo() throws Exception {
    if (hasLeft()) {
      return;
    }
    boolean isHeld = course.isCaptured();
    course.enter(DbState.LEFT, "the agent leaves the process");
    if (isHeld) {
      session.letGo(false);
    }
  }

  /** See {@link Course#impossibleChange}. */
  String impossibleChange() {
    String ofState = course.impossibleChange();
    return ofState == null ? replicator.impossibleChange() : ofState;
  }

  private void capture(long now) throws Exception {
    if (opening.isThroughAnotherDriver()) {
      beginAnew("the application has another copy of SQLite now");
      return;
    }
    if (session.isLeftBySole()) {
      beginAnew("the connection that had the database to itself does not tell of it now");
      return;
    }
    watch.look(now);
    if (session.isResting()) {
      course.enter(DbState.RESTING, "nothing was committed for a while");
    } else {
      course.enter(DbState.REPLICATING, "the database is no longer as it was left for a rest");
    }
    watch.checkpoint(now);
    if (watch.isPollDue(now, drain.isWanted())) {
      session.lookAround(drain.isWanted());
      checkFile();
      if (connections.forgetLost()) {
        driver.lost();
      }
      replicator.look(now);
      suspension.survived(watch.nanos(now), local.uploadedTxid());
    }
  }

  private void upload(long now) throws Exception {
    boolean isPossible =
        !course.is(DbState.ASKING)
            && local.isInitialised()
            && replicator.isReady(now, drain.isWanted());
    if (isPossible) {
      replicator.upload(session::seal, now);
    }
  }

  private void listen() throws Exception {
    long now = clock.nanoTime();
    Answer answer = replicator.collect();
    switch (answer.kind()) {
      case DAMAGED:
        throw answer.damage();
      case FORGET:
        setback.retire();
        break;
      case BEGIN_AGAIN:
        setback.beginAgainAt(now, "what the replica holds is known now");
        break;
      case UNREACHABLE:
        if (course.is(DbState.ASKING)) {
          // Nothing is captured, so the agent does not checkpoint either: the application must.
          autocheckpoint.giveBack();
          course.beginAt(
              now + Math.max(0, replicator.waitNanos(now, false)),
              "the store could not be reached");
        }
        break;
      case REFUSED:
        setback.refuse(answer.refusal());
        break;
      default:
        break;
    }
  }

  /** How long nothing is written beside the database; 0 for not at all. */
  private long quietNanos(long now) {
    boolean isWanted = connections.isAnyOpen() || drain.isWanted() || isLeaving;
    return isWanted ? 0 : closing.quietNanos(now);
  }

  /** Whether a commit should wake the duty cycle at once. */
  boolean wantsCommits() {
    boolean isUploadPossible =
        !session.hasPending() && replicator.isReady(clock.nanoTime(), drain.isWanted());
    // Without a pin the WAL may be restarted or removed before the next turn of the clock.
    return course.isCaptured() && (isUploadPossible || !session.isPinned());
  }

  /** Whether commits have arrived since the last turn. */
  boolean hasMissedCommit() {
    if (!course.isCaptured()) {
      return false;
    }
    try {
      return session.hasNews();
    } catch (Exception | Error nextTurnMeetsItAgain) {
      // It may have failed while the rest ended: what is half open must not be used.
      beginAnew("the look at the WAL failed");
      return true;
    }
  }

  /** Releases a hold that proves nothing any more, and begins again from the saved position. */
  private void beginAnew(String reason) {
    session.abandon();
    course.beginAt(clock.nanoTime(), reason);
  }

  private long nextTurn(long now) {
    switch (course.state()) {
      case REPLICATING:
        return Math.min(timetable.whileCaptured(now), watch.nanosUntilRest(now));
      case RESTING:
        return timetable.whileCaptured(now);
      case IDLE:
      case AWAY:
      case SUSPENDED:
        return timetable.whileWaiting(now, closing.isSettled(), course.startAtNanos());
      case LEFT:
        return timetable.whileLeft(now);
      default:
        return timetable.whileAsking(now);
    }
  }

  void close() throws IOException {
    session.abandon();
    local.close();
  }
}
