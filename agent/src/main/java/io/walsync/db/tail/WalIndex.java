package io.walsync.db.tail;

import io.walsync.files.FileIdentity;
import io.walsync.files.KeptFile;
import io.walsync.wal.WalCount;
import io.walsync.wal.WalFormatException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads SQLite's count of what is committed from the {@code -shm} beside a database. Its first 120
 * bytes are read and nothing else; nothing is locked, mapped or written.
 *
 * <p>A count is a lower bound: it may be believed as far as the WAL's own checksums agree with it,
 * since what was counted once is counted by every recovery. That there is nothing beyond it may be
 * believed only while a connection that has read is open, such as one with a pin.
 *
 * <p>Once SQLite's last close has removed the file, its last count can still be read.
 *
 * <p>Threading: safe.
 */
public final class WalIndex extends KeptFile {

  /** SQLite's os_unix.c: the byte that every connection keeps locked as long as it is open. */
  public static final long DEAD_MAN_SWITCH_OFFSET = 128;

  /**
   * Most looks for a settled header. SQLite rewrites its 48 bytes in less time; after that the
   * writer was interrupted or killed.
   */
  private static final int MAX_LOOKS = 200;

  private static final boolean IS_WINDOWS = File.separatorChar == '\\';

  /**
   * On Windows, the path: SQLite's last close could not delete a file that is open, so it is opened
   * for each look. Else null.
   */
  private final @Nullable File openedForEachLook;

  /** Null where it is opened for each look. */
  private final @Nullable RandomAccessFile file;

  /**
   * How long a list of holders is reused. A process that is in an old and in a new list has held it
   * all the time.
   */
  private static final long HOLDERS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final byte[] bytes = new byte[WalCount.SIZE];

  private @Nullable Set<String> others;
  private long othersNanos;

  private WalIndex(RandomAccessFile file, Object fileKey) {
    super(file, fileKey);
    this.file = file;
    this.openedForEachLook = null;
  }

  private WalIndex(File path, Object fileKey) {
    super(null, fileKey);
    this.file = null;
    this.openedForEachLook = path;
  }

  /** The file beside {@code database} that SQLite keeps its wal-index in. */
  public static File pathOf(File database) {
    return new File(database.getPath() + "-shm");
  }

  /**
   * The wal-index beside {@code database}. To be called only while a connection of this process to
   * the database is open, or while none can be opened.
   *
   * @return null if there is none
   */
  public static @Nullable WalIndex of(File database) throws IOException {
    File path = pathOf(database);
    try {
      return IS_WINDOWS
          ? new WalIndex(path, FileIdentity.keyOf(path))
          : of(path, WalIndex.class, WalIndex::new);
    } catch (NoSuchFileException | FileNotFoundException none) {
      return null;
    }
  }

  /** Whether this is the wal-index that is beside {@code database} now. */
  public boolean isBeside(File database) {
    return isAt(pathOf(database));
  }

  /**
   * The processes that have it open, this one included: see {@link IndexHolders}.
   *
   * @return empty if they cannot be found out
   */
  Set<String> holders(File database) {
    try {
      Object inode = Files.getAttribute(pathOf(database).toPath(), "unix:ino");
      return isBeside(database) ? IndexHolders.of((Long) inode) : Collections.emptySet();
    } catch (IOException | RuntimeException notTold) {
      return Collections.emptySet();
    }
  }

  /**
   * Whether the application in this process has it open, or may have. Not to be asked while a
   * connection of the agent is open, which would be found instead.
   */
  public boolean isHeldHere(File database) {
    return !IndexHolders.isToldHere() || holders(database).contains(IndexHolders.self());
  }

  /**
   * As {@link #holders}, without this process, and up to a second old: an application may open and
   * close a thousand connections a second.
   */
  synchronized Set<String> otherHolders(File database) {
    long now = System.nanoTime();
    if (others == null || now - othersNanos > HOLDERS_NANOS) {
      others = new HashSet<>(holders(database));
      others.remove(IndexHolders.self());
      othersNanos = now;
    }
    return others;
  }

  /**
   * The last settled count.
   *
   * @return null if there is none: SQLite has not set the file up, or was interrupted as it wrote
   * @throws IOException if it is of a version that is not known
   */
  public synchronized @Nullable WalCount count() throws IOException {
    for (int look = 0; look < MAX_LOOKS; look++) {
      if (read() < bytes.length) {
        return null;
      }
      try {
        WalCount count = WalCount.parse(bytes);
        if (count != null || !WalCount.isSetUp(bytes)) {
          return count;
        }
      } catch (WalFormatException e) {
        throw new IOException("the -shm of a database cannot be read: " + e.getMessage(), e);
      }
    }
    return null;
  }

  private int read() throws IOException {
    if (openedForEachLook != null) {
      return readOnce(openedForEachLook);
    }
    RandomAccessFile open = file;
    assert open != null : "neither open nor opened for each look";
    open.seek(0);
    int filled = 0;
    while (filled < bytes.length) {
      int count = open.read(bytes, filled, bytes.length - filled);
      if (count < 0) {
        break;
      }
      filled += count;
    }
    return filled;
  }

  private int readOnce(File path) throws IOException {
    try (FileChannel channel = FileChannel.open(path.toPath(), StandardOpenOption.READ)) {
      ByteBuffer into = ByteBuffer.wrap(bytes);
      while (into.hasRemaining() && channel.read(into) >= 0) {
        continue;
      }
      return into.position();
    } catch (NoSuchFileException removed) {
      return 0;
    }
  }
}
