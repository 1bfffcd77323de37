package io.walsync.db.staging;

import io.walsync.io.AtomicFile;
import io.walsync.io.Disk;
import io.walsync.io.LogTimes;
import java.io.DataInputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The {@code fenced} file: since when and why the last process that replicated the database does
 * not any more, for whoever asks. Unlike {@link RefusalFile} it decides nothing: the next process
 * deletes it and tries again.
 */
public final class FencedFile {

  /** Replica, milliseconds since the epoch, reason. */
  private static final int LINE_COUNT = 3;

  private final Disk disk;
  private final File file;

  FencedFile(Disk disk, File file) {
    this.disk = disk;
    this.file = file;
  }

  /** Since when and why, for people; null if the database is not fenced from this replica. */
  public String reason(String replicaUrl) throws IOException {
    if (!file.exists()) {
      return null;
    }
    byte[] bytes = new byte[(int) file.length()];
    try (InputStream in = disk.read(file)) {
      new DataInputStream(in).readFully(bytes);
    }
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", LINE_COUNT);
    boolean isWhole = lines.length == LINE_COUNT && lines[1].matches("[0-9]{1,18}");
    return isWhole && lines[0].equals(replicaUrl)
        ? "since " + LogTimes.text(Long.parseLong(lines[1])) + ", " + lines[2].trim()
        : null;
  }

  /** Nothing is uploaded any more from now on. */
  public void write(String replicaUrl, long nowMillis, String reason) throws IOException {
    File temp = new File(file.getPath() + AtomicFile.TEMP_SUFFIX);
    try (FileOutputStream out = disk.create(temp)) {
      String text = replicaUrl + "\n" + nowMillis + "\n" + reason + "\n";
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    disk.rename(temp, file);
  }

  /** It is tried again. */
  public void delete() throws IOException {
    disk.delete(file);
  }
}
