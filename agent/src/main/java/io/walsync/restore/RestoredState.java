package io.walsync.restore;

import io.walsync.io.AtomicFile;
import io.walsync.ltx.Txid;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A note that a restore leaves for the agent: at this TXID the database of the replica had this
 * checksum. An agent that finds a database of that checksum knows where to go on without reading
 * the replica; another file in its place has another checksum. The note may also say that
 * replication is to go on from this state although the replica has newer ones.
 *
 * <p>One line of text in the file {@code .<name>-walsync-restored} beside the database, which ends
 * with the CRC-32 of the text before it. It is not in the staging folder: the user who restores may
 * not be the application's, and a folder of theirs would be in its way.
 */
public final class RestoredState {

  private static final String SUFFIX = "-walsync-restored";
  private static final String VERSION = "1";

  /** The first field of a note whose state is wanted as the newest. */
  private static final String NEWEST_VERSION = "2";

  private static final int FIELD_COUNT = 7;

  private final String replicaUrl;
  private final Txid txid;
  private final long newestSizeBytes;
  private final int pageSize;
  private final long checksum;
  private final boolean isWantedAsNewest;

  /**
   * @param newestSizeBytes size of the file that ends with the TXID
   * @param checksum checksum of the database, as LTX defines it
   */
  public RestoredState(
      String replicaUrl, Txid txid, long newestSizeBytes, int pageSize, long checksum) {
    this(replicaUrl, txid, newestSizeBytes, pageSize, checksum, false);
  }

  /** What a restore has made, whose checksum is known. */
  public static RestoredState of(String replicaUrl, RestoreResult result) {
    return new RestoredState(
        replicaUrl,
        result.txid(),
        result.plan().newest().sizeBytes(),
        result.pageSize(),
        result.checksum());
  }

  private RestoredState(
      String replicaUrl,
      Txid txid,
      long newestSizeBytes,
      int pageSize,
      long checksum,
      boolean isWantedAsNewest) {
    this.isWantedAsNewest = isWantedAsNewest;
    this.replicaUrl = replicaUrl;
    this.txid = txid;
    this.newestSizeBytes = newestSizeBytes;
    this.pageSize = pageSize;
    this.checksum = checksum;
  }

  public String replicaUrl() {
    return replicaUrl;
  }

  public Txid txid() {
    return txid;
  }

  /**
   * Bytes of the file that ends with the TXID. If it has another size, the replica is another one
   * by now.
   */
  public long newestSizeBytes() {
    return newestSizeBytes;
  }

  public int pageSize() {
    return pageSize;
  }

  /** Checksum of the database, as LTX defines it. */
  public long checksum() {
    return checksum;
  }

  /** A copy with another value of {@link #isWantedAsNewest}. */
  public RestoredState wantedAsNewest(boolean isWanted) {
    return new RestoredState(replicaUrl, txid, newestSizeBytes, pageSize, checksum, isWanted);
  }

  /** Whether replication is to go on from this state although the replica has gone on. */
  public boolean isWantedAsNewest() {
    return isWantedAsNewest;
  }

  /** Where the note for a database is, symbolic links to it resolved. */
  static File fileFor(File database) throws IOException {
    File resolved = database.getCanonicalFile();
    return new File(resolved.getParentFile(), "." + resolved.getName() + SUFFIX);
  }

  /** Leaves the note, durably. */
  public void write(File database) throws IOException {
    File file = fileFor(database);
    File temp = new File(file.getPath() + AtomicFile.TEMP_SUFFIX);
    try (FileOutputStream out = new FileOutputStream(temp)) {
      out.write(text().getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    }
    AtomicFile.rename(temp, file);
    AtomicFile.syncFolder(file.getParentFile());
  }

  /** The note that was left for a database, or null if there is none that can be read. */
  public static @Nullable RestoredState read(File database) {
    try {
      File file = fileFor(database);
      return file.exists()
          ? parse(new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8))
          : null;
    } catch (IOException notForUs) {
      return null;
    }
  }

  /** When the note for a database was left, milliseconds since the epoch; 0 if there is none. */
  public static long leftMillis(File database) throws IOException {
    return fileFor(database).lastModified();
  }

  /** Deletes the note after use. One that cannot be deleted does no harm: it is not used again. */
  public static void delete(File database) {
    try {
      Files.deleteIfExists(fileFor(database).toPath());
    } catch (IOException staysForNobody) {
      return;
    }
  }

  private String text() {
    String line =
        String.join(
            " ",
            isWantedAsNewest ? NEWEST_VERSION : VERSION,
            txid.toString(),
            Long.toString(newestSizeBytes),
            Integer.toString(pageSize),
            Long.toHexString(checksum),
            // The URL comes last, since it may hold spaces.
            replicaUrl);
    return line + " " + crcOf(line) + "\n";
  }

  private static @Nullable RestoredState parse(String text) {
    String line = text.trim();
    int end = line.lastIndexOf(' ');
    if (end < 0 || !crcOf(line.substring(0, end)).equals(line.substring(end + 1))) {
      return null;
    }
    String[] fields = line.substring(0, end).split(" ", FIELD_COUNT - 1);
    boolean isWantedAsNewest = fields[0].equals(NEWEST_VERSION);
    if (fields.length < FIELD_COUNT - 1 || !isWantedAsNewest && !fields[0].equals(VERSION)) {
      return null;
    }
    try {
      return new RestoredState(
          fields[5],
          Txid.parse(fields[1]),
          Long.parseLong(fields[2]),
          Integer.parseInt(fields[3]),
          Long.parseUnsignedLong(fields[4], 16),
          isWantedAsNewest);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String crcOf(String line) {
    CRC32 crc = new CRC32();
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    crc.update(bytes, 0, bytes.length);
    return Long.toHexString(crc.getValue());
  }
}
