package io.walsync.db.staging;

import io.walsync.io.AtomicFile;
import io.walsync.io.Disk;
import java.io.DataInputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of the staging folder that says of one replica what was decided about the database: three
 * lines, the replica's URL, a number, and the reason for people. It is replaced as a whole.
 */
final class VerdictFile {

  private static final int LINE_COUNT = 3;

  private final Disk disk;
  private final File file;
  private final Pattern number;

  /** What the file says. */
  static final class Content {
    final long number;
    final String reason;

    private Content(long number, String reason) {
      this.number = number;
      this.reason = reason;
    }
  }

  /**
   * @param number the numbers that the file may hold; with any other it says nothing
   */
  VerdictFile(Disk disk, File file, Pattern number) {
    this.disk = disk;
    this.file = file;
    this.number = number;
  }

  File path() {
    return file;
  }

  /** Null if there is no such file, or it is damaged, or about another replica. */
  @Nullable Content read(String replicaUrl) throws IOException {
    if (!file.exists()) {
      return null;
    }
    byte[] bytes = new byte[(int) file.length()];
    try (InputStream in = disk.read(file)) {
      new DataInputStream(in).readFully(bytes);
    }
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", LINE_COUNT);
    boolean isWhole = lines.length == LINE_COUNT && number.matcher(lines[1]).matches();
    return isWhole && lines[0].equals(replicaUrl)
        ? new Content(Long.parseLong(lines[1]), lines[2].trim())
        : null;
  }

  /**
   * @param isDurable whether it must survive a power cut from now on
   */
  void write(String replicaUrl, long value, String reason, boolean isDurable) throws IOException {
    File temp = new File(file.getPath() + AtomicFile.TEMP_SUFFIX);
    try (FileOutputStream out = disk.create(temp)) {
      String text = replicaUrl + "\n" + value + "\n" + reason + "\n";
      out.write(text.getBytes(StandardCharsets.UTF_8));
      if (isDurable) {
        out.getFD().sync();
      }
    }
    disk.rename(temp, file);
  }

  void delete() throws IOException {
    disk.delete(file);
  }
}
