package io.walsync.db;

import io.walsync.db.application.Connections;
import io.walsync.db.application.ExclusiveLockingException;
import io.walsync.db.capture.Hold;
import io.walsync.db.capture.SoleConnection;
import io.walsync.db.capture.SoleHold;
import io.walsync.files.DatabaseFile;
import io.walsync.hook.FileConnection;
import io.walsync.hook.SoleWriter;
import io.walsync.host.HostLocks;
import io.walsync.io.Clock;
import io.walsync.sqlite.HostDriver;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether one connection keeps the database to itself, or all can use it.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Ownership {

  private final File path;
  private final Connections connections;
  private final Clock clock;

  /** Not null while one connection of the application keeps the database to itself. */
  private @Nullable SoleConnection sole;

  Ownership(File path, Connections connections, Clock clock) {
    this.path = path;
    this.connections = connections;
    this.clock = clock;
  }

  /** Finds out whether a connection wants the database to itself. */
  void look(DatabaseFile file) throws IOException {
    FileConnection exclusive = connections.exclusive();
    SoleWriter writer = exclusive == null ? null : exclusive.sole();
    if (exclusive == null || writer == null) {
      sole = null;
    } else if (sole == null || !sole.isOf(writer, file.pageSize())) {
      sole = new SoleConnection(writer, file.pageSize(), exclusive::checkpointIfIdle, clock);
    }
  }

  /** Forgets what {@link #look} has found. */
  void forget() {
    sole = null;
  }

  /** The connection that has the database to itself; only if {@link #look} has found one. */
  SoleConnection sole() {
    SoleConnection found = sole;
    assert found != null : "no connection has the database to itself";
    return found;
  }

  /** Whether one connection wants the database to itself, whether or not it has it yet. */
  boolean isWanted() {
    return connections.isExclusiveLocking();
  }

  /** Whether a connection of this process has it to itself, though none is known to want that. */
  boolean isKept() {
    return !isWanted() && SoleConnection.isLocked(path);
  }

  /** Whether the connection that wants the database has it, and nobody else can write it. */
  boolean isTaken() throws SQLException {
    if (sole == null) {
      return false;
    }
    if (!HostLocks.areTold()) {
      throw ExclusiveLockingException.notTold();
    }
    return SoleConnection.isLocked(path);
  }

  /**
   * Prepares to follow the sole connection.
   *
   * @return false if it cannot be followed yet
   * @throws ExclusiveLockingException if it can never be followed
   */
  boolean prepare(DatabaseFile file) throws IOException, SQLException {
    if (!file.isWalMode()) {
      throw ExclusiveLockingException.inRollbackMode();
    }
    if (!sole().isHeldOff()) {
      FileConnection exclusive = connections.exclusive();
      if (exclusive != null) {
        exclusive.requestAutocheckpoint(0);
      }
      return false;
    }
    return sole().isCounted(path);
  }

  /** Whether the sole connection can be followed at this moment. */
  boolean isFollowed(DatabaseFile file) throws IOException {
    return sole != null
        && file.isWalMode()
        && sole.isHeldOff()
        && SoleConnection.isLocked(path)
        && sole.isCounted(path);
  }

  /**
   * Opens a hold on the database, with pins unless one connection keeps it to itself.
   *
   * @param driver for the pins; unused if one connection keeps the database to itself
   */
  Hold hold(DatabaseFile file, HostDriver driver) throws IOException {
    return sole == null ? Hold.pinning(path, file, driver) : SoleHold.beside(sole, path, file);
  }

  /** As {@link #hold}, without pins. */
  Hold follow(DatabaseFile file) throws IOException {
    return sole == null ? Hold.following(path, file) : SoleHold.beside(sole, path, file);
  }
}
