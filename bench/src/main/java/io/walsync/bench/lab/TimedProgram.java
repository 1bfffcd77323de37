package io.walsync.bench.lab;

import io.walsync.testkit.ChildEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One program run to its end: how long the whole process took and how much memory it had. */
public final class TimedProgram {

  private static final long MEMORY_STEP_MILLIS = 5;
  private static final long DEADLINE_NANOS = TimeUnit.MINUTES.toNanos(30);

  private TimedProgram() {}

  /**
   * How it went.
   *
   * @param peakRssBytes the kernel's own high-water mark, last read at most 5 ms before the end; 0
   *     where there is no {@code /proc}
   */
  public record Result(double seconds, long peakRssBytes) {}

  /**
   * @param environment added to the cleaned environment of this process
   * @param log receives both outputs
   * @throws LabException if the exit code is not 0
   */
  public static Result run(List<String> command, Map<String, String> environment, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    ChildEnvironment.clean(builder.environment());
    builder.environment().putAll(environment);
    try {
      long start = System.nanoTime();
      Process process = builder.start();
      process.getOutputStream().close();
      long peak = 0;
      while (!process.waitFor(MEMORY_STEP_MILLIS, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, ProcessMemory.of(process.pid()).peakRssBytes());
        if (System.nanoTime() - start > DEADLINE_NANOS) {
          process.destroyForcibly();
          throw new LabException(command + " does not end");
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      if (process.exitValue() != 0) {
        throw new LabException(
            command + " left with " + process.exitValue() + ": " + Files.readString(log));
      }
      return new Result(seconds, peak);
    } catch (IOException e) {
      throw new LabException("cannot run " + command, e);
    } catch (InterruptedException e) {
      throw new LabException("interrupted", e);
    }
  }
}
