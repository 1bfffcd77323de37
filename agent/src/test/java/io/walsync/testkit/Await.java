package io.walsync.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition that nobody announces, and says which one did not come. */
public final class Await {

  private static final Duration LOOK = Duration.ofMillis(1);

  private Await() {}

  /**
   * Looks about once a millisecond until it is so.
   *
   * @param what is waited for, and how things stand
   * @throws AssertionError if it is not so by then
   */
  public static void until(BooleanSupplier condition, Duration longest, Supplier<String> what) {
    until(condition, LOOK, longest, what);
  }

  /**
   * As above, for what costs more to look at.
   *
   * @param pause between two looks
   */
  public static void until(
      BooleanSupplier condition, Duration pause, Duration longest, Supplier<String> what) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + longest + ": " + what.get());
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }
}
