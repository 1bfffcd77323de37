package io.walsync.replica;

import io.walsync.ltx.Txid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One LTX file as a replica lists it: where it stands in the chain, its size and its time. */
public final class LtxFileInfo {

  /** Raw syncs, one TXID a file. */
  public static final int LEVEL_L0 = 0;

  /** Full snapshots, {@code 1-n}. */
  public static final int LEVEL_SNAPSHOT = 9;

  private static final int[] LEVELS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

  /** Every level that a replica may have files on, the lowest first. */
  public static int[] levels() {
    return LEVELS.clone();
  }

  private static final int TXID_LENGTH = 16;
  private static final String FILE_NAME_SUFFIX = ".ltx";
  private static final int FILE_NAME_LENGTH = 2 * TXID_LENGTH + 1 + FILE_NAME_SUFFIX.length();

  private final int level;
  private final Txid minTxid;
  private final Txid maxTxid;
  private final long sizeBytes;
  private final long createdMillis;
  private final long storedMillis;

  /**
   * @param level 0 to 9
   * @param sizeBytes size of the object or file
   * @param createdMillis the time in the LTX header where the store reports it, else the store's
   *     own time of the object; milliseconds since the Unix epoch
   */
  public LtxFileInfo(int level, Txid minTxid, Txid maxTxid, long sizeBytes, long createdMillis) {
    this(level, minTxid, maxTxid, sizeBytes, createdMillis, Long.MAX_VALUE);
  }

  private LtxFileInfo(
      int level,
      Txid minTxid,
      Txid maxTxid,
      long sizeBytes,
      long createdMillis,
      long storedMillis) {
    if (level < LEVEL_L0 || level > LEVEL_SNAPSHOT) {
      throw new IllegalArgumentException("level " + level + " is not between 0 and 9");
    }
    if (maxTxid.compareTo(minTxid) < 0) {
      throw new IllegalArgumentException("max TXID " + maxTxid + " is below min TXID " + minTxid);
    }
    this.level = level;
    this.minTxid = minTxid;
    this.maxTxid = maxTxid;
    this.sizeBytes = sizeBytes;
    this.createdMillis = createdMillis;
    this.storedMillis = storedMillis;
  }

  /**
   * What a store lists under {@code fileName}, or null if that is not the name of an LTX file
   * (temporary files of Litestream and ours, anything else somebody put there).
   *
   * @throws IllegalArgumentException if {@code level} is not between 0 and 9
   */
  public static @Nullable LtxFileInfo parse(
      int level, String fileName, long sizeBytes, long createdMillis) {
    boolean hasShape =
        fileName.length() == FILE_NAME_LENGTH
            && fileName.charAt(TXID_LENGTH) == '-'
            && fileName.endsWith(FILE_NAME_SUFFIX);
    if (!hasShape) {
      return null;
    }
    Txid min;
    Txid max;
    try {
      min = Txid.parse(fileName.substring(0, TXID_LENGTH));
      max = Txid.parse(fileName.substring(TXID_LENGTH + 1, 2 * TXID_LENGTH + 1));
    } catch (IllegalArgumentException e) {
      return null;
    }
    boolean isRange = max.compareTo(min) >= 0;
    return isRange ? new LtxFileInfo(level, min, max, sizeBytes, createdMillis) : null;
  }

  public int level() {
    return level;
  }

  /** Whether it is a whole image of the database, with which a chain of files may begin. */
  public boolean isBase() {
    return level == LEVEL_SNAPSHOT && minTxid.equals(Txid.FIRST);
  }

  /** A level-9 file that begins later than TXID 1 is none of Litestream's, nor of ours. */
  public boolean isUsable() {
    return level != LEVEL_SNAPSHOT || isBase();
  }

  public Txid minTxid() {
    return minTxid;
  }

  public Txid maxTxid() {
    return maxTxid;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  public long createdMillis() {
    return createdMillis;
  }

  /**
   * By when the store had taken the file, by the store's own clock; {@link Long#MAX_VALUE} if it
   * does not say. Not part of what a file is: a copy of it was stored later.
   */
  public long storedMillis() {
    return storedMillis;
  }

  /** The same file with another time. */
  public LtxFileInfo withCreatedMillis(long millis) {
    return new LtxFileInfo(level, minTxid, maxTxid, sizeBytes, millis, storedMillis);
  }

  /** The same file with another size. */
  public LtxFileInfo withSizeBytes(long bytes) {
    return new LtxFileInfo(level, minTxid, maxTxid, bytes, createdMillis, storedMillis);
  }

  /** The same file, of which the store says when it had it. */
  public LtxFileInfo withStoredMillis(long millis) {
    return new LtxFileInfo(level, minTxid, maxTxid, sizeBytes, createdMillis, millis);
  }

  /** The name every replica type gives the file: {@code <min>-<max>.ltx}. */
  public String fileName() {
    return minTxid + "-" + maxTxid + FILE_NAME_SUFFIX;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof LtxFileInfo)) {
      return false;
    }
    LtxFileInfo that = (LtxFileInfo) other;
    return level == that.level
        && minTxid.equals(that.minTxid)
        && maxTxid.equals(that.maxTxid)
        && sizeBytes == that.sizeBytes
        && createdMillis == that.createdMillis;
  }

  @Override
  public int hashCode() {
    return Objects.hash(level, minTxid, maxTxid, sizeBytes, createdMillis);
  }

  @Override
  public String toString() {
    return "level " + level + " " + fileName() + " (" + sizeBytes + " bytes)";
  }
}
