package io.walsync.bench.peer;

import io.walsync.bench.lab.LabException;
import io.walsync.testkit.ChildEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A contender's process beside the application, or that there is none. */
public final class Companion implements AutoCloseable {

  /** Peers upload what is left when they are asked to end, Litestream for 30 s at most. */
  private static final long STOP_DEADLINE_SECONDS = 40;

  private static final int LOG_TAIL_CHARACTERS = 1_000;

  private final Process process;
  private final Path log;
  private final Thread killer;

  private Companion(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.killer = process == null ? null : new Thread(process::destroyForcibly);
    if (killer != null) {
      // Unlike the forked JVMs it would outlive an interrupted bench.
      Runtime.getRuntime().addShutdownHook(killer);
    }
  }

  /** There is no process. */
  public static Companion none() {
    return new Companion(null, null);
  }

  static Companion start(List<String> command, Map<String, String> environment, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.directory(log.getParent().toFile());
    ChildEnvironment.clean(builder.environment());
    builder.environment().putAll(environment);
    try {
      return new Companion(builder.start(), log);
    } catch (IOException e) {
      throw new LabException("cannot start " + command, e);
    }
  }

  /** Empty where the contender is part of the application, or nobody. */
  public OptionalLong pid() {
    return process == null ? OptionalLong.empty() : OptionalLong.of(process.pid());
  }

  /**
   * @throws LabException if it ended by itself
   */
  public void requireAlive() {
    if (process != null && !process.isAlive()) {
      throw new LabException("its process ended with exit code " + process.exitValue() + tail());
    }
  }

  public boolean isAlive() {
    return process == null || process.isAlive();
  }

  /** Asks it to end and waits; kills it if that takes too long. */
  public void stop() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(STOP_DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      throw new LabException("interrupted", e);
    }
  }

  private String tail() {
    try {
      String text = Files.readString(log);
      return "\n" + text.substring(Math.max(0, text.length() - LOG_TAIL_CHARACTERS));
    } catch (IOException e) {
      return " (no log: " + e.getMessage() + ")";
    }
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(killer);
    }
  }
}
