package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.RecordedSha256;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges of replica files for one thread. After a connection broke, the next one continues at
 * the byte where it broke.
 */
final class RangeFetch {

  /** A file that ends early twice is shorter than listed; a broken connection looks different. */
  private static final int MAX_EARLY_ENDS = 2;

  /** Most bytes read in one call, so that progress is shown and an abort noticed. */
  private static final int MAX_READ_BYTES = 256 * 1024;

  private final ReplicaClient client;
  private final Abort abort;
  private final RestoreProgress progress;
  private final Retries retries;

  /** The stream of the file read last, if it tells the recorded SHA-256; else null. */
  private @Nullable RecordedSha256 recorded;

  RangeFetch(ReplicaClient client, Abort abort, RestoreProgress progress, Retries retries) {
    this.client = client;
    this.abort = abort;
    this.progress = progress;
    this.retries = retries;
  }

  /** Reads a range completely. */
  void read(LtxFileInfo file, long offset, byte[] to, int toOffset, int length) throws IOException {
    int done = 0;
    int earlyEnds = 0;
    recorded = null;
    retries.reset();
    while (done < length) {
      try {
        done += readOnce(file, offset + done, to, toOffset + done, length - done);
        if (done < length && ++earlyEnds == MAX_EARLY_ENDS) {
          throw new DamagedFileException(
              file, "it ends at byte " + (offset + done) + ", earlier than listed", null);
        }
      } catch (PartlyReadException e) {
        done += e.count;
        if (e.count > 0) {
          retries.reset();
        }
        retries.waitAfter(e.reason);
      } catch (IOException e) {
        retries.waitAfter(e);
      }
    }
  }

  /** The SHA-256 that the store has recorded for the file that was read last, or null. */
  @Nullable String recordedSha256(LtxFileInfo file) throws IOException {
    if (recorded != null) {
      return recorded.recordedSha256();
    }
    retries.reset();
    while (true) {
      try {
        return client.recordedSha256(file);
      } catch (IOException e) {
        retries.waitAfter(e);
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
    if (in instanceof RecordedSha256) {
      recorded = (RecordedSha256) in;
    }
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

  /** Ignores a failure to close: all bytes have come by now, or a failure is known already. */
  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      return;
    }
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
