package io.walsync.db;

import io.walsync.capture.DatabaseFile;
import io.walsync.capture.FileIdentity;
import io.walsync.capture.WalFile;
import io.walsync.capture.WalPosition;
import io.walsync.capture.WalTail;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

/**
 * How an idle database was left, with everything in it copied, when the agent closed its
 * connections: enough to see for the price of one {@code stat} that it is idle still, and to prove
 * afterwards that nothing was missed. Without a pin somebody may checkpoint and the WAL may restart
 * any number of times, so the proof is one of two:
 *
 * <ul>
 *   <li>the WAL still holds the frame it ended with: then what followed is behind it;
 *   <li>the database file has not been written since: then nothing was checkpointed since, so
 *       whatever was committed since is in the WAL, behind the old end or, if the WAL had been
 *       checkpointed before and restarted once, from its first frame on.
 * </ul>
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class Rest {

  /** More than the two seconds of a FAT file system, the coarsest clock there is. */
  private static final long COARSE_CLOCK_MILLIS = 2_100;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final File path;
  private final Path walPath;
  private final DatabaseFile file;
  private final FileIdentity database;
  private final WalPosition end;

  /** Of the WAL; null if there was none. */
  private final Object walKey;

  private final FileTime walModified;
  private final long walBytes;

  private Rest(File path, DatabaseFile file, WalPosition end) throws IOException {
    this.path = path;
    this.walPath = WalFile.pathOf(path).toPath();
    this.file = file;
    this.end = end;
    this.database = FileIdentity.of(path);
    BasicFileAttributes wal = wal();
    this.walKey = wal == null ? null : wal.fileKey();
    this.walModified = wal == null ? null : wal.lastModifiedTime();
    this.walBytes = wal == null ? 0 : wal.size();
  }

  /**
   * To be followed by a look at the WAL: only if that finds nothing behind {@code end} is this how
   * the database was left.
   *
   * @param end of the last commit that was copied; null if there is no WAL
   * @param settledMillis how long the files must have been left alone: more than a tick of the file
   *     system's clock, so that any later write shows
   * @return null if they have not
   */
  static Rest of(File path, DatabaseFile file, WalPosition end, long settledMillis)
      throws IOException {
    Rest rest = new Rest(path, file, end);
    long tickMillis =
        rest.isOfCoarseClock() ? Math.max(settledMillis, COARSE_CLOCK_MILLIS) : settledMillis;
    long before = System.currentTimeMillis() - tickMillis;
    boolean isSettled =
        file.isAt(path)
            && rest.database.changedMillis() < before
            && (rest.walModified == null || rest.walModified.toMillis() < before);
    return isSettled ? rest : null;
  }

  private boolean isOfCoarseClock() {
    return database.isOfCoarseClock()
        || walModified != null && walModified.to(TimeUnit.NANOSECONDS) % NANOS_PER_SECOND == 0;
  }

  /** Whether nobody has written to the WAL since. */
  boolean isUndisturbed() throws IOException {
    BasicFileAttributes wal = wal();
    if (wal == null || walModified == null) {
      return wal == null && walModified == null;
    }
    return wal.size() == walBytes
        && wal.lastModifiedTime().equals(walModified)
        && (walKey == null || walKey.equals(wal.fileKey()));
  }

  private BasicFileAttributes wal() throws IOException {
    try {
      return Files.readAttributes(walPath, BasicFileAttributes.class);
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** The file that was held. */
  DatabaseFile file() {
    return file;
  }

  /**
   * Has the tail go on from here, if nothing can have been missed. The caller holds a pin, or finds
   * out by the salts if the WAL restarts from now on.
   *
   * @return false if that cannot be proved
   */
  boolean isContinuedBy(WalTail tail) throws IOException {
    FileIdentity now = FileIdentity.of(path);
    if (!now.key().equals(database.key())) {
      return false;
    }
    if (end != null && tail.startAt(end)) {
      return true;
    }
    if (!now.isUnchanged(database)) {
      return false;
    }
    if (end == null) {
      tail.startAtBeginning();
      return true;
    }
    return tail.startAtRunAfter(end);
  }
}
