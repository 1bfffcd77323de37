package io.walsync.history.compaction;

import io.walsync.io.Backoff;
import io.walsync.io.Clock;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.util.Random;

/** How often a merge makes a request to the store that fails, and how long it waits between. */
final class Tries {

  /** With the waits between, 8 of them take some 10 seconds, as in a restore. */
  private static final int MOST = 8;

  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long MAX_WAIT_MILLIS = 5_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Clock clock;
  private final Random random;

  Tries(Clock clock, Random random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Waits, and returns if the request is to be made again.
   *
   * @param failureCount at least 1
   * @throws IOException the failure, if it is final or there were enough of them
   */
  void awaitNext(IOException failure, int failureCount) throws IOException {
    boolean isFinal =
        failure instanceof MergeStoppedException
            || failure instanceof LtxFileMissingException
            || failure instanceof ReplicaException && ((ReplicaException) failure).isPermanent();
    if (isFinal || failureCount >= MOST) {
      throw failure;
    }
    Backoff backoff = new Backoff(FIRST_WAIT_MILLIS << (failureCount - 1), MAX_WAIT_MILLIS, random);
    clock.pause(backoff.nextMillis() * NANOS_PER_MILLI);
  }
}
