package io.walsync.db.staging;

import io.walsync.io.Disk;
import io.walsync.io.LogTimes;
import java.io.File;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * The {@code fenced} file: since when and why the last process that replicated the database does
 * not any more, for whoever asks. Unlike {@link RefusalFile} it decides nothing: the next process
 * deletes it and tries again.
 */
public final class FencedFile {

  /** Milliseconds since the epoch. */
  private static final Pattern TIME = Pattern.compile("[0-9]{1,18}");

  private final VerdictFile file;

  FencedFile(Disk disk, File file) {
    this.file = new VerdictFile(disk, file, TIME);
  }

  /** Since when and why, for people; null if the database is not fenced from this replica. */
  public String reason(String replicaUrl) throws IOException {
    VerdictFile.Content content = file.read(replicaUrl);
    return content == null
        ? null
        : "since " + LogTimes.text(content.number) + ", " + content.reason;
  }

  /** Nothing is uploaded any more from now on. */
  public void write(String replicaUrl, long nowMillis, String reason) throws IOException {
    file.write(replicaUrl, nowMillis, reason, false);
  }

  /** It is tried again. */
  public void delete() throws IOException {
    file.delete();
  }
}
