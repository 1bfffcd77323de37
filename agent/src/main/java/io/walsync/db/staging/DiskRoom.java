package io.walsync.db.staging;

import io.walsync.io.Disk;
import java.io.File;

/** Watches the free space on the disk of a staging folder, which the application needs too. */
public final class DiskRoom {

  /**
   * Bytes that are left to the application on a full disk: this, or a twentieth of the disk if that
   * is less.
   */
  private static final long RESERVE_BYTES = 64L << 20;

  private static final int RESERVE_DIVISOR = 20;

  /** A file that grows page by page checks the free space each time it has grown by this. */
  static final int LOOK_AT_ROOM_BYTES = 1 << 20;

  private final Disk disk;
  private final File folder;

  public DiskRoom(Disk disk, File folder) {
    this.disk = disk;
    this.folder = folder;
  }

  /**
   * Fails rather than fill the disk: an application that cannot write any more is worse.
   *
   * @param bytes about to be written
   * @throws DiskFullException if too little would be left
   */
  public void require(long bytes) throws DiskFullException {
    long total = disk.totalBytes(folder);
    long reserve = reserve(total);
    long free = disk.freeBytes(folder);
    if (total > 0 && free - bytes < reserve) {
      throw new DiskFullException(
          "the disk of "
              + folder
              + " has "
              + free
              + " bytes free; "
              + bytes
              + " are needed, and "
              + reserve
              + " are left to the application");
    }
  }

  /** Bytes that may be written before {@link #require} fails. */
  public long spareBytes() {
    long total = disk.totalBytes(folder);
    return total > 0
        ? Math.max(0, disk.freeBytes(folder) - reserve(total))
        : Long.MAX_VALUE; // the system does not tell
  }

  private static long reserve(long totalBytes) {
    return Math.min(RESERVE_BYTES, totalBytes / RESERVE_DIVISOR);
  }
}
