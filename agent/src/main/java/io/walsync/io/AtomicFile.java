package io.walsync.io;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Replaces small files so that a reader sees the old content or the new, never a part. */
public final class AtomicFile {

  /** Ending of files that are being written; leftovers of a crash may be deleted. */
  public static final String TEMP_SUFFIX = ".tmp";

  private AtomicFile() {}

  /**
   * Writes {@code content} beside {@code target} and renames it over it.
   *
   * @param isDurable whether content and name must survive a power cut: fsync of the file and of
   *     its folder
   */
  public static void write(Disk disk, File target, byte[] content, boolean isDurable)
      throws IOException {
    File temp = new File(target.getPath() + TEMP_SUFFIX);
    try (FileOutputStream out = disk.create(temp)) {
      out.write(content);
      if (isDurable) {
        out.getFD().sync();
      }
    }
    disk.rename(temp, target);
    if (isDurable) {
      syncFolder(target.getParentFile());
    }
  }

  /** Renames atomically, replacing what stands there. */
  public static void rename(File from, File to) throws IOException {
    Files.move(from.toPath(), to.toPath(), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Makes the names in a folder durable; does nothing where a folder cannot be opened (Windows).
   */
  public static void syncFolder(File folder) {
    try (FileChannel channel = FileChannel.open(folder.toPath(), StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException notSupportedHere) {
      return;
    }
  }
}
