package io.walsync.restore;

import io.walsync.io.Backoff;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;

/**
 * Reads ranges of replica files for one thread. A connection that breaks is taken up again at the
 * byte where it broke.
 */
final class RangeFetch {

  /**
   * Tries that bring not one byte before it is given up: 8 of them, with the waits between, span
   * some 10 seconds.
   */
  private static final int MAX_FRUITLESS_TRIES = 8;

  /** A file that ends early twice is shorter than listed; a broken connection looks different. */
  private static final int MAX_EARLY_ENDS = 2;

  /** Most bytes taken at once, so that progress is seen and an abort noticed. */
  private static final int MAX_READ_BYTES = 256 * 1024;

  private final ReplicaClient client;
  private final Abort abort;
  private final RestoreProgress progress;
  private final Backoff backoff;

  RangeFetch(
      ReplicaClient client,
      Abort abort,
      RestoreProgress progress,
      RetryWaits waits,
      Random random) {
    this.client = client;
    this.abort = abort;
    this.progress = progress;
    backoff = new Backoff(waits.firstMillis, waits.maxMillis, random);
  }

  /** Reads a range completely. */
  void read(LtxFileInfo file, long offset, byte[] to, int toOffset, int length) throws IOException {
    int done = 0;
    int earlyEnds = 0;
    backoff.reset();
    while (done < length) {
      try {
        done += readOnce(file, offset + done, to, toOffset + done, length - done);
        if (done < length && ++earlyEnds == MAX_EARLY_ENDS) {
          throw new DamagedFileException(
              file, "it ends at byte " + (offset + done) + ", earlier than listed", null);
        }
      } catch (PartlyReadException e) {
        done += e.count;
        waitAfter(file, e.reason, e.count > 0);
      } catch (IOException e) {
        waitAfter(file, e, false);
      }
    }
  }

  /** What the store has as SHA-256 of a file, or null. */
  String recordedSha256(LtxFileInfo file) throws IOException {
    backoff.reset();
    while (true) {
      try {
        return client.recordedSha256(file);
      } catch (IOException e) {
        waitAfter(file, e, false);
      }
    }
  }

  /**
   * @return how many bytes came before the stream ended
   */
  private int readOnce(LtxFileInfo file, long offset, byte[] to, int toOffset, int length)
      throws IOException {
    int done = 0;
    InputStream in = client.open(file, offset, length);
    try {
      abort.watch(in);
      while (done < length) {
        int count = in.read(to, toOffset + done, Math.min(length - done, MAX_READ_BYTES));
        if (count < 0) {
          break;
        }
        done += count;
        progress.fetched(count);
      }
    } catch (IOException e) {
      throw new PartlyReadException(done, e);
    } finally {
      abort.unwatch(in);
      close(in);
    }
    return done;
  }

  /** All bytes wanted are here, or the failure is known: closing adds nothing to either. */
  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      return;
    }
  }

  private void waitAfter(LtxFileInfo file, IOException failure, boolean isProgress)
      throws IOException {
    abort.check();
    boolean isFinal =
        failure instanceof LtxFileMissingException
            || failure instanceof DamagedFileException
            || failure instanceof ReplicaException && ((ReplicaException) failure).isPermanent();
    if (isProgress) {
      backoff.reset();
    }
    if (isFinal || backoff.failureCount() + 1 >= MAX_FRUITLESS_TRIES) {
      throw failure;
    }
    long waitMillis = backoff.nextMillis();
    progress.retrying(file, failure, waitMillis);
    abort.pause(waitMillis);
  }

  /** Carries how many bytes came before the failure. */
  private static final class PartlyReadException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int count;
    private final IOException reason;

    PartlyReadException(int count, IOException reason) {
      super(reason);
      this.count = count;
      this.reason = reason;
    }
  }
}
