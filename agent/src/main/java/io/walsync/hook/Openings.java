package io.walsync.hook;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts the threads of this process that are about to get a descriptor of a database file from
 * SQLite: inside an open, an ATTACH, a copy. While there is none, a descriptor of the agent can be
 * closed without dropping a lock that somebody takes meanwhile.
 *
 * <p>A thread that opens counts itself first and then looks for one that closes. A thread that
 * closes announces itself first and then looks for one that opens. So one of the two sees the
 * other. The one that opens goes first, unless the other is inside the one system call that closes.
 *
 * <p>Threading: safe; {@link #accept} on the application's threads, without a lock.
 */
public final class Openings implements LongConsumer {

  /** The instance for all of this process. */
  public static final Openings OF_PROCESS = new Openings();

  /** More than any system call takes that closes a file nobody has written to. */
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  /** One attempt to close a descriptor. */
  private static final class Closing {
    private static final int POSSIBLE = 0;
    private static final int GIVEN_UP = 1;
    private static final int UNDER_WAY = 2;

    private final AtomicInteger state = new AtomicInteger(POSSIBLE);
    private volatile boolean isOver;

    boolean begin() {
      return state.compareAndSet(POSSIBLE, UNDER_WAY);
    }

    boolean giveUp() {
      return state.compareAndSet(POSSIBLE, GIVEN_UP) || state.get() == GIVEN_UP;
    }
  }

  private final AtomicInteger insideCount = new AtomicInteger();
  private final AtomicReference<Closing> closing = new AtomicReference<>();

  /** Tells whether every open of the process is reported; null while no open is. */
  private volatile @Nullable BooleanSupplier isComplete;

  /**
   * Called when opens are reported from now on.
   *
   * @param isComplete tells whether no open was missed so far
   */
  public void areTold(BooleanSupplier isComplete) {
    this.isComplete = isComplete;
  }

  /**
   * @param change 1 before, -1 after whatever may open a database file
   */
  @Override
  public void accept(long change) {
    insideCount.addAndGet((int) change);
    Closing other = change > 0 ? closing.get() : null;
    if (other != null && !other.giveUp()) {
      long end = System.nanoTime() + MAX_WAIT_NANOS;
      while (!other.isOver && System.nanoTime() - end < 0) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  /**
   * Has a descriptor closed, unless somebody is about to open a database.
   *
   * @param close makes sure that nobody else has a descriptor of the file, then asks the supplier
   *     that it is given, and closes only if that returns true; returns whether it did
   */
  public boolean closeBetween(Predicate<BooleanSupplier> close) {
    BooleanSupplier complete = isComplete;
    Closing mine = new Closing();
    if (complete == null || !closing.compareAndSet(null, mine)) {
      return false;
    }
    try {
      return insideCount.get() == 0 && complete.getAsBoolean() && close.test(mine::begin);
    } finally {
      mine.isOver = true;
      closing.set(null);
    }
  }
}
