package io.walsync.db.settings;

import java.util.HashMap;
import java.util.Map;

/**
 * Bytes that all databases of this process have staged together, and their bound: a thousand
 * databases, each within its own bound, could still fill the disk.
 *
 * <p>Threading: safe.
 */
public final class StagingTotal {

  private final long boundBytes;
  private final Map<Object, Long> shares = new HashMap<>();
  private long totalBytes;

  /**
   * @param boundBytes over all databases
   */
  public StagingTotal(long boundBytes) {
    this.boundBytes = boundBytes;
  }

  public long boundBytes() {
    return boundBytes;
  }

  /**
   * Notes the bytes that one database has staged now; returns whether all together are within the
   * bound.
   */
  public boolean hasRoom(Object database, long stagedBytes) {
    return hasRoom(database, stagedBytes, 0);
  }

  /**
   * As {@link #hasRoom(Object, long)}, if so many bytes more were staged, which are not noted yet.
   */
  public synchronized boolean hasRoom(Object database, long stagedBytes, long moreBytes) {
    Long before = stagedBytes == 0 ? shares.remove(database) : shares.put(database, stagedBytes);
    totalBytes += stagedBytes - (before == null ? 0 : before);
    return totalBytes + moreBytes <= boundBytes;
  }
}
