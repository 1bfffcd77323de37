package io.walsync.db.staging;

import io.walsync.io.Disk;
import java.io.File;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code refused} file: why a database must not be replicated to a replica, until somebody has
 * acted. What it looks like at the next start would be no reason to think otherwise.
 */
public final class RefusalFile {

  /** TXID of a cut; or, counted down from -1, of what could not be decided. */
  private static final Pattern TXID = Pattern.compile("-?[0-9]{1,18}");

  private final VerdictFile file;

  RefusalFile(Disk disk, File file) {
    this.file = new VerdictFile(disk, file, TXID);
  }

  /** Where it is or would be. */
  public File path() {
    return file.path();
  }

  /** Why the database was refused for this replica; null if it was not. */
  public @Nullable String reason(String replicaUrl) throws IOException {
    VerdictFile.Content content = file.read(replicaUrl);
    return content == null ? null : content.reason;
  }

  /** The TXID after which a power cut has cut the database off; 0 if that is not the reason. */
  public long cutAfterTxid(String replicaUrl) throws IOException {
    return Math.max(0, number(replicaUrl));
  }

  /**
   * The TXID up to which the database is known to come from the replica, where it could not be told
   * whether it comes from what follows; -1 if that is not the reason.
   */
  public long undecidedAfterTxid(String replicaUrl) throws IOException {
    return Math.max(-1, -number(replicaUrl) - 1);
  }

  private long number(String replicaUrl) throws IOException {
    VerdictFile.Content content = file.read(replicaUrl);
    return content == null ? 0 : content.number;
  }

  /**
   * The database is refused from now on.
   *
   * @param cutAfterTxid see {@link #cutAfterTxid}
   */
  public void write(String replicaUrl, long cutAfterTxid, String reason) throws IOException {
    file.write(replicaUrl, cutAfterTxid, reason, true);
  }

  /**
   * Likewise, because it could not be decided.
   *
   * @param txid see {@link #undecidedAfterTxid}
   */
  public void writeUndecided(String replicaUrl, long txid, String reason) throws IOException {
    file.write(replicaUrl, -1 - txid, reason, true);
  }

  /** It was decided again as the file says it. */
  public void stands() {
    // Where the time cannot be set, only the words about a restore in between are older.
    file.path().setLastModified(System.currentTimeMillis());
  }

  /** It is not refused any more. */
  public void delete() throws IOException {
    file.delete();
  }
}
