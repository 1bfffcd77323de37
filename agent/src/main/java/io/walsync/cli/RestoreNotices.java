package io.walsync.cli;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.restore.ClockDoubt;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreProgress;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private final String doing;

  /** Null while there is none. Guarded by this. */
  private @Nullable ByteBar bar;

  RestoreNotices(Console console, int width, boolean isVerbose) {
    this(console, width, isVerbose, "restoring");
  }

  /**
   * @param doing what is done with the files
   */
  RestoreNotices(Console console, int width, boolean isVerbose, String doing) {
    this.doing = doing;
    this.console = console;
    this.width = width;
    this.isVerbose = isVerbose;
  }

  @Override
  public void foreign(LtxFileInfo file) {
    ForeignNotice.print(console.err, file);
  }

  @Override
  public synchronized void planned(RestorePlan plan) {
    close();
    notice(doing + " " + plan);
    if (plan.doubt() != null) {
      for (String line : lines(plan, plan.doubt())) {
        console.err.println("walsync: " + line);
      }
    }
    if (console.isTerminal && plan.sizeBytes() >= MIN_SHOWN_BYTES) {
      bar = new ByteBar(console.err, width, plan.sizeBytes());
    }
  }

  /** What a person who asked for a moment must know: which state it is, and why not another. */
  static List<String> lines(RestorePlan plan, ClockDoubt doubt) {
    List<String> lines = new ArrayList<>();
    if (doubt.taken() != null) {
      lines.add(
          "TXID "
              + plan.txid()
              + " carries the time "
              + time(doubt.taken().createdMillis())
              + ", which is yet to come: the clock was ahead when it, or a state before it, was"
              + " written, or this machine's is behind. It was taken as of "
              + time(doubt.believedMillis())
              + ", when it was in the replica");
    }
    if (doubt.leftOut() != null) {
      lines.add(
          "TXID "
              + doubt.leftOut().maxTxid()
              + " is left out: it carries the time "
              + time(doubt.leftOut().createdMillis())
              + ", although the replica had it by "
              + time(doubt.leftOut().storedMillis())
              + "; one of the two clocks was wrong. If it was the writer's, restore with -txid "
              + doubt.leftOut().maxTxid());
    }
    return lines;
  }

  private static String time(long millis) {
    return ReportedTime.text(millis);
  }

  @Override
  public synchronized void fetched(long bytes) {
    if (bar != null) {
      bar.add(bytes);
    }
  }

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
