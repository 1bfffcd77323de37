package io.walsync.replica.s3;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives listed files the time of their LTX header; that of their upload, with which they were
 * listed, becomes the time by which they were stored.
 */
final class ExactTimes {

  /** Stores cut the times in their listings to the second. */
  private static final long TIME_UNIT_MILLIS = 1_000;

  /** Asks the store about one file. */
  interface Lookup {
    long createdMillis(LtxFileInfo file) throws IOException;
  }

  private final List<LtxFileInfo> files;
  private final LtxFileInfo[] exact;
  private final Lookup lookup;
  private final AtomicInteger next = new AtomicInteger();

  private ExactTimes(List<LtxFileInfo> files, Lookup lookup) {
    this.files = files;
    this.exact = new LtxFileInfo[files.size()];
    this.lookup = lookup;
  }

  /** In the order of {@code files}, without those that have vanished since they were listed. */
  static List<LtxFileInfo> of(List<LtxFileInfo> files, Lookup lookup, ExecutorService threads)
      throws IOException {
    ExactTimes times = new ExactTimes(files, lookup);
    times.lookUp(threads, Math.min(S3Connection.THREAD_COUNT, files.size()));
    List<LtxFileInfo> found = new ArrayList<>(files.size());
    for (LtxFileInfo file : times.exact) {
      if (file != null) {
        found.add(file);
      }
    }
    return found;
  }

  private void lookUp(ExecutorService threads, int threadCount) throws IOException {
    List<Callable<Void>> workers = new ArrayList<>();
    for (int i = 0; i < threadCount; i++) {
      workers.add(this::lookUpNext);
    }
    try {
      for (Future<Void> worker : threads.invokeAll(workers)) {
        worker.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("listing was interrupted");
    } catch (RejectedExecutionException | CancellationException e) {
      throw new ReplicaException("cannot look up the times of files: closed", e, false);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof IOException
          ? (IOException) cause
          : new ReplicaException("cannot look up the times of files: " + cause, cause, false);
    }
  }

  private Void lookUpNext() throws IOException {
    for (int i = next.getAndIncrement(); i < files.size(); i = next.getAndIncrement()) {
      LtxFileInfo file = files.get(i);
      try {
        exact[i] =
            file.withStoredMillis(file.createdMillis() + TIME_UNIT_MILLIS)
                .withCreatedMillis(lookup.createdMillis(file));
      } catch (LtxFileMissingException e) {
        exact[i] = null; // retention was faster
      }
    }
    return null;
  }
}
