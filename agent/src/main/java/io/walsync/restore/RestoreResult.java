package io.walsync.restore;

import io.walsync.ltx.Txid;

/** The outcome of a restore. */
public final class RestoreResult {

  private final RestorePlan plan;
  private final long timestampMillis;
  private final int pageSize;
  private final int pageCount;
  private final long checksum;
  private final long durationMillis;

  RestoreResult(
      RestorePlan plan,
      long timestampMillis,
      int pageSize,
      int pageCount,
      long checksum,
      long durationMillis) {
    this.checksum = checksum;
    this.plan = plan;
    this.timestampMillis = timestampMillis;
    this.pageSize = pageSize;
    this.pageCount = pageCount;
    this.durationMillis = durationMillis;
  }

  /** The files it was restored from. */
  public RestorePlan plan() {
    return plan;
  }

  public Txid txid() {
    return plan.txid();
  }

  /** Time of the restored state, from the newest file; milliseconds since the Unix epoch. */
  public long timestampMillis() {
    return timestampMillis;
  }

  /** Bytes of a page. */
  public int pageSize() {
    return pageSize;
  }

  /** Pages of the restored database, the lock page included. */
  public int pageCount() {
    return pageCount;
  }

  /** Size of the restored database in bytes. */
  public long sizeBytes() {
    return (long) pageCount * pageSize;
  }

  /**
   * Checksum of the database, as LTX defines it; meaningless unless {@link
   * RestoreOptions#withChecksum} asked for it.
   */
  public long checksum() {
    return checksum;
  }

  public long durationMillis() {
    return durationMillis;
  }
}
