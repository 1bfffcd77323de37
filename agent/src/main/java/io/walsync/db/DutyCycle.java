package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.application.SwitchPostponedException;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.compare.ComparisonPostponedException;
import io.walsync.db.events.DbStatus;
import io.walsync.db.lineage.LineageUnknownException;
import io.walsync.db.lineage.RefusedDatabaseException;
import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.StagingDamagedException;
import io.walsync.hook.ApplicationWait;
import io.walsync.hook.FileConnection;
import io.walsync.io.Reason;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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

  private final Parts parts;
  private final Watch watch;
  private final Opening opening;
  private final Closing closing;
  private final Setback setback;
  private final StoreAnswers storeAnswers;
  private final Timetable timetable;
  private final Standing standing;
  private final Parking parking;
  private volatile boolean isLeaving;
  private volatile @Nullable Throwable hookFault;

  DutyCycle(
      DbSettings settings,
      DbExecutors executors,
      Connections connections,
      Drain drain,
      Turnstile turnstile,
      Runnable wake) {
    this.parts = new Parts(settings, executors, connections, drain, turnstile, wake);
    this.watch =
        new Watch(
            parts.session,
            parts.events,
            parts.suspension.doubt(),
            executors.restAfterNanos(),
            parts.clock.nanoTime());
    this.opening = new Opening(parts, watch);
    this.closing = new Closing(parts);
    this.setback = new Setback(parts, closing);
    this.storeAnswers = new StoreAnswers(parts, setback);
    this.timetable =
        new Timetable(
            parts.connections,
            parts.drain,
            parts.replicator,
            parts.uploadTime,
            parts.session.backlog());
    this.standing = standing(settings, parts);
    this.parking =
        new Parking(
            parts.path,
            parts.connections,
            parts.local,
            parts.replicator,
            parts.session,
            parts.events);
  }

  private static Standing standing(DbSettings settings, Parts parts) {
    return new Standing(
        settings,
        parts.connections,
        parts.local,
        parts.replicator,
        parts.session,
        parts.suspension,
        parts.pace,
        parts.unstored,
        parts.pause);
  }

  /** Decides when the staging folder is parked, and whether the database may be forgotten. */
  Parking parking() {
    return parking;
  }

  /** From any thread. */
  void opened(FileConnection connection) {
    parts.driver.opened(connection);
    parts.autocheckpoint.opened(connection);
  }

  /** From any thread. */
  void hookFailed(Throwable fault) {
    hookFault = fault;
  }

  /** From any thread: whether the agent has a connection that it neither opens nor closes now. */
  boolean isInside() {
    return parts.session.isInside();
  }

  /** From any thread. */
  boolean isInWalMode() {
    return parts.session.isInWalMode();
  }

  /** From any thread: the application is about to do something that may end WAL mode. */
  void forgetWalMode() {
    parts.session.forgetWalMode();
  }

  /** From any thread. */
  void disowned(int connectionCount) {
    if (connectionCount > 0) {
      parts.events.replaced(connectionCount);
    }
  }

  /** From any thread. */
  String describeState() {
    return parts.course.state().toString();
  }

  /** From any thread, approximately. */
  DbStatus status() {
    DbState known = parts.course.state();
    long ageMillis = TimeUnit.NANOSECONDS.toMillis(parts.course.stateNanos());
    return standing.status(
        known,
        parts.clock.millis() - ageMillis,
        known == DbState.REFUSED ? parts.course.refusal() : null);
  }

  /** From any thread: whoever waits for what is committed by now. */
  Haste haste() {
    return parts.haste;
  }

  /** From any thread: after a pause. */
  void resume() {
    parts.replicator.compactor().resume();
  }

  /** From any thread: the next turn is the last that looks at the database. */
  void leave() {
    isLeaving = true;
  }

  /** From any thread: whether what {@link #leave} asked for has been done. */
  boolean hasLeft() {
    return parts.course.hasLeft();
  }

  /**
   * One turn. Whatever goes wrong in it ends here: this database is suspended, no other one and
   * nothing of the application's is touched.
   *
   * @return nanoseconds until the next one is due, or {@link Timetable#UNTIL_COMMIT}
   */
  long run() {
    List<ApplicationWait> waiting = Collections.emptyList();
    parts.drain.turnBegins();
    parts.haste.turnBegins();
    try {
      waiting = parts.connections.takeWaiting();
      turn(parts.clock.nanoTime(), !waiting.isEmpty());
    } catch (ComparisonPostponedException e) {
      setback.beginAgainAt(parts.clock.nanoTime() + e.waitNanos(), Reason.of(e));
    } catch (SwitchPostponedException e) {
      setback.beginAgainAt(parts.clock.nanoTime() + e.waitNanos(), Reason.of(e));
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
    DbState state = parts.course.state();
    parking.look(closing.isSettled(), state == DbState.REFUSED, parts.clock.nanoTime());
    boolean isEverythingUploaded = standing.isEverythingUploaded(state);
    parts.drain.found(isEverythingUploaded, standing.isHopeless(state));
    if (parts.haste.isWanted()) {
      long lastTxid = parts.local.sealedTxid() + (parts.session.backlog().hasPending() ? 1 : 0);
      parts.haste.found(
          isEverythingUploaded, state.isCaptured(), lastTxid, parts.local.uploadedTxid());
    }
    long now = parts.clock.nanoTime();
    long quietNanos = quietNanos(now);
    return quietNanos > 0 ? quietNanos : Math.min(nextTurn(now), parking.waitNanos(now));
  }

  private void noteUnstored() {
    if (parts.local.isOpen() && !parts.local.isInitialised() && parts.connections.isAnyOpen()) {
      long openNanos = parts.clock.nanoTime() - parts.connections.firstOpenedNanos();
      parts.unstored.isUnknownSince(
          parts.clock.millis() - TimeUnit.NANOSECONDS.toMillis(openNanos));
    } else {
      parts.unstored.look(parts.session.backlog().hasPending(), parts.replicator.hasSealed());
    }
  }

  private void turn(long now, boolean isAnyoneWaiting) throws Exception {
    if (parts.course.is(DbState.REFUSED)) {
      turnRefused();
      return;
    }
    setback.vanishIfDeleted();
    if (quietNanos(now) > 0) {
      return;
    }
    storeAnswers.act();
    if (parts.course.is(DbState.REFUSED)) {
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
    if (parts.course.isCaptured()) {
      capture(now);
    }
    upload(now);
    parts.drain.saveIfWanted(parts.local);
  }

  /** The turn of a refused database: only the last outcome of the upload thread is collected. */
  private void turnRefused() {
    try {
      parts.replicator.collectLast();
      parts.drain.saveIfWanted(parts.local);
    } catch (IOException | RuntimeException | Error e) {
      parts.events.failedInPassing("after a refusal", e);
    }
  }

  private void leaveReplacedFile() throws IOException {
    Object held = parts.session.fileKey();
    if (held != null && parts.connections.isDisowned(held)) {
      parts.session.leaveFile();
      parts.course.endCapture("another file stands at the path");
    }
  }

  private void checkFile() throws IOException {
    disowned(parts.connections.disownOthersThan(parts.session.standingFile()));
    leaveReplacedFile();
  }

  private void makeWay(boolean isAnyoneWaiting) throws Exception {
    boolean isInTheWay =
        isAnyoneWaiting || parts.connections.isExclusive() || !parts.connections.isAnyOpen();
    if (!isInTheWay) {
      return;
    }
    if (parts.connections.isAnyOpen()) {
      parts.course.startAt(parts.clock.nanoTime() + START_DELAY_NANOS);
      if (parts.course.isCaptured() && parts.connections.isExclusive()) {
        parts.course.enter(DbState.AWAY, "a connection needs the database for itself");
      } else if (parts.course.isCaptured()) {
        parts.course.enter(DbState.IDLE, "a connection is about to close");
      }
      parts.session.letGo(!parts.connections.isAnyStaying());
    } else if (!parts.course.is(DbState.ASKING)) {
      parts.course.endCapture("the last connection has closed");
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
    boolean isHeld = parts.course.isCaptured();
    parts.course.enter(DbState.LEFT, "the agent leaves the process");
    if (isHeld) {
      parts.session.letGo(false);
    }
  }

  /** See {@link Course#impossibleChange}. */
  @Nullable String impossibleChange() {
    String ofState = parts.course.impossibleChange();
    return ofState == null ? parts.replicator.impossibleChange() : ofState;
  }

  private void capture(long now) throws Exception {
    if (opening.isThroughAnotherDriver()) {
      beginAnew("the application has another copy of SQLite now");
      return;
    }
    if (parts.session.isLeftBySole()) {
      beginAnew("the connection that had the database to itself does not tell of it now");
      return;
    }
    watch.look(now);
    if (parts.session.isResting()) {
      parts.course.enter(DbState.RESTING, "nothing was committed for a while");
    } else {
      parts.course.enter(
          DbState.REPLICATING, "the database is no longer as it was left for a rest");
    }
    watch.checkpoint(now);
    if (watch.isPollDue(now, parts.drain.isWanted())) {
      parts.session.lookAround(parts.drain.isWanted());
      checkFile();
      if (parts.connections.forgetLost()) {
        parts.driver.lost();
      }
      parts.replicator.look(now);
      parts.suspension.survived(watch.nanos(now), parts.local.uploadedTxid());
    }
  }

  private void upload(long now) throws Exception {
    boolean isPossible =
        !parts.course.is(DbState.ASKING)
            && parts.local.isInitialised()
            && parts.uploadTime.isNow(now);
    if (isPossible) {
      parts.replicator.upload(parts.session.backlog()::seal, now);
    }
  }

  /** How long nothing is written beside the database; 0 for not at all. */
  private long quietNanos(long now) {
    boolean isWanted = parts.connections.isAnyOpen() || parts.drain.isWanted() || isLeaving;
    return isWanted ? 0 : closing.quietNanos(now);
  }

  /** Whether a commit should wake the duty cycle at once. */
  boolean wantsCommits() {
    boolean isUploadPossible =
        !parts.session.backlog().hasPending() && parts.uploadTime.isNow(parts.clock.nanoTime());
    // Without a pin the WAL may be restarted or removed before the next turn of the clock.
    return parts.course.isCaptured() && (isUploadPossible || !parts.session.isPinned());
  }

  /** Whether commits have arrived since the last turn. */
  boolean hasMissedCommit() {
    if (!parts.course.isCaptured()) {
      return false;
    }
    try {
      return parts.session.hasNews();
    } catch (Exception | Error nextTurnMeetsItAgain) {
      // It may have failed while the rest ended: what is half open must not be used.
      beginAnew("the look at the WAL failed");
      return true;
    }
  }

  /** Releases a hold that proves nothing any more, and begins again from the saved position. */
  private void beginAnew(String reason) {
    parts.session.abandon();
    parts.course.beginAt(parts.clock.nanoTime(), reason);
  }

  private long nextTurn(long now) {
    switch (parts.course.state()) {
      case REPLICATING:
        return Math.min(timetable.whileCaptured(now), watch.nanosUntilRest(now));
      case RESTING:
        return timetable.whileCaptured(now);
      case IDLE:
      case AWAY:
      case SUSPENDED:
        return timetable.whileWaiting(now, closing.isSettled(), parts.course.startAtNanos());
      case LEFT:
        return timetable.whileLeft(now);
      default:
        return timetable.whileAsking(now);
    }
  }

  void close() throws IOException {
    parts.session.abandon();
    parts.local.close();
  }
}
