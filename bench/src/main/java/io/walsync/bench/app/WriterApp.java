package io.walsync.bench.app;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Commits as fast as it can from some threads. Arguments: database, synchronous, writers, warm-up
 * and measured time in milliseconds, the file for the timeline. Commands: {@code go}, {@code
 * finish} (one last commit, with which everything before it has left), {@code exit}.
 */
public final class WriterApp {

  private static final long TIMELINE_STEP_MILLIS = 10;

  /** A commit that took longer counts as that; recording allocates nothing. */
  private static final long MAX_NANOS = TimeUnit.HOURS.toNanos(1);

  /** What is told of a duration is less than a thousandth of it too much. */
  private static final int DIGITS = 3;

  private final String database;
  private final String synchronous;
  private final int writerCount;
  private final AtomicLong nextCommit = new AtomicLong(1);
  private volatile boolean isMeasuring;
  private volatile boolean isStopped;
  private volatile Throwable failure;

  private WriterApp(String database, String synchronous, int writerCount) {
    this.database = database;
    this.synchronous = synchronous;
    this.writerCount = writerCount;
  }

  public static void main(String[] arguments) throws Exception {
    WriterApp app = new WriterApp(arguments[0], arguments[1], Integer.parseInt(arguments[2]));
    long warmUpMillis = Long.parseLong(arguments[3]);
    long measuredMillis = Long.parseLong(arguments[4]);
    Timeline timeline =
        new Timeline((int) ((warmUpMillis + measuredMillis) / TIMELINE_STEP_MILLIS) + 1_000);
    Dialogue dialogue = new Dialogue();
    try (Events events = Events.open(app.database, app.synchronous)) {
      dialogue.ok();
      for (String[] command = dialogue.next(); command != null; command = dialogue.next()) {
        if (command[0].equals("go")) {
          dialogue.ok(app.run(warmUpMillis, measuredMillis, timeline));
        } else {
          long last = app.nextCommit.getAndIncrement();
          events.append(last);
          timeline.add(WallClock.micros(), last);
          dialogue.ok("commit=" + last, "micros=" + timeline.micros(timeline.size() - 1));
          timeline.writeTo(Path.of(arguments[5]));
        }
      }
    }
  }

  private String[] run(long warmUpMillis, long measuredMillis, Timeline timeline) throws Exception {
    List<Histogram> histograms = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < writerCount; i++) {
      Histogram histogram = new Histogram(MAX_NANOS, DIGITS);
      Thread thread = new Thread(() -> write(histogram), "writer-" + i);
      histograms.add(histogram);
      threads.add(thread);
      thread.start();
    }
    watch(warmUpMillis, timeline);
    isMeasuring = true;
    long start = System.nanoTime();
    watch(measuredMillis, timeline);
    isMeasuring = false;
    long nanos = System.nanoTime() - start;
    isStopped = true;
    Histogram all = new Histogram(MAX_NANOS, DIGITS);
    for (int i = 0; i < writerCount; i++) {
      threads.get(i).join();
      all.add(histograms.get(i));
    }
    if (failure != null) {
      throw new IllegalStateException("a writer failed", failure);
    }
    return new String[] {
      "commits=" + all.getTotalCount(),
      "nanos=" + nanos,
      "p50=" + all.getValueAtPercentile(50),
      "p99=" + all.getValueAtPercentile(99),
      "p999=" + all.getValueAtPercentile(99.9),
      "max=" + all.getMaxValue()
    };
  }

  private void watch(long millis, Timeline timeline) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < end) {
      Thread.sleep(TIMELINE_STEP_MILLIS);
      // A number is taken before its commit: those in flight, at most one a writer, do not count.
      timeline.add(WallClock.micros(), Math.max(0, nextCommit.get() - 1 - writerCount));
    }
  }

  private void write(Histogram histogram) {
    try (Events events = Events.open(database, synchronous)) {
      while (!isStopped) {
        long commit = nextCommit.getAndIncrement();
        long start = System.nanoTime();
        events.append(commit);
        long nanos = System.nanoTime() - start;
        if (isMeasuring) {
          histogram.recordValue(Math.min(nanos, MAX_NANOS));
        }
      }
    } catch (SQLException | RuntimeException e) {
      failure = e;
    }
  }
}
