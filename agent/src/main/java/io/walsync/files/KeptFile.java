package io.walsync.files;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor on a file that SQLite keeps locks on. When a process closes any descriptor of a
 * file, POSIX drops all of its locks on that file, those of the application's SQLite included. So a
 * descriptor stays open as long as the file has a name, unless it is known that there is no lock to
 * drop.
 *
 * <p>Invariants: one instance per inode, strongly held, closed by {@link DeletedFiles} and {@link
 * #closeAlone} only; a {@link RandomAccessFile}, since an interrupt would close a {@code
 * FileChannel}.
 *
 * <p>Threading: safe; reads are serialised per file.
 */
public abstract class KeptFile {

  private static final Map<Object, KeptFile> OPEN = new HashMap<>();

  /**
   * Files that were replaced while they were opened. Which file each is cannot be found out, or it
   * is open already. Kept so that they are never closed.
   */
  private static final List<RandomAccessFile> UNKNOWN = new ArrayList<>();

  /** Makes an instance of a subclass from an open descriptor. */
  public interface Opening<T extends KeptFile> {
    T of(RandomAccessFile file, Object fileKey);
  }

  /** Null where the file is opened for each look, so that there is no descriptor to keep. */
  private final @Nullable RandomAccessFile file;

  private final Object fileKey;

  /**
   * The path at which the file was last found. Guarded by {@link #OPEN}, like the fields that
   * follow.
   */
  private @Nullable File path;

  private int readerCount;
  private boolean isClosed;

  public KeptFile(@Nullable RandomAccessFile file, Object fileKey) {
    this.file = file;
    this.fileKey = fileKey;
  }

  /**
   * The descriptor of the file that now stands at {@code path}.
   *
   * @throws IOException if there is no such file or it cannot be read
   */
  public static <T extends KeptFile> T of(File path, Class<T> type, Opening<T> opening)
      throws IOException {
    Object key = FileIdentity.keyOf(path);
    synchronized (OPEN) {
      KeptFile known = OPEN.get(key);
      if (known == null) {
        known = open(path, key, opening);
      }
      known.path = path;
      return type.cast(known);
    }
  }

  /** Whether the agent keeps a descriptor of the file at a path. */
  public static boolean isKept(File path) throws IOException {
    return known(path) != null;
  }

  /** The descriptor of the file that now stands at {@code path}; null if there is none. */
  static @Nullable KeptFile known(File path) throws IOException {
    Object key = FileIdentity.keyOf(path);
    synchronized (OPEN) {
      return OPEN.get(key);
    }
  }

  private static KeptFile open(File path, Object fileKey, Opening<?> opening) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path, "r");
    KeptFile opened = opening.of(file, fileKey);
    if (!opened.isAt(path)) {
      keepReplaced(file, path, opening);
      throw new IOException("open " + path + ": it was replaced at that moment");
    }
    OPEN.put(fileKey, opened);
    return opened;
  }

  /**
   * Keeps a descriptor whose file was replaced or removed while it was opened, as a last close may
   * do to the files of the WAL at any moment. It is never closed here, like any other.
   */
  private static void keepReplaced(RandomAccessFile file, File path, Opening<?> opening) {
    Object key = Descriptors.keyOf(file);
    if (key == null || OPEN.containsKey(key)) {
      UNKNOWN.add(file);
      return;
    }
    KeptFile kept = opening.of(file, key);
    kept.path = path;
    OPEN.put(key, kept);
  }

  /** The files that are no longer where they were last found: deleted, replaced or renamed. */
  static List<KeptFile> missing() {
    IdentityHashMap<KeptFile, File> all = new IdentityHashMap<>();
    synchronized (OPEN) {
      OPEN.values().forEach(each -> all.put(each, each.path));
    }
    List<KeptFile> missing = new ArrayList<>();
    all.forEach(
        (each, at) -> {
          if (!each.isAt(at)) {
            missing.add(each);
          }
        });
    return missing;
  }

  /**
   * Keeps the descriptor open while it is read, even after the file is deleted, until {@link
   * #removeReader}.
   *
   * @throws IOException if it has been closed
   */
  public void addReader() throws IOException {
    synchronized (OPEN) {
      if (isClosed) {
        throw new IOException("read " + path + ": it was deleted or let go of");
      }
      readerCount++;
    }
  }

  /** Ends one {@link #addReader}. */
  public void removeReader() {
    synchronized (OPEN) {
      readerCount--;
    }
  }

  /**
   * Closes the descriptor unless it is being read. The process must have no other descriptor on the
   * file, and must be unable to get one.
   *
   * @return whether it is closed
   */
  public boolean close() {
    synchronized (OPEN) {
      if (readerCount > 0) {
        return false;
      }
      isClosed = true;
      OPEN.remove(fileKey, this);
    }
    // Outside the lock: the file system frees the file's blocks now.
    return closeDescriptor();
  }

  /**
   * Closes the descriptor of a file that still has a name, if it is the only one that this process
   * has on the file and nobody reads through it. Then there is no lock that the close could drop.
   *
   * @param isNobodyOpening whether it is certain that nobody opens the file until this returns
   * @return whether it is closed
   */
  public boolean closeAlone(BooleanSupplier isNobodyOpening) {
    synchronized (OPEN) {
      boolean isAlone = readerCount == 0 && Descriptors.countOf(fileKey) == 1;
      if (isClosed || !isAlone || !isNobodyOpening.getAsBoolean()) {
        return false;
      }
      isClosed = true;
      OPEN.remove(fileKey, this);
      return closeDescriptor();
    }
  }

  private boolean closeDescriptor() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException nothingWasWritten) {
      return true;
    }
    return true;
  }

  /** Which file this is, as {@link FileIdentity#key}. */
  public Object key() {
    return fileKey;
  }

  /** Whether this is still the file that stands at {@code path}. */
  public boolean isAt(File path) {
    try {
      return FileIdentity.keyOf(path).equals(fileKey);
    } catch (IOException gone) {
      return false;
    }
  }
}
