package io.walsync.db.staging;

import io.walsync.io.AtomicFile;
import io.walsync.io.Disk;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The {@code position} file: two slots of {@link #SLOT_BYTES}, written in turn, each a text and
 * zeros behind it. A kill leaves the older slot as it was, so nothing has to be renamed: to rename
 * one file over another makes some file systems write its content to the disk at once, beside the
 * application's own fsyncs.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class PositionFile {

  /** A multiple of the file system's pages, each of which is written whole or not at all. */
  static final int SLOT_BYTES = 8192;

  private static final int SLOT_COUNT = 2;

  private final Disk disk;
  private final File file;

  /** {@link Position#saveCount} of the newer slot. */
  private long saveCount;

  private boolean isDamaged;

  PositionFile(Disk disk, File file) {
    this.disk = disk;
    this.file = file;
  }

  boolean exists() {
    return file.exists();
  }

  /**
   * The position that was saved last; null if none was.
   *
   * @throws DamagedPositionException if a slot is not as it was written
   * @throws IOException if the file cannot be read
   */
  @Nullable Position load() throws IOException {
    isDamaged = false;
    if (!file.exists()) {
      saveCount = 0;
      return null;
    }
    isDamaged = true;
    Position newest = newest(read());
    isDamaged = false;
    saveCount = newest.saveCount();
    return newest;
  }

  private byte[] read() throws IOException {
    byte[] slots = new byte[SLOT_COUNT * SLOT_BYTES];
    int length = (int) Math.min(file.length(), slots.length);
    try (InputStream in = disk.read(file)) {
      new DataInputStream(in).readFully(slots, 0, length);
    }
    return slots;
  }

  private static Position newest(byte[] slots) throws DamagedPositionException {
    Position newest = null;
    for (int slot = 0; slot < SLOT_COUNT; slot++) {
      byte[] text = text(slots, slot * SLOT_BYTES);
      Position saved = text.length == 0 ? null : decode(text);
      if (newest == null || saved != null && saved.saveCount() > newest.saveCount()) {
        newest = saved;
      }
    }
    if (newest == null) {
      throw new DamagedPositionException("the position file is empty");
    }
    return newest;
  }

  private static Position decode(byte[] text) throws DamagedPositionException {
    try {
      return PositionText.decode(text);
    } catch (IOException damaged) {
      // The same as no position: the replica is asked.
      throw new DamagedPositionException(damaged.getMessage());
    }
  }

  private static byte[] text(byte[] slots, int from) {
    int to = from;
    while (to < from + SLOT_BYTES && slots[to] != 0) {
      to++;
    }
    return Arrays.copyOfRange(slots, from, to);
  }

  /**
   * Saves the position. After a kill either the old or the new one is read.
   *
   * @param tableDigest see {@link Position#tableDigest}
   * @param isDurable whether it must survive a power cut: fsync of the file and of its folder
   * @return the position as it was saved
   */
  Position save(Position position, long tableDigest, boolean isDurable) throws IOException {
    if (saveCount > 0 && !file.exists()) {
      // Not created again: somebody has deleted the folder, and must not find a file in it.
      throw new StagingDamagedException(file + " was deleted");
    }
    Position next = position.saved(saveCount + 1, tableDigest, isDurable);
    byte[] text = PositionText.encode(next);
    if (text.length > SLOT_BYTES) {
      throw new IOException("a position of " + text.length + " bytes is too long");
    }
    byte[] slot = Arrays.copyOf(text, SLOT_BYTES);
    try (RandomAccessFile open = disk.open(file)) {
      if (saveCount > 0 && open.length() == 0) {
        disk.delete(file);
        throw new StagingDamagedException(file + " was deleted");
      }
      if (isDamaged) {
        open.setLength(0);
      }
      open.seek(next.saveCount() % SLOT_COUNT * SLOT_BYTES);
      open.write(slot);
      if (isDurable) {
        open.getFD().sync();
      }
    }
    isDamaged = false;
    saveCount = next.saveCount();
    if (isDurable) {
      AtomicFile.syncFolder(file.getParentFile());
    }
    return next;
  }

  void delete() throws IOException {
    saveCount = 0;
    disk.delete(file);
  }
}
