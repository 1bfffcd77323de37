package io.walsync.restore;

import io.walsync.ltx.Txid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which state of a database to restore. */
public final class RestoreTarget {

  private static final RestoreTarget LATEST = new RestoreTarget(null, Long.MAX_VALUE);

  private final @Nullable Txid txid;
  private final long beforeMillis;

  private RestoreTarget(@Nullable Txid txid, long beforeMillis) {
    this.txid = txid;
    this.beforeMillis = beforeMillis;
  }

  /** Everything the replica holds. */
  public static RestoreTarget latest() {
    return LATEST;
  }

  /** Exactly this TXID. TXIDs inside a merged file cannot be restored any more. */
  public static RestoreTarget at(Txid txid) {
    return new RestoreTarget(txid, Long.MAX_VALUE);
  }

  /**
   * The newest state older than a moment. A file counts if its own time lies strictly before; a
   * compacted file has the time of the newest it was made of, so the result can be older than
   * possible by the span of one compacted file, but never newer. A time that lies in the future is
   * corrected, see {@link ClockDoubt}.
   *
   * @param millis since the Unix epoch; later than all files means the latest state
   */
  public static RestoreTarget before(long millis) {
    return new RestoreTarget(null, millis);
  }

  boolean isLatest() {
    return txid == null && !isTime();
  }

  boolean isTime() {
    return txid == null && beforeMillis != Long.MAX_VALUE;
  }

  /** The TXID wanted, or null. */
  @Nullable Txid txid() {
    return txid;
  }

  long beforeMillis() {
    return beforeMillis;
  }

  /** The moment asked for, in milliseconds since the Unix epoch; null if none was. */
  public @Nullable Long moment() {
    return isTime() ? beforeMillis : null;
  }

  @Override
  public String toString() {
    if (txid != null) {
      return "TXID " + txid;
    }
    return isTime() ? "the state before " + Instant.ofEpochMilli(beforeMillis) : "the latest state";
  }
}
