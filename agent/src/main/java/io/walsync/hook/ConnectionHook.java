package io.walsync.hook;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
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

  private static final String RESTORE = "restore";
  private static final String DESERIALIZE = "deserialize";
  private static final int SQLITE_OK = 0;
  private static final int SQLITE_DONE = 101;
  private static final int NO_REQUEST = -1;

  /**
   * A close waits this long for the agent to learn of a connection that was opened a moment ago.
   */
  private static final long ATTACH_WAIT_MILLIS = 1000;

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
  private final StatementKinds kinds = new StatementKinds();
  private final CountDownLatch attached = new CountDownLatch(1);
  private volatile HookedDatabase database = HookedDatabase.NONE;
  private volatile int requestedAutocheckpoint = NO_REQUEST;
  private Transaction transaction = Transaction.NONE;
  private int exclusiveCount;
  private boolean isExclusiveRunning;
  private boolean isAutocheckpointOwn;
  private boolean isInOwnCall;

  public ConnectionHook(Object nativeDb, Object fileName) {
    this.nativeDb = new WeakReference<>(nativeDb);
    this.driverLoader = new WeakReference<>(nativeDb.getClass().getClassLoader());
    this.fileName =
        fileName instanceof byte[]
            ? new String((byte[]) fileName, StandardCharsets.UTF_8).trim()
            : String.valueOf(fileName);
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

  /** Tells the hook which database its connection belongs to. */
  public void attach(HookedDatabase attachedDatabase) {
    database = attachedDatabase;
    attached.countDown();
  }

  /**
   * Asks for {@code PRAGMA wal_autocheckpoint=pages} on this connection, done by its own thread at
   * the end of its next statement unless the application has set a value of its own.
   *
   * @param pages 0 for never
   */
  public void requestAutocheckpoint(int pages) {
    requestedAutocheckpoint = pages;
  }

  /** A statement was prepared. */
  @Override
  public void accept(Object sql, long statement) {
    SqlKind kind = SqlKind.of(sql);
    kinds.put(statement, kind);
    if (kind == SqlKind.EXCLUSIVE) {
      exclusiveCount++;
    } else if (kind == SqlKind.AUTOCHECKPOINT && !isInOwnCall) {
      isAutocheckpointOwn = true;
    }
  }

  /** A statement is about to step. */
  @Override
  public void accept(long statement) {
    if (exclusiveCount > 0 && kinds.get(statement) == SqlKind.EXCLUSIVE && !isExclusiveRunning) {
      isExclusiveRunning = true;
      database.letGo(this, false);
    }
  }

  /** A step that returned no row, a reset or a finalize has returned. */
  @Override
  public long applyAsLong(long statement, long resultCode) {
    SqlKind kind = kinds.get(statement);
    if (kind != SqlKind.READ) {
      ended(kind, resultCode == SQLITE_DONE);
    }
    if (resultCode == SQLITE_DONE) {
      answerRequest();
    }
    return resultCode;
  }

  private void ended(SqlKind kind, boolean isDone) {
    if (isDone) {
      track(kind);
    }
    if (kind == SqlKind.EXCLUSIVE && isExclusiveRunning) {
      isExclusiveRunning = false;
      database.takeHold(this);
    }
    if (kind != SqlKind.BEGIN) {
      database.committed();
      if (transaction == Transaction.NONE) {
        database.awaitTurnstile();
      }
    }
  }

  private void track(SqlKind kind) {
    switch (kind) {
      case BEGIN:
        transaction = Transaction.OPEN;
        break;
      case END:
        transaction = Transaction.NONE;
        break;
      case UNSURE:
        transaction = Transaction.UNKNOWN;
        break;
      default:
        break;
    }
  }

  /** A call that takes SQL as a whole, or one of the named ones, is about to run. */
  @Override
  public void accept(Object what) {
    if (isInOwnCall) {
      return;
    }
    if (what == CLOSE || CLOSE.equals(what)) {
      awaitAttachment();
      database.letGo(this, true);
    } else if (isExclusive(what)) {
      awaitAttachment();
      database.letGo(this, false);
    }
  }

  /** The call that {@link #accept(Object)} announced has returned or thrown. */
  @Override
  public void accept(Object what, int resultCode) {
    if (isInOwnCall) {
      return;
    }
    if (what == CLOSE || CLOSE.equals(what)) {
      database.closed(this);
      return;
    }
    if (isExclusive(what)) {
      database.takeHold(this);
    } else if (!isName(what)) {
      track(SqlKind.ofScript(what));
      noteAutocheckpoint(what);
    }
    database.committed();
    if (transaction == Transaction.NONE) {
      database.awaitTurnstile();
    }
    if (resultCode == SQLITE_OK) {
      answerRequest();
    }
  }

  private void noteAutocheckpoint(Object what) {
    if (SqlKind.ofScript(what) == SqlKind.AUTOCHECKPOINT) {
      isAutocheckpointOwn = true;
    }
  }

  private static boolean isName(Object what) {
    return "backup".equals(what) || RESTORE.equals(what) || DESERIALIZE.equals(what);
  }

  private static boolean isExclusive(Object what) {
    return RESTORE.equals(what)
        || DESERIALIZE.equals(what)
        || !isName(what) && SqlKind.ofScript(what) == SqlKind.EXCLUSIVE;
  }

  private void awaitAttachment() {
    try {
      attached.await(ATTACH_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answerRequest() {
    int pages = requestedAutocheckpoint;
    if (pages == NO_REQUEST || isInOwnCall) {
      return;
    }
    requestedAutocheckpoint = NO_REQUEST;
    if (isAutocheckpointOwn) {
      return;
    }
    isInOwnCall = true;
    try {
      DriverCalls.exec(nativeDb.get(), "PRAGMA wal_autocheckpoint=" + pages);
    } finally {
      isInOwnCall = false;
    }
  }
}
