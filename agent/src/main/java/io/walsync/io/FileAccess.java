package io.walsync.io;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may read files that hold a database's pages: whoever may read the database, as SQLite does it
 * for {@code -wal} and {@code -shm}. They take the database's mode and, as far as the process may,
 * its owner and group. Folders take the mode too, with the right to enter wherever the database and
 * its own folder can both be reached. Nothing is created wider than it ends up.
 *
 * <p>Where the file system has no modes (Windows, FAT), files are created as anybody would.
 *
 * <p>Threading: safe.
 */
public final class FileAccess {

  /** As the process's umask allows: for files that belong to no database. */
  public static final FileAccess BY_UMASK = new FileAccess(null);

  private static final int READ_AND_WRITE = 0666;
  private static final int READ = 0444;
  private static final int GROUP = 0070;
  private static final int PERMISSIONS = 07777;
  private static final int OWNER_FILE = 0600;
  private static final int OWNER_FOLDER = 0700;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  /** Null for the process's umask. */
  private final @Nullable Path database;

  /**
   * The database's mode and owners when it was last seen. It may be deleted while files with its
   * pages are still written.
   */
  private volatile @Nullable Attributes seen;

  private FileAccess(@Nullable Path database) {
    this.database = database;
  }

  /** Each file gets what the database has at the moment the file is created. */
  public static FileAccess like(File database) {
    return new FileAccess(database.getAbsoluteFile().toPath());
  }

  /**
   * Creates an empty file unless something exists there.
   *
   * @return whether it was created
   */
  public boolean createFile(Path file) throws IOException {
    if (Files.exists(file)) {
      return false;
    }
    try {
      Files.createFile(file, attributes(OWNER_ONLY));
    } catch (FileAlreadyExistsException somebodyWasFaster) {
      return false;
    }
    apply(file);
    return true;
  }

  /** Creates a folder and those above it, unless they exist; what exists stays as it is. */
  public void createFolders(Path folder) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path each = folder.toAbsolutePath();
        each != null && !Files.isDirectory(each);
        each = each.getParent()) {
      missing.push(each);
    }
    Set<PosixFilePermission> ownerOnly = EnumSet.copyOf(OWNER_ONLY);
    ownerOnly.add(PosixFilePermission.OWNER_EXECUTE);
    for (Path each : missing) {
      try {
        Files.createDirectory(each, attributes(ownerOnly));
        apply(each);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(each)) {
          throw e;
        }
      }
    }
  }

  /** Empty where the umask decides, or where the file system has no modes. */
  private FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
    return database == null || !hasModes(database)
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }

  private static boolean hasModes(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /** Gives a file or folder of ours the database's mode, owner and group. */
  public void apply(Path ours) throws IOException {
    if (database == null || !hasModes(ours)) {
      return;
    }
    Attributes wanted = wanted(database);
    boolean isFolder = Files.isDirectory(ours);
    int mode = wanted.mode & READ_AND_WRITE;
    if (isFolder) {
      mode = (mode | (mode & READ) >> 2) & wanted.folderMode | OWNER_FOLDER;
    } else {
      mode |= OWNER_FILE;
    }
    give(ours, new Attributes(mode, wanted.uid, wanted.gid, 0));
  }

  private Attributes wanted(Path like) {
    try {
      Attributes now = Attributes.of(like);
      Path folder = like.getParent();
      assert folder != null : "an absolute path of a file has one";
      seen = now.withFolder(Attributes.of(folder).mode);
    } catch (IOException goneOrOutOfReach) {
      // Then what it had before counts.
    }
    Attributes last = seen;
    return last == null ? Attributes.OURS_ALONE : last;
  }

  /**
   * Gives a file exactly the mode, owner and group of another.
   *
   * @return whether it has all of them now. If not, it is still readable by nobody who could not
   *     read the other.
   */
  public static boolean copy(Path from, Path to) throws IOException {
    if (!hasModes(from)) {
      return true;
    }
    return give(to, Attributes.of(from));
  }

  private static boolean give(Path file, Attributes wanted) throws IOException {
    Attributes has = Attributes.of(file);
    boolean isGroupGiven = has.gid == wanted.gid || wanted.gid < 0 || set(file, "gid", wanted.gid);
    boolean isOwnerGiven = has.uid == wanted.uid || wanted.uid < 0 || set(file, "uid", wanted.uid);
    // The file stays in another group, which must not get this group's rights.
    int mode = isGroupGiven ? wanted.mode : wanted.mode & ~GROUP;
    // A change of the owner may have removed bits of the mode.
    boolean isModeGiven = Attributes.of(file).mode == mode || set(file, "mode", mode);
    return isGroupGiven && isOwnerGiven && isModeGiven;
  }

  /**
   * Sets one attribute. False if that is not permitted, or not possible on this file system; then
   * the attribute stays as it was.
   */
  private static boolean set(Path file, String name, int value) {
    try {
      Files.setAttribute(file, "unix:" + name, value);
      return true;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Owner and group are kept as numbers: to look up their names may ask a directory service. */
  private static final class Attributes {

    /** For a database that was never seen: only the owner has access. */
    static final Attributes OURS_ALONE = new Attributes(OWNER_FILE, -1, -1, OWNER_FOLDER);

    final int mode;
    final int uid;
    final int gid;

    /** Mode of the folder that the file is in, where that matters. */
    final int folderMode;

    Attributes(int mode, int uid, int gid, int folderMode) {
      this.mode = mode;
      this.uid = uid;
      this.gid = gid;
      this.folderMode = folderMode;
    }

    @SuppressWarnings("NullAway") // whoever has the view "unix" has all three
    static Attributes of(Path path) throws IOException {
      Map<String, Object> found = Files.readAttributes(path, "unix:mode,uid,gid");
      return new Attributes(
          (Integer) found.get("mode") & PERMISSIONS,
          (Integer) found.get("uid"),
          (Integer) found.get("gid"),
          0);
    }

    Attributes withFolder(int mode) {
      return new Attributes(this.mode, uid, gid, mode);
    }
  }
}
