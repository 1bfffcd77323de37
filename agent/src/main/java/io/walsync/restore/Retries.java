package io.walsync.restore;

import io.walsync.io.Backoff;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.util.Random;

/** Decides whether a failed request is made again, and waits before it is. For one thread. */
final class Retries {

  /**
   * Tries in a row that bring not one byte. With the waits between, 8 of them take some 10 seconds.
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

  /** Called for a new request, and after one that brought bytes: earlier failures do not count. */
  void reset() {
    backoff.reset();
  }

  /**
   * Waits before the caller tries again.
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
