package io.walsync.databases;

import io.walsync.io.Reason;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreResult;
import java.io.File;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how the restore of a missing database goes, whose application waits: at its beginning and
 * end, and every 10 s in between.
 *
 * <p>Threading: safe.
 */
final class RestoreLines implements RestoreProgress {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final double BYTES_PER_MB = 1e6;

  private final File file;
  private final String url;
  private final AtomicLong fetchedBytes = new AtomicLong();
  private final AtomicLong nextNanos = new AtomicLong(System.nanoTime() + PAUSE_NANOS);
  private volatile long plannedBytes;

  RestoreLines(File file, String url) {
    this.file = file;
    this.url = url;
  }

  @Override
  public void planned(RestorePlan plan) {
    fetchedBytes.set(0);
    plannedBytes = plan.files().stream().mapToLong(each -> each.sizeBytes()).sum();
    LOG.info(
        "{}: restored from {}: {} MB in {}",
        file,
        url,
        megabytes(plannedBytes),
        plan.files().size() == 1 ? "a file" : plan.files().size() + " files");
  }

  @Override
  public void fetched(long bytes) {
    long all = fetchedBytes.addAndGet(bytes);
    if (isDue()) {
      LOG.info("{}: {} of {} MB fetched", file, megabytes(all), megabytes(plannedBytes));
    }
  }

  @Override
  public void retrying(IOException cause, long waitMillis) {
    if (isDue()) {
      LOG.warn("{}: the restore waits for the store: {}", file, Reason.of(cause));
    }
  }

  private boolean isDue() {
    long next = nextNanos.get();
    long now = System.nanoTime();
    return now - next >= 0 && nextNanos.compareAndSet(next, now + PAUSE_NANOS);
  }

  void restored(RestoreResult result) {
    LOG.info(
        "{}: restored, {} MB, at TXID {} in {} ms",
        file,
        megabytes(result.sizeBytes()),
        result.txid(),
        result.durationMillis());
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / BYTES_PER_MB);
  }
}
