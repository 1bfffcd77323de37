package io.walsync.bench.micro;

import io.walsync.db.tail.PageOffsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** 1,000 frames of 300 pages, most of them of a few: each page once, in order. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PageDedupBenchmark {

  private static final int FRAME_COUNT = 1_000;
  private static final int PAGE_COUNT = 300;
  private static final int FRAME_BYTES = 4120;
  private static final long SEED = 3;

  private final int[] pgnos = new int[FRAME_COUNT];
  private final PageOffsets pages = new PageOffsets();

  @Setup
  public void fill() {
    Random random = new Random(SEED);
    for (int i = 0; i < FRAME_COUNT; i++) {
      double skewed = Math.pow(random.nextDouble(), 3);
      pgnos[i] = 1 + (int) (skewed * PAGE_COUNT);
    }
  }

  @Benchmark
  public int[] dedupBatch() {
    pages.clear();
    for (int i = 0; i < FRAME_COUNT; i++) {
      pages.put(pgnos[i], 32L + (long) i * FRAME_BYTES);
    }
    return pages.sortedPgnos(PAGE_COUNT);
  }
}
