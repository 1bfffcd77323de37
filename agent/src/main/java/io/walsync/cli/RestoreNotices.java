package io.walsync.cli;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreProgress;
import java.io.Closeable;
import java.io.IOException;

/**
 * Tells a person how a restore gets on: a bar where it takes long enough to be watched, and lines
 * about trouble if asked for. A script sees nothing.
 */
final class RestoreNotices implements RestoreProgress, Closeable {

  /** Bytes; what is smaller is done before a bar has been drawn. */
  private static final long MIN_SHOWN_BYTES = 16L << 20;

  private final Console console;
  private final int width;
  private final boolean isVerbose;

  /** Null while there is none. Guarded by this. */
  private ByteBar bar;

  RestoreNotices(Console console, int width, boolean isVerbose) {
    this.console = console;
    this.width = width;
    this.isVerbose = isVerbose;
  }

  @Override
  public synchronized void planned(RestorePlan plan) {
    close();
    notice("restoring " + plan);
    if (console.isTerminal && plan.sizeBytes() >= MIN_SHOWN_BYTES) {
      bar = new ByteBar(console.err, width, plan.sizeBytes());
    }
  }

  @Override
  public synchronized void fetched(long bytes) {
    if (bar != null) {
      bar.add(bytes);
    }
  }

  @Override
  public void written(int pages) {}

  @Override
  public void fileRead(LtxFileInfo file) {}

  @Override
  public synchronized void retrying(IOException cause, long waitMillis) {
    notice("again in " + waitMillis + " ms: " + cause.getMessage());
  }

  @Override
  public synchronized void replanning(LtxFileMissingException cause) {
    notice("planning again: " + cause.getMessage());
  }

  @Override
  public synchronized void accessNotKept() {
    console.err.println(
        "walsync: WARN: mode, owner or group of the replaced file could not be kept: this user may"
            + " not give files away. Set them before the application starts (chown, chmod); until"
            + " then nobody can read the file who could not before");
  }

  @Override
  public synchronized void finishing() {
    close();
    notice("all pages written");
  }

  /** Takes the bar away. */
  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  private void notice(String text) {
    if (isVerbose) {
      console.err.println("walsync: " + text);
    }
  }
}
