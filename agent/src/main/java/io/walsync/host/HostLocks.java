package io.walsync.host;

import io.walsync.io.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The POSIX locks this process holds, as the kernel lists them in {@code /proc/locks}. Elsewhere
 * than on Linux nothing is known.
 *
 * <p>Threading: safe. All databases share one reading of the list.
 */
public final class HostLocks {

  /** Shortest time between two readings of the list, however many databases ask. */
  public static final long READ_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Shortest time between two readings as the process ends, when each database asks once. */
  private static final long ENDING_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * The kernel hands the list out page by page and counts lines: when a lock before the next page
   * goes away meanwhile, the line at the boundary is skipped, although its lock is held. With 400
   * locks and thousands of others a second that happened at once in one reading and once in 230
   * pairs of readings; on a loaded machine once in five in a row. So a lock that is missing is
   * looked for {@link #again}.
   */
  private static final int READINGS = 5;

  private static final long FOR_READING = 0;
  private static final long FOR_WRITING = 1;

  private final long intervalNanos;
  private final Clock clock;
  private @Nullable Snapshot latest;

  /** The locks of this process at one moment. */
  public static final class Snapshot {

    private final long takenNanos;
    private final Map<Long, List<long[]>> rangesByInode;

    private Snapshot(long takenNanos, Map<Long, List<long[]>> rangesByInode) {
      this.takenNanos = takenNanos;
      this.rangesByInode = rangesByInode;
    }

    /** Whether this process holds a lock, of whatever kind, on a byte of a file. */
    public boolean holds(long inode, long offset) {
      return holds(inode, offset, false);
    }

    /** Whether this process keeps all others from a byte of a file. */
    public boolean holdsAlone(long inode, long offset) {
      return holds(inode, offset, true);
    }

    private boolean holds(long inode, long offset, boolean isAlone) {
      List<long[]> ranges = rangesByInode.get(inode);
      if (ranges == null) {
        return false;
      }
      for (long[] range : ranges) {
        if (range[0] <= offset && offset <= range[1] && (!isAlone || range[2] == FOR_WRITING)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * @param intervalNanos the least time between two readings of the list
   */
  public HostLocks(long intervalNanos) {
    this(intervalNanos, Clock.SYSTEM);
  }

  public HostLocks(long intervalNanos, Clock clock) {
    this.intervalNanos = intervalNanos;
    this.clock = clock;
  }

  /** Whether this system tells them. */
  public static boolean areTold() {
    return LockList.isTold();
  }

  /** This moment, for {@link #after}. */
  public long now() {
    return clock.nanoTime();
  }

  /**
   * The locks at some moment after {@code nanos}.
   *
   * @param nanos a result of {@link #now}
   * @param isEnding whether this is the last time that somebody asks
   * @return null if the list was last read before that and is not to be read again yet. On a system
   *     without such a list it holds no lock, see {@link #areTold}.
   */
  public synchronized @Nullable Snapshot after(long nanos, boolean isEnding) {
    long now = clock.nanoTime();
    long leastNanos = isEnding ? Math.min(ENDING_INTERVAL_NANOS, intervalNanos) : intervalNanos;
    Snapshot last = latest;
    if (last == null || now - last.takenNanos >= leastNanos) {
      last = again();
    }
    return last.takenNanos - nanos > 0 ? last : null;
  }

  /**
   * The locks now, whenever the list was last read: for a lock that is missing there, which on a
   * machine with many may be only the list's fault.
   */
  public synchronized Snapshot again() {
    latest = new Snapshot(clock.nanoTime(), read());
    return latest;
  }

  private static Map<Long, List<long[]>> read() {
    Map<Long, List<long[]>> ranges = new HashMap<>();
    if (!LockList.isTold()) {
      return ranges;
    }
    for (int i = 0; i < READINGS; i++) {
      try {
        LockList.read(new Own(LockList.ownProcess(), ranges));
      } catch (IOException notTold) {
        return new HashMap<>();
      }
    }
    return ranges;
  }

  /** Notes the locks of one process. */
  static final class Own implements LockList.Visitor {

    private final String process;
    private final Map<Long, List<long[]>> ranges;

    Own(String process, Map<Long, List<long[]>> ranges) {
      this.process = process;
      this.ranges = ranges;
    }

    @Override
    public void held(LockList.Lock lock) {
      if (lock.isOf(process) && lock.isWhole()) {
        long mode = lock.isForWriting() ? FOR_WRITING : FOR_READING;
        add(
            ranges.computeIfAbsent(lock.inode(), i -> new ArrayList<>(2)),
            lock.firstByte(),
            lock.lastByte(),
            mode);
      }
    }

    private static void add(List<long[]> ranges, long first, long last, long mode) {
      for (long[] known : ranges) {
        if (known[0] == first && known[1] == last && known[2] == mode) {
          return;
        }
      }
      ranges.add(new long[] {first, last, mode});
    }
  }
}
