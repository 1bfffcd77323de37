package io.walsync.db.staging;

import io.walsync.db.tail.DatabaseImage;
import io.walsync.db.tail.PageOffsets;
import io.walsync.io.AtomicFile;
import io.walsync.io.Disk;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages during one scan, in a file of the staging folder that is deleted afterwards. It is at
 * most as large as the database, since each page is kept once.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class PageStash implements DatabaseImage.Kept, Closeable {

  private final Staging staging;
  private final Disk disk;
  private final File path;
  private final PageOffsets offsets = new PageOffsets();

  /** Null until a page is kept. */
  private @Nullable RandomAccessFile file;

  private long endBytes;

  PageStash(Staging staging, Disk disk, File folder, String name) {
    this.staging = staging;
    this.disk = disk;
    this.path = new File(folder, name + AtomicFile.TEMP_SUFFIX);
  }

  @Override
  public boolean has(int pgno) {
    return offsets.get(pgno) >= 0;
  }

  /** Keeps a page; replaces the version that was kept before. */
  @Override
  public void put(int pgno, byte[] page) throws IOException {
    RandomAccessFile open = file;
    if (open == null) {
      open = disk.open(path);
      file = open;
    }
    long at = offsets.get(pgno);
    if (at < 0) {
      at = endBytes;
      if (at % DiskRoom.LOOK_AT_ROOM_BYTES == 0) {
        staging.requireRoom(DiskRoom.LOOK_AT_ROOM_BYTES);
      }
      endBytes += page.length;
    }
    open.seek(at);
    open.write(page);
    offsets.put(pgno, at);
  }

  /**
   * Reads a page that is kept.
   *
   * @return false if the page is not kept
   */
  @Override
  public boolean get(int pgno, byte[] page) throws IOException {
    long at = offsets.get(pgno);
    RandomAccessFile open = file;
    if (at < 0 || open == null) {
      return false;
    }
    open.seek(at);
    open.readFully(page);
    return true;
  }

  /** The page numbers up to {@code commit}, ascending. */
  public int[] sortedPgnos(int commit) {
    return offsets.sortedPgnos(commit);
  }

  /** Deletes the file. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
      disk.delete(path);
    }
  }
}
