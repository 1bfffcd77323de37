package io.walsync.hook;

import io.walsync.sqlite.ResultCode;
import org.jspecify.annotations.Nullable;

/**
 * What the statements of one connection do: whether a transaction is open, whether one that has
 * ended may have committed, and before which of them the agent has to get out of the way.
 *
 * <p>Threading: under the connection's monitor.
 */
final class StatementTracker {

  private enum Transaction {
    NONE,
    OPEN,
    UNKNOWN
  }

  private final ApplicationConnection connection;
  private final Presence presence;
  private final StatementKinds kinds;
  private final OpenFiles files;
  private final ExclusiveLocking locking;
  private Transaction transaction = Transaction.NONE;

  /** The explicit transaction that is open has run something. */
  private boolean isTransactionUsed;

  /** Statements, prepared so far, before whose steps something has to be done. */
  private int guardedCount;

  private boolean isOpening;
  private boolean isExclusiveRunning;

  /** Which statement that is; the application may never finish it. */
  private long exclusiveStatement;

  /** The call that began last and has not ended; null if there is none. */
  private @Nullable SqlCall call;

  private boolean isExclusiveCall;

  StatementTracker(ApplicationConnection connection, StatementKinds kinds, OpenFiles files) {
    this.connection = connection;
    this.presence = connection.presence();
    this.kinds = kinds;
    this.files = files;
    this.locking = new ExclusiveLocking(connection, files);
    connection.isTrackedBy(this);
  }

  /** The connection has been open for a while: whether it is in a transaction is not known. */
  void foundOpen(OpenConnection open) {
    transaction = Transaction.UNKNOWN;
    locking.foundOpen();
    files.mayHaveChanged();
    kinds.expect(open.statements());
    kinds.put(open.begin(), SqlKind.BEGIN);
    kinds.put(open.commit(), SqlKind.END);
  }

  /** Whether an explicit transaction is open that has run something. */
  boolean isHolding() {
    return isTransactionUsed && transaction == Transaction.OPEN;
  }

  // ---- prepared statements

  /** One was prepared. */
  void prepared(Object sql, long statement) {
    if (connection.isInOwnCall()) {
      kinds.put(statement, SqlKind.READ);
      return;
    }
    SqlKind kind = orExclusive(SqlScanner.of(sql), sql);
    kinds.put(statement, kind);
    if (mayBeExclusive(kind) || kind == SqlKind.DETACH || kind == SqlKind.ATTACH) {
      guardedCount++;
    } else if (kind == SqlKind.AUTOCHECKPOINT) {
      intervalSet();
    }
  }

  /** SQLite does that as the statement is prepared. */
  private void intervalSet() {
    connection.noteAutocheckpoint();
    locking.intervalSet();
  }

  /** What ends that, and every checkpoint, is told apart only while a database is kept alone. */
  private SqlKind orExclusive(SqlKind kind, Object sql) {
    boolean isMeant =
        locking.isAny()
            && (kind == SqlKind.WRITE || kind == SqlKind.UNSURE)
            && (SqlScanner.isOfWalOrLocking(sql) || SqlScanner.maySetAutocheckpoint(sql));
    return isMeant ? SqlScanner.besideExclusive(sql) : kind;
  }

  /** One is about to step. */
  void stepping(long statement) {
    presence.runs(statement);
    if (!CommitGate.isOpen()) {
      passGate(kinds.get(statement));
    }
    boolean isGoingOn = isExclusiveRunning && statement == exclusiveStatement;
    if (guardedCount != 0) {
      guard(statement, isGoingOn);
    }
    if (locking.isAny() && mayCommit(kinds.get(statement))) {
      locking.enter(!isGoingOn && isExclusiveRunning && statement == exclusiveStatement, false);
    }
  }

  private void passGate(SqlKind kind) {
    if (!kind.isRead() && !connection.isInOwnCall()) {
      long isAboutToRun = presence.running();
      presence.runsNothing();
      CommitGate.pass(transaction == Transaction.NONE);
      presence.runs(isAboutToRun);
    }
  }

  private void guard(long statement, boolean isGoingOn) {
    SqlKind kind = kinds.get(statement);
    if (!isGoingOn && isExclusive(kind)) {
      awaitAttachment();
      isExclusiveRunning = true;
      exclusiveStatement = statement;
      connection.noteJournalMode(kind);
      files.letGo();
      if (kind == SqlKind.LOCKING_MODE) {
        // Its end may come long after it has taken effect.
        locking.mayChange();
      }
    } else if (kind == SqlKind.DETACH) {
      files.leaveAttached();
    } else if (kind == SqlKind.ATTACH) {
      opening();
    }
  }

  private boolean isExclusive(SqlKind kind) {
    return kind == SqlKind.WAL_MODE ? !files.main().database().isInWalMode() : mayBeExclusive(kind);
  }

  private static boolean mayBeExclusive(SqlKind kind) {
    return isLocking(kind) || kind == SqlKind.ROLLBACK_MODE || kind == SqlKind.WAL_MODE;
  }

  /** Whether the connection may keep a database to itself afterwards, or not any more. */
  private static boolean isLocking(SqlKind kind) {
    return kind == SqlKind.EXCLUSIVE || kind == SqlKind.LOCKING_MODE;
  }

  private static boolean mayCommit(SqlKind kind) {
    return !kind.isRead() && kind != SqlKind.LOCKING_MODE;
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

  /** A step that returned no row, a reset or a finalize has returned. */
  void stepped(long statement, long resultCode) {
    presence.runsNothing();
    if (connection.isInOwnCall()) {
      return;
    }
    locking.returned(resultCode);
    SqlKind kind = kinds.get(statement);
    if (!kind.isRead()) {
      ended(kind, resultCode);
    }
    if (kind != SqlKind.BEGIN && kind != SqlKind.READ_NOTHING) {
      isTransactionUsed = true;
    }
    if (isLocking(kind) && (resultCode == ResultCode.DONE || resultCode == ResultCode.OK)) {
      locking.note();
    }
    if (resultCode == ResultCode.DONE
        || resultCode == ResultCode.OK && !files.main().isFileKnown()) {
      answerRequests();
    }
  }

  private void ended(SqlKind kind, long resultCode) {
    if (kind == SqlKind.ATTACH) {
      openingEnded();
    }
    if (resultCode == ResultCode.DONE) {
      track(kind);
    } else if (kind == SqlKind.DETACH) {
      files.mayBeDetached();
    }
    leftAlone(resultCode);
    if (isExclusiveRunning && mayBeExclusive(kind)) {
      isExclusiveRunning = false;
      locking.renew(kind);
      files.takeHold();
    }
    if (kind != SqlKind.BEGIN) {
      committed();
    }
  }

  private void leftAlone(long resultCode) {
    if (locking.isAny()) {
      locking.left(transaction != Transaction.OPEN, resultCode);
    }
  }

  private void track(SqlKind kind) {
    if (kind == SqlKind.BEGIN) {
      transaction = Transaction.OPEN;
      isTransactionUsed = false;
    } else if (kind == SqlKind.END) {
      transaction = Transaction.NONE;
    } else if (kind == SqlKind.UNSURE) {
      transaction = Transaction.UNKNOWN;
    } else if (kind == SqlKind.ATTACH || kind == SqlKind.DETACH) {
      files.mayHaveChanged();
    }
  }

  private void committed() {
    files.committed();
    if (transaction == Transaction.NONE) {
      files.awaitTurnstile();
    }
  }

  // ---- calls that take SQL as a whole, and the named ones

  /** Such a call is about to run. */
  void calling(Object what) {
    SqlCall begun = SqlCall.of(what);
    call = begun;
    if (begun.mayOpen()) {
      opening();
    }
    SqlKind kind = orExclusive(begun.kind(), what);
    presence.runs(Presence.CALL);
    if (!CommitGate.isOpen()) {
      passGate(kind);
    }
    if (isExclusive(kind)) {
      awaitAttachment();
      isExclusiveCall = true;
      connection.noteJournalMode(kind);
      files.letGo();
    }
    if (begun.mayAttach()) {
      files.leaveAttached();
    }
    locking.enter(isExclusiveCall, !begun.isSingle());
  }

  /** It has returned or thrown. */
  void called(Object what, int resultCode) {
    presence.runsNothing();
    locking.returned(resultCode);
    // A function of the application's may have called in between.
    SqlCall ended = call != null && call.isOf(what) ? call : SqlCall.of(what);
    call = null;
    SqlKind kind = orExclusive(ended.kind(), what);
    boolean isSoleLeft = locking.isAny() && isExclusiveCall;
    if (isExclusiveCall) {
      exclusiveCalled(kind, what, resultCode);
    } else if (kind == SqlKind.AUTOCHECKPOINT) {
      intervalSet();
    } else {
      track(kind);
    }
    isTransactionUsed |= kind != SqlKind.BEGIN;
    if (ended.mayAttach()) {
      files.mayHaveChanged();
    }
    if (!isSoleLeft) {
      leftAlone(resultCode);
    }
    committed();
    if (resultCode == ResultCode.OK) {
      answerRequests();
    }
  }

  private void exclusiveCalled(SqlKind kind, Object what, int resultCode) {
    isExclusiveCall = false;
    if (locking.isAny()) {
      leftAlone(resultCode);
      locking.renew(SqlScanner.isOfJournalMode(what) ? SqlKind.ROLLBACK_MODE : kind);
    }
    if (locking.isAny() && SqlScanner.maySetAutocheckpoint(what)) {
      intervalSet();
    }
    if (SqlScanner.isOfWalOrLocking(what)) {
      locking.noteScript(resultCode == ResultCode.OK);
    } else if (resultCode == ResultCode.OK) {
      locking.note();
    }
    files.takeHold();
  }

  /** Whatever the call was, no file is about to be opened by it any more. */
  void callEnded() {
    openingEnded();
  }

  /** The connection is about to be closed. */
  void closing() {
    awaitListed();
    files.main().leave();
    files.leaveAttached();
    locking.enter(true, false);
  }

  /** It is closed. */
  void closed() {
    connection.closed();
    if (locking.isAny()) {
      locking.left(transaction != Transaction.OPEN, ResultCode.OK);
    }
    files.closed();
  }

  // ---- what the agent wants to know, or to have done

  private void awaitAttachment() {
    awaitListed();
    files.main().awaitAttachment();
  }

  /** Nobody can learn of a connection whose file is not known. */
  private void awaitListed() {
    FileConnection main = files.main();
    if (!main.isAttached() && !main.isFileKnown() && !connection.isInOwnCall()) {
      listFiles();
    }
  }

  private void listFiles() {
    if (files.list()) {
      locking.filesListed();
    }
  }

  private void answerRequests() {
    if (files.isListStale()) {
      listFiles();
    }
    locking.noteIfUnknown();
    if (connection.isAutocheckpointRequested()) {
      connection.answerAutocheckpoint();
      locking.tellHeldOff();
    }
    checkpointIfOutside();
  }

  /** The checkpoints that the agent wants, unless a transaction is known to be open. */
  void checkpointIfOutside() {
    if (transaction != Transaction.OPEN) {
      locking.checkpoint();
    }
  }
}
