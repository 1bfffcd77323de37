package io.walsync.db;

import io.walsync.capture.FileIdentity;
import io.walsync.capture.WalChangedException;
import io.walsync.checkpoint.Turnstile;
import io.walsync.config.Checkpointer;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.DbStatus;
import io.walsync.db.events.Decision;
import io.walsync.db.events.Refusal;
import io.walsync.hook.ApplicationWait;
import io.walsync.hook.FileConnection;
import io.walsync.sqlite.HostDriver;
import io.walsync.staging.DiskFullException;
import io.walsync.staging.StagingDamagedException;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a database does each time it gets a turn: collect what the store answered, get out of the
 * application's way if asked, capture, checkpoint, upload, and say when it wants the next turn.
 *
 * <p>States: {@link DbState}; {@link #enter} is the only place that changes it.
 *
 * <p>Threading: one thread at a time, the {@link Db}'s; what others may call says so.
 */
final class DutyCycle {

  /** A connection that closes again within this time is followed without connections of our own. */
  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * A new database that is closed again sooner may be a temporary one, whose folder is deleted at
   * this moment: its first snapshot waits until it is as old as this.
   */
  private static final long TEMPORARY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Without a commit for this long, a pin that protects nothing is released. */
  private static final long RELAX_NANOS = 2 * Timetable.PINNED_NANOS;

  /** One that does protect something is released after this, and that is copied for it. */
  private static final long RELAX_COPYING_NANOS = 5 * Timetable.PINNED_NANOS;

  /**
   * Whoever deletes a database with its folder does so as soon as it is closed: nothing is written
   * there for so long, or for the sync interval, if that is shorter.
   */
  private static final long DELETED_SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** An application that asks for a database of its own uses it soon. */
  private static final long NOT_TAKEN_TOLD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long NOTHING_SETTLED = -1;

  private final File path;
  private final Connections connections;
  private final Drain drain;
  private final DbEvents events;
  private final Unstored unstored = new Unstored(System::currentTimeMillis);
  private final Replicator replicator;
  private final LocalState local;
  private final Session session;
  private final GrowthRate rate = new GrowthRate();
  private final Suspension suspension;
  private final Autocheckpoint autocheckpoint;
  private final Timetable timetable;
  private final Standing standing;
  private final Parking parking;
  private final DriverInUse driver;

  /** The copy that the session's connections belong to. */
  private HostDriver heldThrough;

  private volatile DbState state = DbState.IDLE;
  private volatile boolean isLeaving;
  private volatile Throwable hookFault;
  private volatile String impossibleChange;

  /** Null unless it is refused. */
  private volatile Refusal refusal;

  /** Nobody has asked for another journal mode since the database was last seen in WAL mode. */
  private volatile boolean isInWalMode;

  /** When the database came into its state. */
  private volatile long sinceNanos;

  private long startAtNanos;

  /** Since when a connection wants the database for itself and does not have it; 0 for not. */
  private long notTakenSinceNanos;

  /**
   * How many connections had been opened when the database was last found closed and accounted for.
   */
  private long settledCount;

  private final Idleness idleness;
  private final long quietAfterCloseNanos;
  private long closedAtNanos;

  /** How many connections had been opened at the last close that is followed by a pause. */
  private long quietCount;

  private long pollAtNanos;
  private long replicatingSinceNanos;

  DutyCycle(
      DbSettings settings,
      DbExecutors executors,
      Connections connections,
      Drain drain,
      Turnstile turnstile,
      Runnable wake) {
    this.path = settings.path();
    this.connections = connections;
    this.drain = drain;
    this.idleness = new Idleness(executors.restAfterNanos());
    this.events = settings.events();
    this.driver = new DriverInUse(connections, events);
    Uploader uploader =
        new Uploader(
            settings.client(),
            executors.uploads(),
            settings.config().syncInterval().toNanos(),
            settings.random(),
            wake);
    this.local = new LocalState(settings, events, unstored);
    ReplicaCheck check =
        new ReplicaCheck(
            settings.client(),
            executors.listings(),
            executors.listingIntervalNanos(),
            settings.random(),
            wake);
    this.replicator = new Replicator(uploader, local, check, events, unstored);
    ComparisonPace pace = new ComparisonPace(drain::isWanted);
    this.session =
        new Session(
            settings,
            local,
            turnstile,
            events,
            executors.host(),
            pace,
            new WalMode(settings, connections, executors),
            new Entrance(settings.path(), connections, executors),
            connections);
    this.autocheckpoint =
        new Autocheckpoint(connections, settings.config().checkpointer() == Checkpointer.AGENT);
    this.suspension = new Suspension(settings.random(), events, unstored);
    this.timetable = new Timetable(connections, drain, replicator, session);
    this.standing =
        new Standing(settings, connections, local, replicator, session, suspension, pace, unstored);
    this.parking = new Parking(path, connections, local, replicator, session, events);
    this.quietAfterCloseNanos =
        Math.min(DELETED_SOON_NANOS, settings.config().syncInterval().toNanos());
    this.startAtNanos = System.nanoTime();
    this.sinceNanos = startAtNanos;
  }

  /** Whether and when the database may be left to itself, and be forgotten. */
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

  /** From any thread. */
  boolean isInWalMode() {
    return isInWalMode;
  }

  /** From any thread: whether a connection of the agent's stands that neither comes nor goes. */
  boolean isInside() {
    return session.isInside();
  }

  /** From any thread: what the application is about to do may end it. */
  void forgetWalMode() {
    isInWalMode = false;
  }

  /** From any thread. */
  void disowned(int connectionCount) {
    if (connectionCount > 0) {
      events.replaced(connectionCount);
    }
  }

  /** From any thread. */
  String describeState() {
    return state.toString();
  }

  /** From any thread, approximately. */
  DbStatus status() {
    DbState known = state;
    long ageMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
    return standing.status(
        known, System.currentTimeMillis() - ageMillis, known == DbState.REFUSED ? refusal : null);
  }

  /** From any thread: the next turn is the last that looks at the database. */
  void leave() {
    isLeaving = true;
  }

  /** From any thread: whether what {@link #leave} asked for has been done. */
  boolean hasLeft() {
    return state == DbState.LEFT || state == DbState.REFUSED;
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
      turn(System.nanoTime(), !waiting.isEmpty());
    } catch (ComparisonPostponedException e) {
      postpone(e.waitNanos(), e.getMessage());
    } catch (SwitchPostponedException e) {
      postpone(e.waitNanos(), e.getMessage());
    } catch (RefusedDatabaseException e) {
      refuse(e.refusal());
    } catch (LineageUnknownException e) {
      askReplica();
    } catch (StagingDamagedException e) {
      giveUpLocalState(e);
    } catch (Throwable e) {
      suspend(e);
    } finally {
      waiting.forEach(ApplicationWait::answer);
    }
    noteUnstored();
    parking.look(isSettled(), state == DbState.REFUSED, System.nanoTime());
    drain.found(standing.isEverythingUploaded(state), standing.isHopeless(state));
    long now = System.nanoTime();
    long quietNanos = quietNanos(now);
    return quietNanos > 0 ? quietNanos : Math.min(nextTurn(now), parking.waitNanos(now));
  }

  private void noteUnstored() {
    if (local.isOpen() && !local.isInitialised() && connections.isAnyOpen()) {
      long openNanos = System.nanoTime() - connections.firstOpenedNanos();
      unstored.isUnknownSince(
          System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(openNanos));
    } else {
      unstored.look(session.hasPending(), replicator.hasSealed());
    }
  }

  private void turn(long now, boolean isAnyoneWaiting) throws Exception {
    if (state == DbState.REFUSED) {
      turnRefused();
      return;
    }
    if (isDeleted() && !isAnythingStaged()) {
      vanish(false);
    }
    if (quietNanos(now) > 0) {
      return;
    }
    listen();
    if (state == DbState.REFUSED) {
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
    if (canStart(now)) {
      start();
    }
    if (state.isCaptured()) {
      capture(now);
    }
    upload(now);
    drain.saveIfWanted(local);
  }

  /** Nothing follows from what happens to a database that must not be replicated. */
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
      if (state.isCaptured() || state == DbState.AWAY) {
        enter(DbState.IDLE, "another file stands at the path");
      }
    }
  }

  /** Which file stands at the path; null for none. */
  private Object standingFile() throws IOException {
    return path.exists() ? FileIdentity.keyOf(path) : null;
  }

  private void checkFile() throws IOException {
    disowned(connections.disownOthersThan(standingFile()));
    leaveReplacedFile();
  }

  private void makeWay(boolean isAnyoneWaiting) throws Exception {
    boolean isInTheWay = isAnyoneWaiting || connections.isExclusive() || !connections.isAnyOpen();
    if (!isInTheWay) {
      return;
    }
    if (connections.isAnyOpen()) {
      startAtNanos = System.nanoTime() + START_DELAY_NANOS;
      if (state.isCaptured()) {
        if (connections.isExclusive()) {
          enter(DbState.AWAY, "a connection needs the database for itself");
        } else {
          enter(DbState.IDLE, "a connection is about to close");
        }
      }
      session.letGo(!connections.isAnyStaying());
    } else if (state != DbState.ASKING) {
      if (state.isCaptured() || state == DbState.AWAY) {
        enter(DbState.IDLE, "the last connection has closed");
      }
      settle(!isAnyoneWaiting);
      if (isAnyoneWaiting) {
        // The last close returns now. What it is to upload, the turn before it has begun with.
        closedAtNanos = System.nanoTime();
        quietCount = connections.openedCount();
      }
    }
  }

  /** Copies the tail, and takes no hold again. */
  private void letGo() throws Exception {
    if (hasLeft()) {
      return;
    }
    boolean isHeld = state.isCaptured();
    enter(DbState.LEFT, "the agent leaves the process");
    if (isHeld) {
      session.letGo(false);
    }
  }

  private void settle(boolean mayCompare) throws Exception {
    long openedCount = connections.openedCount();
    if (settledCount == openedCount || driver.driver() == null) {
      return;
    }
    if (connections.isAnyDisowned() && !connections.isLastClosed(standingFile())) {
      // What stands at the path now, nobody here has opened yet.
      settledCount = openedCount;
      return;
    }
    switch (session.settleAfterClose(driver.driver(), connections.lastClosedMillis(), mayCompare)) {
      case ACCOUNTED_FOR:
        isInWalMode = true;
        suspension.over(local.position());
        local.settled();
        enter(DbState.IDLE, "what the last close left behind is staged");
        settledCount = openedCount;
        break;
      case REPLICA_UNKNOWN:
        ask();
        break;
      case COMPARISON_NEEDED:
        beginAt(System.nanoTime(), "the whole database has to be compared");
        break;
      default:
        settledCount = openedCount;
        break;
    }
  }

  private boolean canStart(long now) {
    boolean isWaiting =
        state == DbState.IDLE || state == DbState.AWAY || state == DbState.SUSPENDED;
    return isWaiting
        && driver.driver() != null
        && connections.isAnyStaying()
        && !connections.isExclusive()
        && now - startAtNanos >= 0;
  }

  private void start() throws Exception {
    checkFile();
    Object fileKey = connections.fileKey();
    if (fileKey == null) {
      return;
    }
    heldThrough = driver.driver();
    boolean isRollbackModeWanted = connections.isRollbackModeWanted();
    switch (session.start(heldThrough, fileKey, isRollbackModeWanted)) {
      case REPLICATING:
        enter(DbState.REPLICATING, "the database is held, and nothing of it is missed");
        notTakenSinceNanos = 0;
        replicatingSinceNanos = System.nanoTime();
        local.captured();
        autocheckpoint.takeOver();
        isInWalMode = true;
        rate.reset();
        suspension.captured(local.position());
        if (session.isAlone()) {
          events.followingAlone();
        }
        break;
      case REPLICA_UNKNOWN:
        autocheckpoint.lookedAt();
        ask();
        break;
      case NOT_TAKEN:
        if (drain.isWanted()) {
          throw ExclusiveLockingException.notTaken();
        }
        awaitExclusive(RETRY_NANOS, ExclusiveLockingException.notTaken());
        break;
      case NOT_COUNTED:
        awaitExclusive(Timetable.PINNED_NANOS, ExclusiveLockingException.notCounted());
        break;
      case NOT_YET:
        autocheckpoint.lookedAt();
        // An empty file: the application has yet to write its first page.
        beginAt(System.nanoTime() + Timetable.POLL_NANOS, "the database has no page yet");
        break;
      default:
        throw new AssertionError();
    }
  }

  /** A connection wants the database for itself, and cannot be followed yet. */
  private void awaitExclusive(long retryNanos, ExclusiveLockingException reason)
      throws ExclusiveLockingException {
    long now = System.nanoTime();
    notTakenSinceNanos = notTakenSinceNanos == 0 ? now : notTakenSinceNanos;
    if (now - notTakenSinceNanos > NOT_TAKEN_TOLD_NANOS) {
      throw reason;
    }
    beginAt(now + retryNanos, "the only connection cannot be followed yet");
  }

  private void ask() {
    if (replicator.ask()) {
      enter(DbState.ASKING, "what the replica holds is not known here");
    } else {
      long now = System.nanoTime();
      beginAt(
          now + Math.max(RETRY_NANOS, replicator.waitNanos(now, false)),
          "the store cannot be asked yet");
    }
  }

  private void postpone(long waitNanos, String reason) {
    session.abandon();
    settledCount = NOTHING_SETTLED;
    beginAt(System.nanoTime() + waitNanos, reason);
  }

  private void beginAt(long nanos, String reason) {
    if (state != DbState.LEFT) {
      enter(DbState.IDLE, reason);
    }
    startAtNanos = nanos;
    if (events.wantsDecisions()) {
      long waitMillis = TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
      if (waitMillis > 0) {
        events.decided(Decision.START_POSTPONED, "for " + waitMillis + " ms: " + reason);
      }
    }
  }

  /**
   * The only place that changes the state; does nothing if it is that already.
   *
   * @param reason in words, or what failed; put into words only if somebody reads them, since this
   *     is also done where nothing can be allocated any more
   */
  private void enter(DbState next, Object reason) {
    DbState left = state;
    if (next == left) {
      return;
    }
    long now = System.nanoTime();
    long leftNanos = now - sinceNanos;
    state = next;
    sinceNanos = now;
    events.stateChanged(left, next, reason, leftNanos);
    if (!left.leadsTo(next)) {
      foundImpossible(left + " -> " + next + " (" + reason + ")");
    }
  }

  /** A fault of ours, and no reason to stop replicating. */
  private void foundImpossible(String change) {
    if (impossibleChange == null) {
      impossibleChange = change;
      events.impossibleChange(change);
    }
    assert false : path + ": " + change;
  }

  /** The first change of state that should have been impossible; null for none. */
  String impossibleChange() {
    return impossibleChange;
  }

  private void capture(long now) throws Exception {
    if (heldThrough != driver.driver()) {
      session.abandon();
      beginAt(now, "the application has another copy of SQLite now");
      return;
    }
    try {
      follow(now);
      idleness.note(session.isResting(), now);
    } catch (WalChangedException e) {
      events.resynchronising(e.getMessage());
      session.resynchronise();
    }
    if (session.isResting()) {
      enter(DbState.RESTING, "nothing was committed for a while");
    } else {
      enter(DbState.REPLICATING, "the database is no longer as it was left for a rest");
    }
    rate.sample(session.runBytes(), now);
    session.checkpoint(rate.bytesPerSecond(), now);
    if (now - pollAtNanos >= 0) {
      pollAtNanos = now + Timetable.POLL_NANOS;
      session.lookAround();
      checkFile();
      if (connections.forgetLost()) {
        driver.lost();
      }
      replicator.look(now);
      suspension.survived(now - replicatingSinceNanos, local.position());
    }
  }

  private void follow(long now) throws Exception {
    if (session.advance()) {
      rate.committed(now);
    }
    session.keepUp();
    long quietNanos = now - rate.lastCommitNanos();
    if (quietNanos > (session.hasBatch() ? RELAX_COPYING_NANOS : RELAX_NANOS)) {
      boolean wasPinned = session.isPinned();
      session.relax();
      if (wasPinned) {
        events.decided(Decision.PIN_RELEASED, "nothing was committed for a while");
      }
    }
    if (isIdle(now)) {
      session.rest();
    }
  }

  private boolean isIdle(long now) {
    return !session.isResting()
        && idleness.isLongEnough(rate.lastCommitNanos(), now)
        && idleness.isLongEnough(replicatingSinceNanos, now)
        // What is sealed reaches the store without a connection of ours.
        && !session.hasPending();
  }

  private long nanosUntilRest(long now) {
    return Math.max(
        idleness.waitNanos(rate.lastCommitNanos(), now),
        idleness.waitNanos(replicatingSinceNanos, now));
  }

  private void upload(long now) throws Exception {
    boolean isPossible =
        state != DbState.ASKING
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
        retire();
        break;
      case BEGIN_AGAIN:
        session.abandon();
        settledCount = NOTHING_SETTLED;
        beginAt(now, "what the replica holds is known now");
        break;
      case UNREACHABLE:
        if (state == DbState.ASKING) {
          // Nobody else would checkpoint a WAL that nobody captures.
          autocheckpoint.giveBack();
          beginAt(
              now + Math.max(0, replicator.waitNanos(now, false)),
              "the store could not be reached");
        }
        break;
      case REFUSED:
        refuse(replicator.refusal());
        break;
      default:
        break;
    }
  }

  private void refuse(Refusal found) {
    refusal = found;
    enter(DbState.REFUSED, found.text());
    session.abandon();
    autocheckpoint.giveBack();
    events.refused(found);
  }

  /**
   * How long nothing is written beside a database that may be a temporary one; 0 for not at all.
   */
  private long quietNanos(long now) {
    if (connections.isAnyOpen() || drain.isWanted() || isLeaving) {
      return 0;
    }
    boolean isNew = state == DbState.ASKING;
    boolean isJustClosed = quietCount == connections.openedCount();
    long sinceNew = isNew ? connections.firstOpenedNanos() + TEMPORARY_NANOS - now : 0;
    long sinceClose = isJustClosed ? closedAtNanos + quietAfterCloseNanos - now : 0;
    return Math.max(0, Math.max(sinceNew, sinceClose));
  }

  /** Whether the application has closed a database that is new to this machine, and deleted it. */
  private boolean isDeleted() {
    return state == DbState.ASKING
        && local.isOpen()
        && !local.isInitialised()
        && !connections.isAnyOpen()
        && !path.exists();
  }

  private boolean isAnythingStaged() throws IOException {
    if (!replicator.hasSealed() && !session.hasPending()) {
      return false;
    }
    local.staging().checkStillThere();
    return true;
  }

  /** Lets go of a folder that may be deleted at this moment, without a write. */
  private void vanish(boolean isAnythingLost) throws IOException {
    session.abandon();
    local.vanished(isAnythingLost);
    settledCount = connections.openedCount();
    beginAt(System.nanoTime(), "the database and its folder are deleted");
  }

  /** What the folder says is not known to be what the database was. */
  private void retire() throws IOException {
    session.abandon();
    settledCount = NOTHING_SETTLED;
    local.retire();
    beginAt(System.nanoTime(), "the local state is not what the replica holds");
  }

  private void askReplica() {
    try {
      retire();
    } catch (Throwable e) {
      suspend(e);
    }
  }

  /** What lies in the folder must not reach the replica: asks the replica and begins from there. */
  private void giveUpLocalState(StagingDamagedException damage) {
    session.abandon();
    beginAt(System.nanoTime(), "the local state is damaged");
    settledCount = NOTHING_SETTLED;
    try {
      if (local.isOpen() && !connections.isAnyOpen() && !path.exists()) {
        vanish(true);
        return;
      }
      local.lost(damage.getMessage());
    } catch (Throwable e) {
      suspend(e);
    }
  }

  private void suspend(Throwable cause) {
    boolean isAsked = state == DbState.ASKING && replicator.isBusy();
    if (!isAsked && state != DbState.REFUSED && state != DbState.LEFT) {
      enter(DbState.SUSPENDED, cause);
    }
    long waitNanos = suspension.failed(cause);
    // The application ends that at any moment; to look costs little.
    boolean endsSoon = cause instanceof ExclusiveLockingException;
    startAtNanos = System.nanoTime() + (endsSoon ? RETRY_NANOS : waitNanos);
    settledCount = NOTHING_SETTLED;
    session.abandon();
    try {
      if (!(cause instanceof SQLException)) {
        local.suspect();
      }
      if (suspension.tell(local.uploadedTxid())) {
        autocheckpoint.giveBack();
        if (cause instanceof DiskFullException) {
          local.giveUpSegments();
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      // Told, or done, with the next failure.
      events.failedInPassing("while suspending", e);
    }
  }

  /** Whether a commit should wake the duty cycle at once. */
  boolean wantsCommits() {
    boolean isUploadPossible =
        !session.hasPending() && replicator.isReady(System.nanoTime(), drain.isWanted());
    // Without a pin the WAL may be gone by the next look that the clock asks for.
    return state.isCaptured() && (isUploadPossible || !session.isPinned());
  }

  /** Whether commits have arrived since the last turn. */
  boolean hasMissedCommit() {
    if (!state.isCaptured()) {
      return false;
    }
    try {
      return session.hasNews();
    } catch (Exception | Error nextTurnMeetsItAgain) {
      // Perhaps on the way out of a rest: what is half open must not be gone on with.
      session.abandon();
      beginAt(System.nanoTime(), "the look at the WAL failed");
      return true;
    }
  }

  private long nextTurn(long now) {
    switch (state) {
      case REPLICATING:
        return Math.min(timetable.whileCaptured(now), nanosUntilRest(now));
      case RESTING:
        return timetable.whileCaptured(now);
      case IDLE:
      case AWAY:
      case SUSPENDED:
        return timetable.whileWaiting(now, isSettled(), startAtNanos);
      case LEFT:
        return timetable.whileLeft(now);
      default:
        return timetable.whileAsking(now);
    }
  }

  /** Whether the last close is accounted for. */
  private boolean isSettled() {
    return settledCount == connections.openedCount();
  }

  void close() throws IOException {
    session.abandon();
    local.close();
  }
}
