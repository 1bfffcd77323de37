package io.walsync.db.upload;

import io.walsync.io.Clock;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one database has sent to its store since the process began, and how that went.
 *
 * <p>Threading: written on the database's thread, read from any.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
public final class Traffic {

  private static final long NONE = 0;

  private final Clock clock;
  private volatile long fileCount;
  private volatile long byteCount;
  private volatile long failureCount;
  private volatile long replicaFileCount = -1;
  private volatile long replicaByteCount;
  private volatile long checkedMillis;
  private volatile long storedCommitMillis;
  private volatile long oldestMillis;
  private volatile long downSinceMillis;
  private volatile long lastFailureMillis;
  private volatile @Nullable IOException lastFailure;

  Traffic(Clock clock) {
    this.clock = clock;
  }

  void stored(LtxFileInfo file) {
    fileCount++;
    byteCount += file.sizeBytes();
    if (replicaFileCount >= 0) {
      replicaFileCount++;
      replicaByteCount += file.sizeBytes();
    }
    storedCommitMillis = file.createdMillis();
    if (oldestMillis == NONE && file.minTxid().equals(Txid.FIRST)) {
      oldestMillis = file.createdMillis();
    }
  }

  /**
   * Notes what a listing of all levels has found.
   *
   * @param oldest with which the oldest state that can be restored begins; null for none
   */
  void listed(@Nullable LtxFileInfo oldest, List<LtxFileInfo> files) {
    oldestMillis = oldest == null ? NONE : oldest.createdMillis();
    long bytes = 0;
    for (LtxFileInfo file : files) {
      bytes += file.sizeBytes();
    }
    replicaByteCount = bytes;
    replicaFileCount = files.size();
  }

  /** The listing has all that a restore of the newest state needs. */
  void checked() {
    checkedMillis = clock.millis();
  }

  void failed(IOException failure) {
    failureCount++;
    lastFailure = failure;
    lastFailureMillis = clock.millis();
  }

  /** The store does what it is asked, or does not, as people are told. */
  void storeIsDown(boolean isDown) {
    downSinceMillis = isDown ? Math.max(1, clock.millis()) : NONE;
  }

  boolean isStoreDown() {
    return downSinceMillis != NONE;
  }

  /** Files that the store has acknowledged. */
  public long fileCount() {
    return fileCount;
  }

  /** Bytes of these files. */
  public long byteCount() {
    return byteCount;
  }

  /** Files in the replica when it was listed, and uploaded since; negative if unknown. */
  public long replicaFileCount() {
    return replicaFileCount;
  }

  /** Bytes of these files. */
  public long replicaByteCount() {
    return replicaByteCount;
  }

  /** When a listing last had all that a restore of the newest state needs; 0 for never. */
  public long checkedMillis() {
    return checkedMillis;
  }

  /** Requests that failed; each was tried again, unless the database is refused for it. */
  public long failureCount() {
    return failureCount;
  }

  /** When the newest commit in the store was made, milliseconds since the epoch; 0 if unknown. */
  public long storedCommitMillis() {
    return storedCommitMillis;
  }

  /** Of when the oldest state is that can be restored, as when last looked at; 0 if unknown. */
  public long oldestMillis() {
    return oldestMillis;
  }

  /** Since when the store fails, milliseconds since the epoch; 0 if it does not. */
  public long downSinceMillis() {
    return downSinceMillis;
  }

  /** Milliseconds since the epoch; 0 if nothing has failed. */
  public long lastFailureMillis() {
    return lastFailureMillis;
  }

  /** The newest failure of a request, also if it is over; null if there was none. */
  public @Nullable IOException lastFailure() {
    return lastFailure;
  }
}
