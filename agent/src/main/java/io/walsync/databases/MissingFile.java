package io.walsync.databases;

import java.io.File;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A file that the application is about to open and that is not there. Asked before the
 * configuration says how to log: nothing here may log.
 */
public final class MissingFile {

  /** SQLSTATE of a connection that could not be made. */
  private static final String STATE = "08001";

  private static final int OPEN_MEMORY = 0x80;

  private MissingFile() {}

  /**
   * The file that an open is about.
   *
   * @param name what the driver gives SQLite
   * @param flags SQLite's, of the open
   * @return null if there is none, or if it is there
   */
  public static @Nullable File of(String name, int flags) {
    String path = name;
    if (name.startsWith(UriName.SCHEME)) {
      UriName uri = UriName.of(name);
      path = uri.isInMemory() ? "" : uri.path();
    }
    if (path.isEmpty() || path.equals(ConnectionTarget.MEMORY) || (flags & OPEN_MEMORY) != 0) {
      return null;
    }
    File file = new File(path).getAbsoluteFile();
    return file.length() > 0 ? null : file;
  }

  /** The error of an open that must not go on. */
  public static SQLException refusal(File file, String reason) {
    return new SQLException("walsync: " + file + " is missing, and " + reason, STATE);
  }
}
