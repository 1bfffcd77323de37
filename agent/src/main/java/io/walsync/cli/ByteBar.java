package io.walsync.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar over bytes. Its width is given, so that no terminal library is started. */
final class ByteBar {

  private static final int UPDATE_MILLIS = 200;
  private static final long MIB = 1L << 20;

  private final ProgressBar bar;

  ByteBar(PrintStream err, int width, long totalBytes) {
    bar =
        new ProgressBarBuilder()
            .setTaskName("restore")
            .setInitialMax(totalBytes)
            .setUnit(" MiB", MIB)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .showSpeed()
            .setConsumer(new ConsoleProgressBarConsumer(err, width))
            .build();
  }

  void add(long bytes) {
    bar.stepBy(bytes);
  }

  void close() {
    bar.close();
  }
}
