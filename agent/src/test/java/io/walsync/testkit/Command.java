package io.walsync.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One program run to its end, with what it printed. */
public final class Command {

  public static final Duration DEADLINE = Duration.ofMinutes(10);

  private Command() {}

  /** How it ended. */
  public record Outcome(int exitCode, String stdout, String stderr, Duration took) {

    public Outcome succeeded() {
      if (exitCode != 0) {
        throw new AssertionError("exit code " + exitCode + "\n" + stdout + "\n" + stderr);
      }
      return this;
    }

    public String output() {
      return stdout + stderr;
    }
  }

  public static Outcome run(List<String> command, Map<String, String> environment, String input) {
    return run(command, environment, input, Path.of(""));
  }

  /**
   * Runs it to its end, in the environment of this process without what would mislead it.
   *
   * @param environment what is added
   * @param folder where it works
   */
  public static Outcome run(
      List<String> command, Map<String, String> environment, String input, Path folder) {
    try {
      Path directory = Files.createTempDirectory("command");
      Path stdin = Files.writeString(directory.resolve("in"), input);
      Path stdout = directory.resolve("out");
      Path stderr = directory.resolve("err");
      ProcessBuilder builder =
          new ProcessBuilder(new ArrayList<>(command))
              .directory(folder.toAbsolutePath().toFile())
              .redirectInput(stdin.toFile())
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile());
      ChildEnvironment.clean(builder.environment());
      builder.environment().putAll(environment);
      long start = System.nanoTime();
      Process process = builder.start();
      if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " still runs after " + DEADLINE);
      }
      Outcome outcome =
          new Outcome(
              process.exitValue(),
              Files.readString(stdout, StandardCharsets.UTF_8),
              Files.readString(stderr, StandardCharsets.UTF_8),
              Duration.ofNanos(System.nanoTime() - start));
      for (Path file : List.of(stdin, stdout, stderr, directory)) {
        Files.delete(file);
      }
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command, e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
