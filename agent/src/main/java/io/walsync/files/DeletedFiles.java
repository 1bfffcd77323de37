package io.walsync.files;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Closes descriptors of database files and wal-indexes that are deleted, so that their room on the
 * disk is free and an application that makes and deletes databases does not run out of descriptors.
 *
 * <p>A close drops the process's locks on the file. No lock of the application is dropped if the
 * agent's descriptor is the only one that the process has on the file and no other can come: a file
 * without a name cannot be opened. An {@code open} that found the name before it was removed may
 * still be running, so the name must have been gone for a while. The kernel's list of descriptors
 * decides, not what the agent knows of connections; where the kernel has no such list, nothing is
 * closed.
 *
 * <p>Threading: safe.
 */
public final class DeletedFiles {

  /** Longer than any {@code open} takes from finding a name to having a descriptor. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * After a reading of the kernel's list the next one waits this many times as long as the reading
   * took.
   */
  private static final int PAUSE_FACTOR = 50;

  /** When a file was first seen without a name. */
  private final IdentityHashMap<KeptFile, Long> deletedAtNanos = new IdentityHashMap<>();

  private final long graceNanos;
  private long notBeforeNanos = System.nanoTime();

  public DeletedFiles() {
    this(GRACE_NANOS);
  }

  DeletedFiles(long graceNanos) {
    this.graceNanos = graceNanos;
  }

  /**
   * Closes every descriptor that may be closed now.
   *
   * @param isOpen whether a connection to a file, by its {@link FileIdentity#key}, is known
   * @return whether another call soon would close more
   */
  public synchronized boolean close(Predicate<Object> isOpen) {
    List<KeptFile> missing = KeptFile.missing();
    deletedAtNanos.keySet().retainAll(missing);
    long begin = System.nanoTime();
    if (missing.isEmpty() || begin - notBeforeNanos < 0) {
      return !missing.isEmpty();
    }
    Map<Object, Integer> descriptorCounts = Descriptors.ofDeletedFiles();
    long end = System.nanoTime();
    notBeforeNanos = end + (end - begin) * PAUSE_FACTOR;
    boolean isMore = false;
    for (KeptFile file : missing) {
      if (!descriptorCounts.containsKey(file.key())) {
        deletedAtNanos.remove(file);
        continue;
      }
      Long since = deletedAtNanos.putIfAbsent(file, end);
      boolean isOursAlone = descriptorCounts.get(file.key()) == 1 && !isOpen.test(file.key());
      boolean isOver = since != null && begin - since > graceNanos;
      if (!isOursAlone || !isOver || !file.close()) {
        isMore |= isOursAlone;
      } else {
        deletedAtNanos.remove(file);
      }
    }
    return isMore;
  }
}
