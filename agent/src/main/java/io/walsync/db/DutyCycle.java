package io.walsync.db;

import io.walsync.capture.FileIdentity;
import io.walsync.capture.WalChangedException;
import io.walsync.checkpoint.Turnstile;
import io.walsync.config.Checkpointer;
import io.walsync.hook.ConnectionHook;
import io.walsync.io.Backoff;
import io.walsync.sqlite.HostDriver;
import java.io.IOException;
import java.sql.SQLException;
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

  /** The next turn is due when a commit or a caller asks for it. */
  static final long UNTIL_COMMIT = Long.MAX_VALUE;

  /** A connection that closes again within this time is followed without connections of our own. */
  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** While commits flow: often enough to see the WAL grow, seldom enough not to disturb fsyncs. */
  private static final long ACTIVE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How long after the last commit the database still counts as active. */
  private static final long ACTIVE_TAIL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** The safety net for commits of other processes, which no hook sees. */
  private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Pages; what SQLite and every sqlite-jdbc start with. */
  private static final int SQLITE_AUTOCHECKPOINT = 1000;

  private static final int NO_AUTOCHECKPOINT = 0;

  private static final long NOTHING_SETTLED = -1;

  private static final long SUSPEND_FLOOR_MILLIS = 100;
  private static final long SUSPEND_CAP_MILLIS = 10_000;

  private final DbSettings settings;
  private final Connections connections;
  private final Drain drain;
  private final Announcements announce;
  private final Replicator replicator;
  private final LocalState local;
  private final Session session;
  private final GrowthRate rate = new GrowthRate();
  private final Backoff suspensions;
  private volatile HostDriver driver;
  private volatile State state = State.IDLE;
  private long startAtNanos;

  /**
   * How many connections had been opened when the database was last found closed and accounted for.
   */
  private long settledCount;

  private long pollAtNanos;

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
    this.announce = new Announcements(settings.path(), settings.replicaUrl());
    Uploader uploader =
        new Uploader(
            settings.client(),
            executors.uploads(),
            settings.config().syncInterval().toNanos(),
            settings.random(),
            wake);
    this.local = new LocalState(settings, uploader);
    this.replicator = new Replicator(uploader, local, announce);
    this.session = new Session(settings, local, uploader, turnstile, announce, executors.host());
    this.suspensions = new Backoff(SUSPEND_FLOOR_MILLIS, SUSPEND_CAP_MILLIS, settings.random());
    this.startAtNanos = System.nanoTime();
  }

  /** From any thread. */
  void opened(ConnectionHook connection) {
    ClassLoader driverLoader = connection.driverLoader();
    HostDriver known = driver;
    if (known == null) {
      try {
        driver = new HostDriver(driverLoader);
      } catch (SQLException e) {
        announce.unsupportedDriver(e);
      }
    } else if (known.loader() != driverLoader) {
      announce.twoDrivers();
    }
    if (isCheckpointing() && state != State.REFUSED && state != State.SUSPENDED) {
      connection.requestAutocheckpoint(NO_AUTOCHECKPOINT);
    }
  }

  /** From any thread. */
  void disowned(int connectionCount) {
    if (connectionCount > 0) {
      announce.replaced(connectionCount);
    }
  }

  private boolean isCheckpointing() {
    return settings.config().checkpointer() == Checkpointer.AGENT;
  }

  /** From any thread. */
  String describeState() {
    return state.toString();
  }

  /** From any thread, approximately. */
  String describePending() {
    return local.describePending() + " (" + state + ")";
  }

  /**
   * One turn.
   *
   * @return nanoseconds until the next one is due, or {@link #UNTIL_COMMIT}
   */
  long run() {
    long now = System.nanoTime();
    List<CountDownLatch> waiting = connections.takeWaiting();
    try {
      listen();
      leaveReplacedFile();
      makeWay(!waiting.isEmpty());
      if (canStart(now)) {
        start();
      }
      if (state == State.REPLICATING) {
        capture(now);
      }
      upload(now);
      saveIfWanted();
    } catch (RefusedDatabaseException e) {
      refuse(e.getMessage());
    } catch (Exception | OutOfMemoryError e) {
      suspend(e);
    } finally {
      waiting.forEach(CountDownLatch::countDown);
    }
    drain.found(isEverythingUploaded());
    return nextTurn(System.nanoTime());
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

  private void leaveReplacedFile() throws IOException {
    Object held = session.fileKey();
    if (held != null && connections.isDisowned(held)) {
      session.leaveFile();
      if (state == State.REPLICATING || state == State.AWAY) {
        state = State.IDLE;
      }
    }
  }

  private void checkFile() throws IOException {
    Object standing = settings.path().exists() ? FileIdentity.of(settings.path()).key() : null;
    disowned(connections.disownOthersThan(standing));
    leaveReplacedFile();
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
    if (settledCount == openedCount || driver == null) {
      return;
    }
    if (connections.isAnyDisowned()) {
      // What stands at the path now, nobody here has opened yet.
      settledCount = openedCount;
      return;
    }
    switch (session.settleAfterClose(driver, connections.lastClosedMillis())) {
      case REPLICATING:
        announceStart();
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
        && driver != null
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
    switch (session.start(driver, fileKey)) {
      case REPLICATING:
        state = State.REPLICATING;
        if (isCheckpointing()) {
          setAutocheckpoint(NO_AUTOCHECKPOINT);
        }
        rate.reset();
        suspensions.reset();
        announceStart();
        break;
      case REPLICA_UNKNOWN:
        ask();
        break;
      case NOT_YET:
        // An empty file: the application has yet to write its first page.
        beginAt(System.nanoTime() + POLL_NANOS);
        break;
      default:
        throw new AssertionError();
    }
  }

  private void announceStart() {
    announce.replicating(local.position());
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
    try {
      if (session.advance()) {
        rate.committed(now);
      }
    } catch (WalChangedException e) {
      announce.resynchronising(e);
      session.resynchronise();
    }
    rate.sample(session.runBytes(), now);
    session.checkpoint(rate.bytesPerSecond(), now);
    if (now - pollAtNanos >= 0) {
      pollAtNanos = now + POLL_NANOS;
      session.lookAround();
      checkFile();
    }
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
    state = State.REFUSED;
    session.abandon();
    setAutocheckpoint(SQLITE_AUTOCHECKPOINT);
    announce.refused(reason);
  }

  private void suspend(Throwable cause) {
    session.abandon();
    if (state != State.REFUSED && state != State.ASKING) {
      state = State.SUSPENDED;
    }
    startAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(suspensions.nextMillis());
    if (announce.suspended(cause, suspensions.failureCount())) {
      setAutocheckpoint(SQLITE_AUTOCHECKPOINT);
    }
  }

  private void setAutocheckpoint(int pageCount) {
    connections.all().forEach(connection -> connection.requestAutocheckpoint(pageCount));
  }

  private boolean isEverythingUploaded() {
    boolean isOutOfReach =
        state == State.REFUSED
            || state == State.SUSPENDED && !local.isInitialised()
            || !session.hasContent();
    return isOutOfReach
        || local.isInitialised()
            && !replicator.isBusy()
            && !replicator.hasSealed()
            && !session.hasPending()
            && (state == State.REPLICATING || !connections.isAnyOpen());
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
    } catch (Exception nextTurnReportsIt) {
      return true;
    }
  }

  private long nextTurn(long now) {
    switch (state) {
      case REPLICATING:
        return nextWhileReplicating(now);
      case IDLE:
      case AWAY:
      case SUSPENDED:
        return nextWhileWaiting(now);
      default:
        return replicator.isFailing()
            ? Math.max(0, replicator.waitNanos(now, drain.isWanted()))
            : POLL_NANOS;
    }
  }

  private long nextWhileReplicating(long now) {
    long wait = POLL_NANOS;
    if (now - rate.lastCommitNanos() < ACTIVE_TAIL_NANOS) {
      wait = ACTIVE_NANOS;
    }
    long untilUpload = replicator.waitNanos(now, drain.isWanted());
    boolean isSomethingToUpload = session.hasPending() || replicator.hasSealed();
    if (!replicator.isBusy() && (isSomethingToUpload || untilUpload > 0)) {
      // With nothing to upload yet, that is the moment from which a commit is to wake us.
      wait = Math.min(wait, Math.max(0, untilUpload));
    }
    return wait;
  }

  private long nextWhileWaiting(long now) {
    long wait = UNTIL_COMMIT;
    if (connections.isAnyStaying() && !connections.isExclusive()) {
      wait = Math.max(0, startAtNanos - now);
    } else if (settledCount != connections.openedCount() && !connections.isAnyOpen()) {
      wait = Math.max(0, startAtNanos - now);
    }
    if (!replicator.isBusy() && (local.hasSegments() || replicator.hasSealed())) {
      wait = Math.min(wait, Math.max(0, replicator.waitNanos(now, drain.isWanted())));
    }
    return wait;
  }

  void close() throws IOException {
    session.abandon();
    local.close();
  }
}
