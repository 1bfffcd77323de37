package io.walsync.db.staging;

import io.walsync.io.Disk;
import io.walsync.io.LogTimes;
import java.io.File;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code fenced} file: since when and why the last process that replicated the database does
 * not any more, for whoever asks. Unlike {@link RefusalFile} it decides nothing: the next process
 * tries again. It is deleted once that is known to go on with the replica, or is refused.
 */
public final class FencedFile {

  /** Milliseconds since the epoch. */
  private static final Pattern TIME = Pattern.compile("[0-9]{1,18}");

  private final VerdictFile file;

  FencedFile(Disk disk, File file) {
    this.file = new VerdictFile(disk, file, TIME);
  }

  /** Since when and why, for people; null if the database is not fenced from this replica. */
  public @Nullable String reason(String replicaUrl) throws IOException {
    VerdictFile.Content content = file.read(replicaUrl);
    return content == null
        ? null
        : "since " + LogTimes.text(content.number) + ", " + content.reason;
  }

  /** Nothing is uploaded any more from now on, or still, if it has been so since before. */
  public void write(String replicaUrl, long nowMillis, String reason) throws IOException {
    VerdictFile.Content before = file.read(replicaUrl);
    file.write(replicaUrl, before == null ? nowMillis : before.number, reason, false);
  }

  /** Where it is or would be. */
  public File path() {
    return file.path();
  }

  /** It is not fenced any more. */
  public void delete() throws IOException {
    file.delete();
  }
}
