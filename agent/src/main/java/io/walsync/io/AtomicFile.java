package io.walsync.io;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Renames files in one step and makes their names durable. */
public final class AtomicFile {

  /** Ending of files that are being written; leftovers of a crash may be deleted. */
  public static final String TEMP_SUFFIX = ".tmp";

  private AtomicFile() {}

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
