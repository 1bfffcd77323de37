package io.walsync.hook;

import java.util.Map;

/**
 * What a connection does for those of its databases that it keeps to itself ({@code
 * locking_mode=EXCLUSIVE}), where the agent cannot count, nor checkpoint, nor keep SQLite from it.
 *
 * <p>Threading: under the connection's monitor.
 */
final class ExclusiveLocking {

  private final ApplicationConnection connection;
  private final OpenFiles files;

  private boolean isAny;

  /** SQLite is to be asked. */
  private boolean isUnknown;

  /** Whether a commit may have failed so far. */
  private boolean hasFailed;

  ExclusiveLocking(ApplicationConnection connection, OpenFiles files) {
    this.connection = connection;
    this.files = files;
  }

  /** The connection was open before anybody looked. */
  void foundOpen() {
    isUnknown = true;
    hasFailed = true;
  }

  /** Whether it keeps any to itself. */
  boolean isAny() {
    return isAny;
  }

  /** A call of the connection's has returned, whatever it keeps to itself. */
  void returned(long resultCode) {
    hasFailed |= SoleWriter.isFailure(resultCode);
  }

  // ---- whether it does

  /** Its databases were looked at. */
  void filesListed() {
    isUnknown |= isAny;
  }

  /** What changes it has begun: SQLite is asked when the next statement has ended. */
  void mayChange() {
    isUnknown = true;
  }

  void noteIfUnknown() {
    if (isUnknown) {
      note();
    }
  }

  /** Asks SQLite, after what may have changed it has succeeded; touches no file. */
  void note() {
    isUnknown = false;
    boolean wasAny = isAny;
    isAny = note(OpenFiles.MAIN, files.main());
    for (Map.Entry<String, FileConnection> each : files.bySchema()) {
      isAny |= note(each.getKey(), each.getValue());
    }
    if (isAny && isCaptured()) {
      holdCheckpointsOff();
    } else if (wasAny && !isAny) {
      connection.endCheckpointsAlone();
    }
  }

  private boolean note(String schema, FileConnection file) {
    boolean wasSole = file.sole() != null;
    boolean isSole = connection.isExclusive(schema);
    file.noteSole(isSole, hasFailed);
    if (wasSole && !isSole) {
      connection.giveBack(schema);
    }
    return isSole;
  }

  /** A string of statements may have kept a database to itself, and let go of it. */
  void noteScript(boolean hasSucceeded) {
    if (!hasSucceeded) {
      // How far it came is asked when the connection can be asked.
      isUnknown = true;
      return;
    }
    note();
    giveBack(OpenFiles.MAIN, files.main());
    for (Map.Entry<String, FileConnection> each : files.bySchema()) {
      giveBack(each.getKey(), each.getValue());
    }
  }

  private void giveBack(String schema, FileConnection file) {
    if (file.sole() == null) {
      connection.giveBack(schema);
    }
  }

  private boolean isCaptured() {
    boolean isCaptured = files.main().isCapturedAlone();
    for (Map.Entry<String, FileConnection> each : files.bySchema()) {
      isCaptured |= each.getValue().isCapturedAlone();
    }
    return isCaptured;
  }

  // ---- its calls

  void enter(boolean mayCheckpoint, boolean mayCommitBefore) {
    if (isAny) {
      files.enterAlone(mayCheckpoint, mayCommitBefore);
    }
  }

  /**
   * @param isOutside whether no transaction is known to be open
   */
  void left(boolean isOutside, long resultCode) {
    if (isAny) {
      files.leftAlone(isOutside, resultCode);
    }
  }

  /**
   * In another journal mode there are commits without a WAL: what was seen before proves nothing.
   */
  void renew(SqlKind kind) {
    if (isAny && (kind == SqlKind.ROLLBACK_MODE || kind == SqlKind.WAL_MODE)) {
      files.main().renewSole();
      for (Map.Entry<String, FileConnection> each : files.bySchema()) {
        each.getValue().renewSole();
      }
    }
  }

  // ---- checkpoints

  /** The application has set the interval of its connection. */
  void intervalSet() {
    if (isAny) {
      connection.setCheckpointsAlone();
      holdCheckpointsOff();
    }
  }

  private void holdCheckpointsOff() {
    connection.holdCheckpointsAlone();
    tellHeldOff();
  }

  void tellHeldOff() {
    if (isAny) {
      files.heldOff(connection.areCheckpointsHeldAlone());
    }
  }

  /** Those checkpoints that the agent wants, outside a transaction. */
  void checkpoint() {
    if (!isAny) {
      return;
    }
    checkpoint(OpenFiles.MAIN, files.main());
    if (files.isAnyAttached()) {
      for (Map.Entry<String, FileConnection> each : files.bySchema()) {
        checkpoint(each.getKey(), each.getValue());
      }
    }
  }

  /** One that the agent cannot do itself, at a moment when it has copied everything. */
  private void checkpoint(String schema, FileConnection file) {
    SoleWriter writer = file.sole();
    if (writer == null || !writer.takeCheckpointWanted()) {
      return;
    }
    try {
      if (file.database().letGoBriefly(file)) {
        writer.checkpointBegins();
        writer.checkpointed(connection.checkpoint(schema));
      }
    } finally {
      file.database().takeHold(file);
    }
  }
}
