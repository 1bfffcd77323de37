package io.walsync.restore;

import io.walsync.io.Backoff;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.util.Random;

/** Decides whether a failed request is made again, and waits before it is. For one thread. */
final class Retries {

  /**
   * Tries that bring not one byte before it is given up: 8 of them, with the waits between, span
   * some 10 seconds.
   */
  private static final int MAX_FRUITLESS_TRIES = 8;

  private final Abort abort;
  private final RestoreProgress progress;
  private final Backoff backoff;

  Retries(Abort abort, RestoreProgress progress, RetryWaits waits, Random random) {
    this.abort = abort;
    this.progress = progress;
    backoff = new Backoff(waits.firstMillis, waits.maxMillis, random);
  }

  /** A new request, or one that got on: failures before do not count. */
  void reset() {
    backoff.reset();
  }

  /**
   * Waits, so that the caller can try again.
   *
   * @throws IOException {@code failure}, if another try is pointless or there were enough
   */
  void waitAfter(IOException failure) throws IOException {
    abort.check();
    boolean isFinal =
        failure instanceof LtxFileMissingException
            || failure instanceof DamagedFileException
            || failure instanceof ReplicaException && ((ReplicaException) failure).isPermanent();
    if (isFinal || backoff.failureCount() + 1 >= MAX_FRUITLESS_TRIES) {
      throw failure;
    }
    long waitMillis = backoff.nextMillis();
    progress.retrying(failure, waitMillis);
    abort.pause(waitMillis);
  }
}
