package io.walsync.replica;

import io.walsync.ltx.Txid;
import java.util.Objects;

/** One LTX file as a replica lists it: where it stands in the chain, its size and its time. */
public final class LtxFileInfo {

  /** Raw syncs, one TXID a file. */
  public static final int LEVEL_L0 = 0;

  /** Full snapshots, {@code 1-n}. */
  public static final int LEVEL_SNAPSHOT = 9;

  private final int level;
  private final Txid minTxid;
  private final Txid maxTxid;
  private final long sizeBytes;
  private final long createdMillis;

  /**
   * @param level 0 to 9
   * @param sizeBytes size of the object or file
   * @param createdMillis the time in the LTX header where the store reports it, else the store's
   *     own time of the object; milliseconds since the Unix epoch
   */
  public LtxFileInfo(int level, Txid minTxid, Txid maxTxid, long sizeBytes, long createdMillis) {
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
  }

  public int level() {
    return level;
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

  /** The name every replica type gives the file: {@code <min>-<max>.ltx}. */
  public String fileName() {
    return minTxid + "-" + maxTxid + ".ltx";
  }

  @Override
  public boolean equals(Object other) {
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
