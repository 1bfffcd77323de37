package io.walsync.db.staging;

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

  /** Replica, TXID of a cut (or, counted down from -1, of what could not be decided), reason. */
  private static final int LINE_COUNT = 3;

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
    String[] lines = lines(replicaUrl);
    return lines == null ? null : lines[2].trim();
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
    String[] lines = lines(replicaUrl);
    return lines == null ? 0 : Long.parseLong(lines[1]);
  }

  private String[] lines(String replicaUrl) throws IOException {
    if (!file.exists()) {
      return null;
    }
    byte[] bytes = new byte[(int) file.length()];
    try (InputStream in = disk.read(file)) {
      new DataInputStream(in).readFully(bytes);
    }
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", LINE_COUNT);
    boolean isWhole = lines.length == LINE_COUNT && lines[1].matches("-?[0-9]{1,18}");
    return isWhole && lines[0].equals(replicaUrl) ? lines : null;
  }

  /**
   * The database is refused from now on.
   *
   * @param cutAfterTxid see {@link #cutAfterTxid}
   */
  public void write(String replicaUrl, long cutAfterTxid, String reason) throws IOException {
    save(replicaUrl, cutAfterTxid, reason);
  }

  /**
   * Likewise, because it could not be decided.
   *
   * @param txid see {@link #undecidedAfterTxid}
   */
  public void writeUndecided(String replicaUrl, long txid, String reason) throws IOException {
    save(replicaUrl, -1 - txid, reason);
  }

  private void save(String replicaUrl, long number, String reason) throws IOException {
    File temp = new File(file.getPath() + AtomicFile.TEMP_SUFFIX);
    try (FileOutputStream out = disk.create(temp)) {
      String text = replicaUrl + "\n" + number + "\n" + reason + "\n";
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    }
    disk.rename(temp, file);
  }

  /** It is not refused any more. */
  public void delete() throws IOException {
    disk.delete(file);
  }
}
