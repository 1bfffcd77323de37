package io.walsync.config;

import java.io.File;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The database files that an entry of {@code dbs} matches: one file, or the files below a folder
 * whose relative path matches. Paths are compared as written (made absolute, dots resolved) and
 * with symbolic links resolved, on both sides; the file system is asked for names only, no file is
 * opened.
 */
final class DatabasePattern {

  /**
   * How long the resolved links of a root are reused: a thousand databases opened in a row are each
   * compared with a thousand roots.
   */
  private static final long ROOTS_KEPT_NANOS = 1_000_000_000L;

  private final String text;
  private final File root;

  /** Null before they are first asked for. */
  private volatile @Nullable Roots roots;

  private static final class Roots {
    private final List<File> spellings;
    private final long sinceNanos = System.nanoTime();

    Roots(File root) {
      this.spellings = UserPath.spellings(root);
    }
  }

  /** Null if the pattern is exactly one file, {@link #root}. */
  private final @Nullable Glob glob;

  /** Whether {@link #glob} is compared with the last name only, in any folder below the root. */
  private final boolean isNameOnly;

  private final boolean isRecursive;

  private DatabasePattern(
      String text, File root, @Nullable Glob glob, boolean isNameOnly, boolean isRecursive) {
    this.text = text;
    this.root = root;
    this.glob = glob;
    this.isNameOnly = isNameOnly;
    this.isRecursive = isRecursive;
  }

  /** The {@code path} of an entry: a file, or wildcards. */
  static DatabasePattern ofPath(String path) {
    String wild = path.replace(File.separatorChar, '/');
    int wildcard = firstWildcard(wild);
    if (wildcard < 0) {
      File file = UserPath.absolute(path);
      return new DatabasePattern(file.getPath(), file, null, false, false);
    }
    int slash = wild.lastIndexOf('/', wildcard);
    String folder = slash < 0 ? "." : slash == 0 ? "/" : wild.substring(0, slash);
    String rest = wild.substring(slash + 1);
    File root = UserPath.absolute(folder);
    boolean isRecursive = rest.indexOf('/') >= 0;
    return new DatabasePattern(
        new File(root, rest).getPath(), root, Glob.ofPath(rest), false, isRecursive);
  }

  /**
   * @throws IllegalArgumentException if {@code pattern} is malformed
   */
  static DatabasePattern ofDirectory(String dir, String pattern, boolean isRecursive) {
    File root = UserPath.absolute(dir);
    String text = new File(isRecursive ? new File(root, "**") : root, pattern).getPath();
    return new DatabasePattern(text, root, Glob.ofName(pattern), true, isRecursive);
  }

  static boolean hasWildcard(String path) {
    return firstWildcard(path) >= 0;
  }

  private static int firstWildcard(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '*' || path.charAt(i) == '?') {
        return i;
      }
    }
    return -1;
  }

  /**
   * The database's path below the root with {@code /} between names; empty for the one file of an
   * exact pattern; null if the pattern does not match this database. If several spellings of the
   * path match, the one with links resolved is used, so that one file has one answer.
   */
  @Nullable String relativePath(File database) {
    return relativePath(UserPath.spellings(database));
  }

  /** As {@link #relativePath(File)}, of a path whose spellings are known. */
  @Nullable String relativePath(List<File> spellings) {
    List<File> bases = rootSpellings();
    for (int i = 0; i < spellings.size(); i++) {
      for (int j = 0; j < bases.size(); j++) {
        String relative = relative(bases.get(j), spellings.get(i));
        if (relative != null && accepts(relative)) {
          return relative;
        }
      }
    }
    return null;
  }

  private List<File> rootSpellings() {
    Roots known = roots;
    if (known == null || System.nanoTime() - known.sinceNanos > ROOTS_KEPT_NANOS) {
      known = new Roots(root);
      roots = known;
    }
    return known.spellings;
  }

  /** Whether {@code relative} can be the path below the root of a database that this matches. */
  boolean accepts(String relative) {
    if (glob == null) {
      return relative.isEmpty();
    }
    int slash = relative.lastIndexOf('/');
    if (relative.isEmpty() || slash >= 0 && !isRecursive) {
      return false;
    }
    return glob.matches(isNameOnly ? relative.substring(slash + 1) : relative);
  }

  boolean isExact() {
    return glob == null;
  }

  /** Whether databases in folders below the root can match. */
  boolean isRecursive() {
    return isRecursive;
  }

  /** The one file, or the folder that all matching files lie below. */
  File root() {
    return root;
  }

  @Override
  public String toString() {
    return text;
  }

  /** Null if the file does not lie below. */
  private static @Nullable String relative(File base, File file) {
    String basePath = base.getPath();
    String path = file.getPath();
    if (path.equals(basePath)) {
      return "";
    }
    if (!path.startsWith(basePath)) {
      return null;
    }
    int start = basePath.length();
    if (!basePath.endsWith(File.separator)) {
      if (path.charAt(start) != File.separatorChar) {
        return null;
      }
      start++;
    }
    return path.substring(start).replace(File.separatorChar, '/');
  }
}
