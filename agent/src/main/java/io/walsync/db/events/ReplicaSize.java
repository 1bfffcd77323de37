package io.walsync.db.events;

/** What a replica holds: as when it was last listed, and what this process has added. Immutable. */
public final class ReplicaSize {

  /** It was not listed yet. */
  public static final ReplicaSize UNKNOWN = new ReplicaSize(-1, -1, 0);

  private final long fileCount;
  private final long byteCount;
  private final long checkedMillis;

  /**
   * @param fileCount negative for unknown
   * @param byteCount likewise
   * @param checkedMillis milliseconds since the epoch; 0 for never
   */
  public ReplicaSize(long fileCount, long byteCount, long checkedMillis) {
    this.fileCount = fileCount;
    this.byteCount = byteCount;
    this.checkedMillis = checkedMillis;
  }

  /** LTX files of all levels; negative if unknown. */
  public long fileCount() {
    return fileCount;
  }

  /** Bytes of these files; negative if unknown. */
  public long byteCount() {
    return byteCount;
  }

  /** When a listing last had all files that a restore of the newest state needs; 0 for never. */
  public long checkedMillis() {
    return checkedMillis;
  }
}
