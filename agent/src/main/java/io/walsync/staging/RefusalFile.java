package io.walsync.staging;

import io.walsync.io.AtomicFile;
import io.walsync.io.Disk;
import java.io.DataInputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The {@code refused} file: why a database must not be replicated to a replica, until somebody has
 * acted. What it looks like at the next start would be no reason to think otherwise.
 */
public final class RefusalFile {

  private final Disk disk;
  private final File file;

  RefusalFile(Disk disk, File file) {
    this.disk = disk;
    this.file = file;
  }

  /** Where it is or would be. */
  public File path() {
    return file;
  }

  /** Why the database was refused for this replica; null if it was not. */
  public String reason(String replicaUrl) throws IOException {
    if (!file.exists()) {
      return null;
    }
    byte[] bytes = new byte[(int) file.length()];
    try (InputStream in = disk.read(file)) {
      new DataInputStream(in).readFully(bytes);
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    return end >= 0 && text.substring(0, end).equals(replicaUrl)
        ? text.substring(end + 1).trim()
        : null;
  }

  /** The database is refused from now on. */
  public void write(String replicaUrl, String reason) throws IOException {
    File temp = new File(file.getPath() + AtomicFile.TEMP_SUFFIX);
    try (FileOutputStream out = disk.create(temp)) {
      out.write((replicaUrl + "\n" + reason + "\n").getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    }
    disk.rename(temp, file);
  }

  /** It is not refused any more. */
  public void delete() throws IOException {
    disk.delete(file);
  }
}
