package io.walsync.config;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Paths as users write them. The file system is asked for names only; no file is opened. */
public final class UserPath {

  private static final String[] SQLITE_PREFIXES = {"sqlite3://", "sqlite://"};

  private UserPath() {}

  /**
   * The absolute path, with dots resolved and symbolic links kept. Relative paths are relative to
   * the working directory of the JVM; {@code ~} and {@code ~/} are the user's home.
   */
  public static File absolute(String path) {
    return absolute(new File(expandHome(path)));
  }

  static File absolute(File file) {
    return file.toPath().toAbsolutePath().normalize().toFile();
  }

  /** A database's path without Litestream's connection string prefixes. */
  public static String stripSqlitePrefix(String path) {
    for (String prefix : SQLITE_PREFIXES) {
      if (path.startsWith(prefix)) {
        return path.substring(prefix.length());
      }
    }
    return path;
  }

  static String expandHome(String path) {
    boolean isHome = path.equals("~") || path.startsWith("~/");
    return isHome ? System.getProperty("user.home") + path.substring(1) : path;
  }

  /** The path with symbolic links resolved, if that is possible, and then as written. */
  static List<File> spellings(File file) {
    Set<File> spellings = new LinkedHashSet<>();
    File absolute = absolute(file);
    try {
      // Not of the normalised path: in "link/.." the dots are relative to where the link leads.
      spellings.add(file.getCanonicalFile());
    } catch (IOException e) {
      spellings.add(absolute);
    }
    spellings.add(absolute);
    return new ArrayList<>(spellings);
  }
}
