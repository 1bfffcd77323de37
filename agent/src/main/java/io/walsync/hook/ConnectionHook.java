package io.walsync.hook;

import io.walsync.io.Privileged;
import java.io.File;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedAction;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;

/**
 * The hook of one application connection. The interfaces are the JDK's because woven code, which
 * lives in the host's class loader, can name nothing else; each stands for one event.
 *
 * <p>Threading: events arrive on the application's thread, under the connection's monitor; {@link
 * #attach} and {@link #requestAutocheckpoint} come from the agent's.
 */
public final class ConnectionHook
    implements LongBinaryOperator,
        LongConsumer,
        ObjLongConsumer<Object>,
        Consumer<Object>,
        ObjIntConsumer<Object> {

  /** What the bridge passes for a close, in place of SQL. */
  public static final String CLOSE = "close";

  private static final String URI_SCHEME = "file:";
  private static final String MAIN = "main";

  /** Stands for a statement where a call takes SQL as a whole. */
  private static final long CALL = -1;

  private static final int SQLITE_OK = 0;
  private static final int SQLITE_DONE = 101;

  /**
   * A close waits this long for the agent to learn of a connection that was opened a moment ago.
   */
  private static final long ATTACH_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private enum Transaction {
    NONE,
    OPEN,
    UNKNOWN
  }

  /** Weak: a connection that the application forgot to close must stay collectable. */
  private final Reference<Object> nativeDb;

  /** Weak: a container that has stopped the application must get rid of its class loader. */
  private final Reference<ClassLoader> driverLoader;

  private final String fileName;

  /** What SQLite has open, empty for no file; null while it has not answered. */
  private volatile String file;

  /** Null for a connection's own database; else the hook of the connection that attached this. */
  private final ConnectionHook connection;

  private final Consumer<ConnectionHook> opened;
  private final AttachedDatabases others = new AttachedDatabases();
  private final StatementKinds kinds = new StatementKinds();
  private final CheckpointInterval interval = new CheckpointInterval();
  private final Runnable hurry;
  private final ApplicationWait attachment = new ApplicationWait();
  private final ApplicationWait departure = new ApplicationWait();
  private volatile boolean isAttached;

  /** Under the monitor of {@link Arrivals}. */
  private ConnectionHook arrivedAfter;

  private boolean isArriving;
  private volatile HookedDatabase database = HookedDatabase.NONE;
  private Transaction transaction = Transaction.NONE;

  /** Statements, prepared so far, before whose steps something has to be done. */
  private int guardedCount;

  /** The driver cannot be asked. */
  private volatile boolean isFileSecret;

  /** The statement that is stepped, 0 for none; plain, since it is written at each step. */
  private long running;

  private boolean isOpening;
  private boolean isExclusiveRunning;

  /** Which statement that is; the application may never finish it. */
  private long exclusiveStatement;

  private boolean isExclusiveCall;
  private boolean isDetaching;
  private boolean isListStale;
  private boolean isInOwnCall;

  /** A native that may take a lock is running, or a statement has rows to come. */
  private volatile boolean isInside;

  /** Besides, the explicit transaction that is open may hold one. */
  private volatile boolean isHolding;

  /** The explicit transaction that is open has run something. */
  private boolean isTransactionUsed;

  private volatile boolean isRollbackModeWanted;
  private volatile boolean isClosed;

  /** While the connection keeps this database to itself; else null. */
  private volatile SoleWriter sole;

  /** Whether it does so with this database or one that it has attached. */
  private boolean isAnySole;

  private boolean isLockingModeUnknown;

  /** Whether a commit may have failed so far. */
  private boolean hasFailed;

  /** Of a connection that the agent is told of at once. */
  public ConnectionHook(Object nativeDb, Object fileName, Consumer<ConnectionHook> opened) {
    this(nativeDb, fileName, () -> {}, opened);
  }

  /**
   * @param fileName what SQLite was given, as text or UTF-8, or an array of that and what SQLite
   *     says it has open
   * @param hurry called by a thread that is about to wait for {@link #attach}
   * @param opened told of a hook of its own for each database that the connection attaches, and of
   *     this one if it turns out only later which file it has open; on the application's thread
   */
  public ConnectionHook(
      Object nativeDb, Object fileName, Runnable hurry, Consumer<ConnectionHook> opened) {
    this.hurry = hurry;
    this.nativeDb = new WeakReference<>(nativeDb);
    this.driverLoader = new WeakReference<>(nativeDb.getClass().getClassLoader());
    boolean isAnswered = fileName instanceof Object[];
    this.fileName = text(isAnswered ? ((Object[]) fileName)[0] : fileName);
    this.connection = null;
    this.opened = opened;
    attachment.ask(null);
    // A name that is no URI is the path itself.
    if (isAnswered) {
      this.file = text(((Object[]) fileName)[1]);
    } else if (!this.fileName.startsWith(URI_SCHEME)) {
      this.file = this.fileName;
    } else {
      this.isListStale = true;
    }
  }

  /** Some drivers end a name with a zero. */
  private static String text(Object name) {
    String text =
        name instanceof byte[]
            ? new String((byte[]) name, StandardCharsets.UTF_8)
            : String.valueOf(name);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private ConnectionHook(ConnectionHook connection, String fileName) {
    this.nativeDb = connection.nativeDb;
    this.driverLoader = connection.driverLoader;
    this.fileName = fileName;
    this.file = fileName;
    this.connection = connection;
    this.hurry = connection.hurry;
    this.opened = connection.opened;
    attachment.ask(null);
  }

  /**
   * The hook of a connection that has been open for a while: whether it is in a transaction is not
   * known.
   */
  static ConnectionHook ofOpen(Object nativeDb, Consumer<ConnectionHook> opened) {
    synchronized (nativeDb) {
      OpenConnection open = new OpenConnection(nativeDb);
      ConnectionHook hook = new ConnectionHook(nativeDb, open.fileName(), opened);
      hook.isListStale = true;
      hook.interval.mayHaveBeenSet();
      hook.transaction = Transaction.UNKNOWN;
      hook.isLockingModeUnknown = true;
      hook.hasFailed = true;
      hook.kinds.expect(open.statements());
      hook.kinds.put(open.begin(), SqlKind.BEGIN);
      hook.kinds.put(open.commit(), SqlKind.END);
      return hook;
    }
  }

  /**
   * Which copy of the driver the connection belongs to; null if that is the bootstrap loader's, or
   * if the connection is {@link #isLost}.
   */
  public ClassLoader driverLoader() {
    return driverLoader.get();
  }

  /** Whether the application dropped the connection without closing it: it will never commit. */
  public boolean isLost() {
    return nativeDb.get() == null;
  }

  /** What the application opened: a path, a {@code file:} URI, or a name of no file. */
  public String fileName() {
    return fileName;
  }

  /**
   * The file that SQLite has open, as it says itself; empty for databases in memory and temporary
   * ones; null if it has not been asked yet or the driver cannot be.
   */
  public String file() {
    return file;
  }

  /**
   * Whether {@link #file} is known. A driver that cannot be asked in the open itself is asked when
   * a statement has succeeded, and the hook is reported then.
   */
  public boolean isFileKnown() {
    return file != null || isFileSecret;
  }

  /** Tells the hook which database its connection belongs to. */
  public void attach(HookedDatabase attachedDatabase) {
    database = attachedDatabase;
    if (attachedDatabase == HookedDatabase.NONE) {
      releaseCheckpoints();
      if (sole != null) {
        (connection == null ? this : connection).interval.giveBack();
      }
    }
    isAttached = true;
    attachment.take();
    attachment.answer();
  }

  /** What the connection's thread waits on when the agent has to get out of its way. */
  public ApplicationWait departure() {
    return departure;
  }

  /**
   * @param before the one that arrived last
   * @return whether it was not among them already
   */
  boolean joinArrivals(ConnectionHook before) {
    if (isArriving) {
      return false;
    }
    arrivedAfter = before;
    isArriving = true;
    return true;
  }

  /** The one that arrived before; null if there is none. */
  ConnectionHook arrivedAfter() {
    return arrivedAfter;
  }

  /** Returns the one that arrived before. */
  ConnectionHook leaveArrivals() {
    ConnectionHook before = arrivedAfter;
    arrivedAfter = null;
    isArriving = false;
    return before;
  }

  /**
   * Asks for {@code PRAGMA wal_autocheckpoint=pages} on this connection, done by its own thread at
   * the end of its next statement unless the application has set a value of its own.
   *
   * @param pages 0 for never
   */
  public void requestAutocheckpoint(int pages) {
    if (connection == null) {
      interval.request(pages);
    } else {
      connection.requestAutocheckpoint(pages);
    }
  }

  /**
   * Keeps SQLite from checkpointing by itself, on the thread that opens the connection: what the
   * database was before is to be told from what is committed until the agent has started. A new
   * database was nothing, and of one with the agent's folder beside it the folder tells.
   */
  public void holdCheckpoints() {
    try {
      Object opening = nativeDb.get();
      String path = file;
      if (opening != null && path != null && !path.isEmpty() && mayBeUnknown(new File(path))) {
        isInOwnCall = true;
        interval.hold(opening);
      }
    } catch (Throwable notWorthAnOpen) {
      return;
    } finally {
      isInOwnCall = false;
    }
  }

  private static boolean mayBeUnknown(File path) {
    return Privileged.call(
        new PrivilegedAction<Boolean>() {
          @Override
          public Boolean run() {
            File folder = new File(path.getParentFile(), "." + path.getName() + "-walsync");
            return path.length() > 0 && !folder.exists();
          }
        });
  }

  /** The end of {@link #holdCheckpoints}, at the end of the next statement; from any thread. */
  public void releaseCheckpoints() {
    if (connection == null) {
      interval.release();
    }
  }

  /** The hooks of the databases that the connection has attached; from any thread. */
  List<ConnectionHook> others() {
    return others.hooks();
  }

  /**
   * Whether the connection may be about to take a lock: only known while the agent may need the
   * database for itself.
   */
  boolean isInside() {
    return connection == null ? isInside && !isClosed() : connection.isInside();
  }

  /** Whether the connection may hold a lock or be about to take one: known as {@link #isInside}. */
  boolean isInsideOrHolding() {
    return connection == null
        ? (isInside || isHolding) && !isClosed()
        : connection.isInsideOrHolding();
  }

  /** Whether the application has closed the connection. */
  public boolean hasBeenClosed() {
    return isClosed;
  }

  /** Whether the connection is closed, or the application has dropped it. */
  public boolean isClosed() {
    return isClosed || nativeDb.get() == null;
  }

  /**
   * Gives the connection back the checkpoint interval it had, unless the application has set one of
   * its own; on a thread of the agent's, which waits for the connection's current statement to end.
   */
  public void restoreAutocheckpoint() {
    Object connection = nativeDb.get();
    if (connection == null) {
      return;
    }
    synchronized (connection) {
      if (isClosed) {
        return;
      }
      isInOwnCall = true;
      try {
        interval.restore(connection);
      } finally {
        isInOwnCall = false;
      }
    }
  }

  /** A statement object of the driver's is about to run; its SQL may be news. */
  void running(Object statement) {
    if (!kinds.isAnyUnread()) {
      return;
    }
    long pointer = OpenConnection.pointerOf(statement);
    String sql = kinds.isUnread(pointer) ? OpenConnection.sqlOf(statement) : null;
    if (sql != null) {
      accept(sql, pointer);
    }
  }

  /** A statement was prepared. */
  @Override
  public void accept(Object sql, long statement) {
    try {
      prepared(sql, statement);
      leaveSqlite();
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  private void prepared(Object sql, long statement) {
    if (isInOwnCall) {
      kinds.put(statement, SqlKind.READ);
      return;
    }
    SqlKind kind = orExclusive(SqlKind.of(sql), sql);
    kinds.put(statement, kind);
    if (mayBeExclusive(kind) || kind == SqlKind.DETACH || kind == SqlKind.ATTACH) {
      guardedCount++;
    } else if (kind == SqlKind.AUTOCHECKPOINT) {
      intervalSet();
    }
  }

  /** SQLite does that as the statement is prepared. */
  private void intervalSet() {
    interval.set();
    if (isAnySole) {
      interval.setAlone(nativeDb.get());
      holdCheckpointsOff();
    }
  }

  /** A statement is about to step; or, if it is 0, to be prepared. */
  @Override
  public void accept(long statement) {
    try {
      enterSqlite(statement);
      if (statement != 0) {
        stepping(statement);
      }
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  private void stepping(long statement) {
    running = statement;
    if (!CommitGate.isOpen()) {
      passGate(kinds.get(statement));
    }
    boolean isGoingOn = isExclusiveRunning && statement == exclusiveStatement;
    if (guardedCount != 0) {
      guard(statement, isGoingOn);
    }
    if (isAnySole && !kinds.get(statement).isRead()) {
      enterAlone(!isGoingOn && isExclusiveRunning && statement == exclusiveStatement);
    }
  }

  private void guard(long statement, boolean isGoingOn) {
    SqlKind kind = kinds.get(statement);
    if (!isGoingOn && isExclusive(kind)) {
      awaitAttachment();
      isExclusiveRunning = true;
      exclusiveStatement = statement;
      noteJournalMode(kind);
      letGo();
    } else if (kind == SqlKind.DETACH) {
      leaveOthers();
    } else if (kind == SqlKind.ATTACH) {
      opening();
    }
  }

  /** The connection is about to open one more file. */
  private void opening() {
    if (!isOpening) {
      isOpening = true;
      Openings.OF_PROCESS.accept(1);
    }
  }

  private void openingEnded() {
    if (isOpening) {
      isOpening = false;
      Openings.OF_PROCESS.accept(-1);
    }
  }

  /**
   * A step that returned no row, a reset or a finalize has returned; if the statement is 0, it
   * could not be prepared.
   */
  @Override
  public long applyAsLong(long statement, long resultCode) {
    try {
      if (statement != 0) {
        stepped(statement, resultCode);
      }
      leaveSqlite();
    } catch (Throwable fault) {
      failed(fault);
    }
    return resultCode;
  }

  private void stepped(long statement, long resultCode) {
    running = 0;
    if (isInOwnCall) {
      return;
    }
    hasFailed |= SoleWriter.isFailure(resultCode);
    SqlKind kind = kinds.get(statement);
    if (!kind.isRead()) {
      ended(kind, resultCode);
    }
    if (kind != SqlKind.BEGIN && kind != SqlKind.READ_NOTHING) {
      isTransactionUsed = true;
    }
    if (kind == SqlKind.EXCLUSIVE && (resultCode == SQLITE_DONE || resultCode == SQLITE_OK)) {
      noteLockingMode();
    }
    if (resultCode == SQLITE_DONE || resultCode == SQLITE_OK && !isFileKnown()) {
      answerRequests();
    }
  }

  private void ended(SqlKind kind, long resultCode) {
    if (kind == SqlKind.ATTACH) {
      openingEnded();
    }
    if (resultCode == SQLITE_DONE) {
      track(kind);
    } else if (kind == SqlKind.DETACH) {
      // It failed, or this is the reset after it; what is attached is looked at in either case.
      isListStale = isDetaching;
    }
    if (isAnySole) {
      leftAlone(resultCode);
    }
    if (isExclusiveRunning && mayBeExclusive(kind)) {
      isExclusiveRunning = false;
      renewSole(kind);
      takeHold();
    }
    if (kind != SqlKind.BEGIN) {
      committed();
    }
  }

  private void committed() {
    boolean isAlone = others.isEmpty();
    database.committed();
    if (!isAlone) {
      others.committed();
    }
    if (transaction == Transaction.NONE) {
      database.awaitTurnstile();
      if (!isAlone) {
        others.awaitTurnstile();
      }
    }
  }

  private void track(SqlKind kind) {
    switch (kind) {
      case BEGIN:
        transaction = Transaction.OPEN;
        isTransactionUsed = false;
        break;
      case END:
        transaction = Transaction.NONE;
        break;
      case UNSURE:
        transaction = Transaction.UNKNOWN;
        break;
      case ATTACH:
      case DETACH:
        isListStale = true;
        break;
      default:
        break;
    }
  }

  /** A call that takes SQL as a whole, or one of the named ones, is about to run. */
  @Override
  public void accept(Object what) {
    try {
      calling(what);
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  private void calling(Object what) {
    if (isInOwnCall) {
      return;
    }
    if (what == CLOSE || CLOSE.equals(what)) {
      leave();
      leaveOthers();
      if (isAnySole) {
        enterAlone(true);
      }
      return;
    }
    enterSqlite(CALL);
    if (SqlKind.mayOpen(what)) {
      opening();
    }
    SqlKind kind = orExclusive(SqlKind.ofCall(what), what);
    running = CALL;
    if (!CommitGate.isOpen()) {
      passGate(kind);
    }
    if (isExclusive(kind)) {
      awaitAttachment();
      isExclusiveCall = true;
      noteJournalMode(kind);
      letGo();
    }
    if (!others.isEmpty() && SqlKind.mayAttach(what)) {
      leaveOthers();
    }
    if (isAnySole) {
      enterAlone(isExclusiveCall);
    }
  }

  /** The call that {@link #accept(Object)} announced has returned or thrown. */
  @Override
  public void accept(Object what, int resultCode) {
    try {
      openingEnded();
      called(what, resultCode);
      leaveSqlite();
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  private void called(Object what, int resultCode) {
    if (isInOwnCall) {
      return;
    }
    if (what == CLOSE || CLOSE.equals(what)) {
      isClosed = true;
      if (isAnySole) {
        leftAlone(SQLITE_OK);
      }
      database.closed(this);
      others.closed();
      // Whoever still knows the hook shall not keep the database.
      database = HookedDatabase.NONE;
      return;
    }
    running = 0;
    hasFailed |= SoleWriter.isFailure(resultCode);
    SqlKind kind = orExclusive(SqlKind.ofCall(what), what);
    boolean isSoleLeft = isAnySole && isExclusiveCall;
    if (isExclusiveCall) {
      isExclusiveCall = false;
      if (isSoleLeft) {
        leftAlone(resultCode);
        renewSole(SqlKind.isOfJournalMode(what) ? SqlKind.ROLLBACK_MODE : kind);
      }
      if (resultCode == SQLITE_OK) {
        noteLockingMode();
      }
      takeHold();
    } else if (kind == SqlKind.AUTOCHECKPOINT) {
      intervalSet();
    } else {
      track(kind);
      if (isAnySole && SqlKind.maySetAutocheckpoint(what)) {
        intervalSet();
      }
    }
    isTransactionUsed |= kind != SqlKind.BEGIN;
    isListStale |= SqlKind.mayAttach(what);
    if (isAnySole && !isSoleLeft) {
      leftAlone(resultCode);
    }
    committed();
    if (resultCode == SQLITE_OK) {
      answerRequests();
    }
  }

  /**
   * Nothing of ours may reach the application. An overflow of its stack says nothing of the hook,
   * and leaves no room to call anybody: what was lost by it, the next look finds.
   */
  private void failed(Throwable fault) {
    if (!(fault instanceof StackOverflowError)) {
      database.hookFailed(fault);
    }
  }

  private void passGate(SqlKind kind) {
    if (!kind.isRead() && !isInOwnCall) {
      long isAboutToRun = running;
      running = 0;
      CommitGate.pass(transaction == Transaction.NONE);
      running = isAboutToRun;
    }
  }

  /**
   * Whether a statement that may commit is running, as far as another thread sees; one that has
   * returned a row and was not ended yet counts.
   */
  public boolean isInStatement() {
    long statement = running;
    try {
      return statement == CALL || statement != 0 && !kinds.get(statement).isRead();
    } catch (ArrayIndexOutOfBoundsException theTableGrowsJustNow) {
      return true;
    }
  }

  private boolean isExclusive(SqlKind kind) {
    return kind == SqlKind.WAL_MODE ? !database.isInWalMode() : mayBeExclusive(kind);
  }

  private static boolean mayBeExclusive(SqlKind kind) {
    return kind == SqlKind.EXCLUSIVE || kind == SqlKind.ROLLBACK_MODE || kind == SqlKind.WAL_MODE;
  }

  private void noteJournalMode(SqlKind kind) {
    if (kind == SqlKind.ROLLBACK_MODE) {
      isRollbackModeWanted = true;
    } else if (kind == SqlKind.WAL_MODE) {
      isRollbackModeWanted = false;
    }
  }

  /** Whether the application has asked, on this connection, for another journal mode than WAL. */
  public boolean isRollbackModeWanted() {
    return connection == null ? isRollbackModeWanted : connection.isRollbackModeWanted;
  }

  // ---- a database that the connection keeps to itself

  /** What ends that, and every checkpoint, is told apart only meanwhile. */
  private SqlKind orExclusive(SqlKind kind, Object sql) {
    boolean isMeant =
        isAnySole
            && (kind == SqlKind.WRITE || kind == SqlKind.UNSURE)
            && SqlKind.isOfWalOrLocking(sql);
    return isMeant ? SqlKind.EXCLUSIVE : kind;
  }

  /** Asked of SQLite, after what may have changed it has succeeded; touches no file. */
  private void noteLockingMode() {
    isInOwnCall = true;
    try {
      boolean wasAnySole = isAnySole;
      isAnySole = noteLockingMode(this, MAIN);
      if (!others.isEmpty()) {
        for (Map.Entry<String, ConnectionHook> each : others.bySchema()) {
          isAnySole |= noteLockingMode(each.getValue(), each.getKey());
        }
      }
      if (isAnySole && isCapturedAlone()) {
        holdCheckpointsOff();
      } else if (wasAnySole && !isAnySole) {
        interval.endAlone(nativeDb.get());
      }
    } finally {
      isInOwnCall = false;
    }
  }

  private boolean noteLockingMode(ConnectionHook hook, String schema) {
    boolean isSole = DriverCalls.isExclusive(nativeDb.get(), schema);
    if (!isSole) {
      if (hook.sole != null) {
        hook.sole.retire();
      }
      hook.sole = null;
    } else if (hook.sole == null) {
      hook.sole = new SoleWriter(hasFailed);
    }
    return isSole;
  }

  /** Whether one of those databases is captured, for all that is known. */
  private boolean isCapturedAlone() {
    boolean isCaptured = sole != null && !isLeftAlone();
    for (Map.Entry<String, ConnectionHook> each : others.bySchema()) {
      isCaptured |= each.getValue().sole != null && !each.getValue().isLeftAlone();
    }
    return isCaptured;
  }

  private boolean isLeftAlone() {
    return isAttached && database == HookedDatabase.NONE;
  }

  private void holdCheckpointsOff() {
    boolean wasInOwnCall = isInOwnCall;
    isInOwnCall = true;
    try {
      interval.holdAlone(nativeDb.get());
    } finally {
      isInOwnCall = wasInOwnCall;
    }
    tellHeldOff();
  }

  private void tellHeldOff() {
    boolean isOff = interval.isHeldAlone();
    if (sole != null) {
      sole.heldOff(isOff);
    }
    others.heldOff(isOff);
  }

  private void enterAlone(boolean mayCheckpoint) {
    if (sole != null) {
      sole.enter(mayCheckpoint);
    }
    if (!others.isEmpty()) {
      others.enterAlone(mayCheckpoint);
    }
  }

  private void leftAlone(long resultCode) {
    boolean isOutside = transaction != Transaction.OPEN;
    if (sole != null) {
      sole.left(isOutside, resultCode);
    }
    if (!others.isEmpty()) {
      others.leftAlone(isOutside, resultCode);
    }
  }

  /**
   * In another journal mode there are commits without a WAL: what was seen before proves nothing.
   */
  private void renewSole(SqlKind kind) {
    if (isAnySole && (kind == SqlKind.ROLLBACK_MODE || kind == SqlKind.WAL_MODE)) {
      sole = sole == null ? null : sole.renewed();
      for (Map.Entry<String, ConnectionHook> each : others.bySchema()) {
        SoleWriter former = each.getValue().sole;
        each.getValue().sole = former == null ? null : former.renewed();
      }
    }
  }

  /** A checkpoint that the agent cannot do itself, at a moment when it has copied everything. */
  private void checkpointAlone(ConnectionHook hook, String schema) {
    SoleWriter writer = hook.sole;
    if (writer == null || !writer.takeCheckpointWanted()) {
      return;
    }
    try {
      if (hook.database.letGoBriefly(hook)) {
        writer.checkpointBegins();
        isInOwnCall = true;
        writer.checkpointed(DriverCalls.checkpoint(nativeDb.get(), schema));
      }
    } finally {
      isInOwnCall = false;
      hook.database.takeHold(hook);
    }
  }

  /** Whether the application keeps the database for this connection alone. */
  public boolean isExclusiveLocking() {
    return sole != null;
  }

  /** What that connection tells of its calls; null if it does not keep the database to itself. */
  public SoleWriter sole() {
    return sole;
  }

  // ---- the moments in which the agent needs the database for itself

  /**
   * Waits while one is under way; seen from then on by whoever wants to begin one. Who is inside
   * already goes on: the agent waits for him.
   */
  private void enterSqlite(long statement) {
    if (isInOwnCall || !isDoorUsed() || isLockless(statement)) {
      return;
    }
    if (isInside) {
      return;
    }
    isInside = true;
    if (isHolding) {
      return;
    }
    if (Doorway.isShutTo(file) || others.isShutOut()) {
      isInside = false;
      Doorway.pass(file);
      others.passDoorway();
      isInside = true;
    }
  }

  /** The row of such a statement often stays unread until the next is run. */
  private boolean isLockless(long statement) {
    return statement > 0 && kinds.get(statement) == SqlKind.READ_NOTHING;
  }

  private void leaveSqlite() {
    if (isInside && !isInOwnCall) {
      // In this order: he is not out in between.
      isHolding = isTransactionUsed && transaction == Transaction.OPEN;
      isInside = false;
    }
  }

  private boolean isDoorUsed() {
    return !isAttached || database.isDoorUsed() || others.isDoorUsed();
  }

  // ---- getting the agent out of the way

  private void letGo() {
    database.letGo(this, false);
    others.letGo();
  }

  private void takeHold() {
    database.takeHold(this);
    others.takeHold();
  }

  /** The connection is about to leave this database, by a close or a DETACH. */
  void leave() {
    awaitAttachment();
    database.letGo(this, true);
  }

  private void leaveOthers() {
    if (!isDetaching && !others.isEmpty()) {
      isDetaching = true;
      others.leave();
    }
  }

  /** Which database this is the hook of. */
  public HookedDatabase database() {
    return database;
  }

  private void awaitAttachment() {
    if (isAttached) {
      return;
    }
    if (!isFileKnown() && !isInOwnCall) {
      listDatabases();
    }
    if (!isAttached) {
      hurry.run();
      attachment.await(ATTACH_WAIT_NANOS);
    }
  }

  private void answerRequests() {
    if (isListStale && !isInOwnCall) {
      listDatabases();
    }
    if (isLockingModeUnknown && !isInOwnCall) {
      isLockingModeUnknown = false;
      noteLockingMode();
    }
    if (interval.isRequested() && !isInOwnCall) {
      isInOwnCall = true;
      try {
        interval.answer(nativeDb.get());
      } finally {
        isInOwnCall = false;
      }
      if (isAnySole) {
        tellHeldOff();
      }
    }
    if (isAnySole && transaction != Transaction.OPEN && !isInOwnCall) {
      checkpointAlone(this, MAIN);
      if (!others.isEmpty()) {
        for (Map.Entry<String, ConnectionHook> each : others.bySchema()) {
          checkpointAlone(each.getValue(), each.getKey());
        }
      }
    }
  }

  /**
   * Only after a statement that succeeded: of one that failed, the driver is yet to ask for the
   * message, which this would replace.
   */
  private void listDatabases() {
    isInOwnCall = true;
    Map<String, String> files;
    try {
      files = DriverCalls.databaseFiles(nativeDb.get());
    } finally {
      isInOwnCall = false;
    }
    isDetaching = false;
    if (files != null && files.isEmpty()) {
      // Interrupted, by a progress handler of the application's for one: asked again.
      others.stay();
      return;
    }
    if (files == null) {
      others.stay();
    } else {
      others.update(files, this, opened);
      isLockingModeUnknown |= isAnySole;
    }
    isListStale = false;
    if (!isFileKnown()) {
      isFileSecret = files == null;
      file = files == null ? null : files.getOrDefault(MAIN, "");
      opened.accept(this);
    }
  }

  /** The hook of a database that this connection has attached. */
  ConnectionHook attached(String attachedFile) {
    return new ConnectionHook(this, attachedFile);
  }
}
