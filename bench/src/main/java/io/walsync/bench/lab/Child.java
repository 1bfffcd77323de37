package io.walsync.bench.lab;

import io.walsync.testkit.ChildEnvironment;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A forked JVM that runs one program of {@code io.walsync.bench.app}.
 *
 * <p>Threading: one thread talks to it; a daemon thread collects its answers.
 */
public final class Child implements AutoCloseable {

  /** The longest wait for a line: no command takes longer on a machine fit for measuring. */
  private static final long ANSWER_DEADLINE_SECONDS = 600;

  private static final String END = "(end of output)";

  private final String name;
  private final Process process;
  private final Path log;
  private final Writer input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    Thread collector = new Thread(this::collect, "answers-of-" + name);
    collector.setDaemon(true);
    collector.start();
  }

  public static Builder of(Class<?> program) {
    return new Builder(program);
  }

  public long pid() {
    return process.pid();
  }

  /** The answer to the oldest command that has none yet, or the greeting. */
  public Answer answer() {
    String line = line();
    if (!line.equals("ok") && !line.startsWith("ok ")) {
      throw new LabException(name + " answered \"" + line + "\"; its log is " + log + tail());
    }
    return new Answer(line);
  }

  public Answer ask(String command) {
    tell(command);
    return answer();
  }

  /** As {@link #ask}, for what takes a while; {@link #answer} has to follow. */
  public void tell(String command) {
    try {
      input.write(command + "\n");
      input.flush();
    } catch (IOException e) {
      throw new LabException("cannot tell " + name + " " + command + tail(), e);
    }
  }

  private String line() {
    try {
      String line = lines.poll(ANSWER_DEADLINE_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new LabException(name + " does not answer" + tail());
      }
      return line;
    } catch (InterruptedException e) {
      throw new LabException("interrupted while " + name + " ran", e);
    }
  }

  /** Lets the program leave {@code main} and waits until the process is gone. */
  public void exit() {
    try {
      input.write("exit\n");
      input.flush();
    } catch (IOException alreadyLeft) {
      // its exit code tells
      lines.add(END);
    }
    awaitExit();
  }

  /** Waits for a program that leaves by itself. */
  public void awaitExit() {
    try {
      if (!process.waitFor(ANSWER_DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        throw new LabException(name + " does not leave" + tail());
      }
    } catch (InterruptedException e) {
      throw new LabException("interrupted while " + name + " ran", e);
    }
    if (process.exitValue() != 0) {
      throw new LabException(name + " left with exit code " + process.exitValue() + tail());
    }
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(ANSWER_DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void collect() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
      lines.add(END);
    } catch (IOException e) {
      lines.add(END);
    }
  }

  private String tail() {
    try {
      String text = Files.readString(log);
      return "\n" + text.substring(Math.max(0, text.length() - 2_000));
    } catch (IOException e) {
      return " (no log: " + e.getMessage() + ")";
    }
  }

  /** What to start. */
  public static final class Builder {

    private final Class<?> program;
    private final List<String> options = new ArrayList<>();
    private String classPath = Lab.classes() + File.pathSeparator + Lab.driverJar();

    private Builder(Class<?> program) {
      this.program = program;
    }

    public Builder options(String... values) {
      options.addAll(List.of(values));
      return this;
    }

    /**
     * @param config null for a run without the agent
     */
    public Builder agent(Path config) {
      if (config != null) {
        options.add("-javaagent:" + Lab.agentJar() + "=" + config);
      }
      return this;
    }

    /** A library that the program needs beside the driver. */
    public Builder library(Class<?> member) {
      classPath += File.pathSeparator + Lab.origin(member);
      return this;
    }

    /** The class path of this JVM, rather than an application's. */
    Builder fullClassPath() {
      classPath = System.getProperty("java.class.path");
      return this;
    }

    /**
     * @param folder receives standard error
     */
    public Child start(Path folder, Object... arguments) {
      List<String> command = new ArrayList<>(List.of(Lab.java().toString()));
      command.addAll(options);
      command.addAll(List.of("-cp", classPath, program.getName()));
      for (Object argument : arguments) {
        command.add(argument.toString());
      }
      Path log = folder.resolve(program.getSimpleName() + ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      ChildEnvironment.clean(builder.environment());
      try {
        return new Child(program.getSimpleName(), builder.start(), log);
      } catch (IOException e) {
        throw new LabException("cannot start " + command, e);
      }
    }
  }
}
