package io.walsync.hook;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The hook of one application connection. It passes on the events that woven code reports, and no
 * failure behind it reaches the application, but for an ATTACH that must not go on. Each JDK
 * interface stands for one event: woven code, which is in the host's class loader, can name only
 * classes of the JDK.
 *
 * <p>Threading: events arrive on the application's thread, under the connection's monitor.
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

  /** In place of a name that the driver does not tell. */
  private static final String UNKNOWN = "a database that sqlite-jdbc does not name";

  private final ApplicationConnection connection;
  private final Presence presence;
  private final StatementKinds kinds = new StatementKinds();
  private final FileConnection main;
  private final OpenFiles files;
  private final StatementTracker statements;

  /** The SQL of each ATTACH that somebody is to be asked about; null if there is none. */
  private @Nullable Map<Long, Object> attaching;

  /** The hook of a connection that is reported to the agent at once. */
  public ConnectionHook(
      Object nativeDb, @Nullable Object fileName, Consumer<FileConnection> opened) {
    this(nativeDb, fileName, () -> {}, opened);
  }

  /**
   * @param fileName what SQLite was given, as text or UTF-8, or an array of that and what SQLite
   *     says it has open; null if it is not known
   * @param hurry called by a thread that is about to wait for {@link FileConnection#attach}
   * @param opened told of each database that the connection attaches, and of its own if it turns
   *     out only later which file that is; on the application's thread
   */
  public ConnectionHook(
      Object nativeDb, @Nullable Object fileName, Runnable hurry, Consumer<FileConnection> opened) {
    String name;
    String file;
    if (fileName instanceof Object[]) {
      name = text(((Object[]) fileName)[0]);
      file = text(((Object[]) fileName)[1]);
    } else {
      name = text(fileName);
      // A name that is not a URI is the path itself.
      file = fileName == null || name.startsWith(URI_SCHEME) ? null : name;
    }
    this.presence = new Presence(kinds);
    this.connection = new ApplicationConnection(nativeDb, presence);
    this.main = new FileConnection(connection, name, file, hurry);
    this.files = new OpenFiles(connection, main, opened);
    this.statements = new StatementTracker(connection, kinds, files);
  }

  /** The name as text. Some drivers end it with a zero. */
  private static String text(@Nullable Object name) {
    if (name == null) {
      return UNKNOWN;
    }
    String text =
        name instanceof byte[]
            ? new String((byte[]) name, StandardCharsets.UTF_8)
            : String.valueOf(name);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /**
   * The hook of a connection that was open before the agent came. It is not known whether the
   * connection is in a transaction.
   */
  static ConnectionHook ofOpen(Object nativeDb, Consumer<FileConnection> opened) {
    synchronized (nativeDb) {
      OpenConnection open = new OpenConnection(nativeDb);
      ConnectionHook hook = new ConnectionHook(nativeDb, open.fileName(), opened);
      hook.connection.foundOpen();
      hook.statements.foundOpen(open);
      return hook;
    }
  }

  /** The connection's own database. */
  public FileConnection main() {
    return main;
  }

  /** All databases that the connection has open, its own first; from any thread. */
  List<FileConnection> files() {
    List<FileConnection> all = new ArrayList<>();
    all.add(main);
    all.addAll(files.attached());
    return all;
  }

  /** Whether the connection is closed, or the application has dropped it; from any thread. */
  boolean isGone() {
    return connection.isGone();
  }

  /**
   * Turns SQLite's own checkpoints off, on the thread that opens the connection, so that the agent
   * can still see after its start what the database was before the first commit. Not for a new
   * database, which was empty, and not for one with a staging folder, which tells.
   */
  public void holdCheckpoints() {
    try {
      connection.holdCheckpoints(main.file());
    } catch (Throwable notWorthAnOpen) {
      return;
    }
  }

  /** A statement object of the driver is about to run. Its SQL may not be known yet. */
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

  // ---- events

  /** A statement was prepared. */
  @Override
  public void accept(Object sql, long statement) {
    try {
      statements.prepared(sql, statement);
      noteAttach(sql, statement);
      leaveSqlite();
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  private void noteAttach(Object sql, long statement) {
    Map<Long, Object> noted = attaching;
    if (OpenGuards.isAny() && kinds.get(statement) == SqlKind.ATTACH) {
      noted = noted == null ? new HashMap<>() : noted;
      noted.put(statement, sql);
      attaching = noted;
    } else if (noted != null) {
      noted.remove(statement);
    }
  }

  /**
   * A statement is about to step; or, if it is 0, to be prepared. What an ATTACH is refused with
   * reaches the application.
   */
  @Override
  public void accept(long statement) {
    Map<Long, Object> noted = attaching;
    Object attach = noted == null ? null : noted.get(statement);
    if (attach != null) {
      OpenGuards.attach(attach);
    }
    try {
      enterSqlite(statement);
      if (statement != 0) {
        statements.stepping(statement);
      }
    } catch (Throwable fault) {
      failed(fault);
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
        statements.stepped(statement, resultCode);
      }
      leaveSqlite();
    } catch (Throwable fault) {
      failed(fault);
    }
    return resultCode;
  }

  /**
   * A call that takes SQL as a whole, or one of the named ones, is about to run. What an ATTACH is
   * refused with reaches the application.
   */
  @Override
  public void accept(Object what) {
    if (OpenGuards.isAny() && !connection.isInOwnCall()) {
      OpenGuards.attach(what);
    }
    try {
      if (connection.isInOwnCall()) {
        return;
      }
      if (isClose(what)) {
        statements.closing();
      } else {
        enterSqlite(Presence.CALL);
        statements.calling(what);
      }
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  /** The call that {@link #accept(Object)} announced has returned or thrown. */
  @Override
  public void accept(Object what, int resultCode) {
    try {
      statements.callEnded();
      if (connection.isInOwnCall()) {
        return;
      }
      if (isClose(what)) {
        statements.closed();
      } else {
        statements.called(what, resultCode);
      }
      leaveSqlite();
    } catch (Throwable fault) {
      failed(fault);
    }
  }

  private static boolean isClose(Object what) {
    return what == CLOSE || CLOSE.equals(what);
  }

  private void enterSqlite(long statement) {
    if (!connection.isInOwnCall() && files.isDoorUsed()) {
      presence.enter(statement, files);
    }
  }

  private void leaveSqlite() {
    if (!connection.isInOwnCall()) {
      presence.leave(statements.isHolding());
    }
  }

  /**
   * Handles a failure of the hook, which must not reach the application. A stack overflow is the
   * application's own and leaves no room for a call; the next look finds what was missed.
   */
  private void failed(Throwable fault) {
    if (!(fault instanceof StackOverflowError)) {
      main.database().hookFailed(fault);
    }
  }
}
