package io.walsync.db;

import io.walsync.hook.ConnectionHook;
import io.walsync.sqlite.HostDriver;
import java.sql.SQLException;

/**
 * The application's sqlite-jdbc by which one database was opened, and whether there is a second
 * copy of it.
 *
 * <p>Threading: safe.
 */
final class DriverCopies {

  private final Announcements announce;
  private volatile HostDriver first;

  DriverCopies(Announcements announce) {
    this.announce = announce;
  }

  /** A connection was opened by some copy. */
  void opened(ConnectionHook connection) {
    HostDriver known = first;
    if (known == null) {
      try {
        first = new HostDriver(connection.driverLoader());
      } catch (SQLException e) {
        announce.unsupportedDriver(e);
      }
    } else if (known.loader() != connection.driverLoader()) {
      announce.twoDrivers();
    }
  }

  /** The copy by which the database was opened first, or null if none that we can call. */
  HostDriver first() {
    return first;
  }
}
