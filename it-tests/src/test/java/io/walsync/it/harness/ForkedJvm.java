package io.walsync.it.harness;

import io.walsync.testkit.ChildEnvironment;
import io.walsync.testkit.Folders;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own: told what to do over its standard input, everything it prints kept. Ends with
 * {@link #close()} at the latest, by SIGKILL.
 *
 * <p>Threading: one thread talks to it; two daemon threads collect its output.
 */
public final class ForkedJvm implements AutoCloseable {

  /** The longest a command may take, in a slow container under load. */
  public static final Duration ANSWER_DEADLINE = Duration.ofSeconds(120);

  private static final List<ForkedJvm> STARTED = new CopyOnWriteArrayList<>();

  private final Process process;
  private final Path nativeLibraries;
  private final Writer input;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final List<String> stdout = new CopyOnWriteArrayList<>();
  private final List<String> stderr = new CopyOnWriteArrayList<>();
  private final List<Thread> collectors = new ArrayList<>();

  private ForkedJvm(Process process, Path nativeLibraries) {
    this.process = process;
    this.nativeLibraries = nativeLibraries;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    collectors.add(
        collect(
            process.getInputStream(),
            line -> {
              stdout.add(line);
              answers.add(line);
            }));
    collectors.add(collect(process.getErrorStream(), stderr::add));
  }

  /** Those started since the last {@link #forgetStarted()}. */
  static List<ForkedJvm> started() {
    return STARTED;
  }

  static void forgetStarted() {
    STARTED.clear();
  }

  public static Builder of(Class<?> mainClass) {
    return of(mainClass.getName());
  }

  public static Builder of(String mainClass) {
    return new Builder("-cp", mainClass);
  }

  /** {@code java -jar}: the class path is the jar's own affair. */
  public static Builder ofJar(Path jar) {
    return new Builder("-jar", jar.toString());
  }

  /** An application whose class path is a module path. */
  public static Builder ofModule(String module, Class<?> mainClass) {
    return new Builder("-p", module + "/" + mainClass.getName());
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends one line without waiting for an answer. */
  public void tell(String command) {
    try {
      input.write(command + "\n");
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell \"" + command + "\"; " + output(), e);
    }
  }

  /** Sends one line and returns what stands after {@code ok} in the answer; fails on another. */
  public String ask(String command) {
    tell(command);
    return answerTo(command);
  }

  /** The answer to a command told before. */
  public String answerTo(String command) {
    String answer = nextAnswer(command);
    if (!answer.equals("ok") && !answer.startsWith("ok ")) {
      throw new AssertionError("\"" + command + "\" was answered \"" + answer + "\"; " + output());
    }
    return answer.substring(2).trim();
  }

  /** Sends one line that must be refused; returns the whole answer. */
  public String askRefused(String command) {
    tell(command);
    String answer = nextAnswer(command);
    if (!answer.startsWith("failed ")) {
      throw new AssertionError("\"" + command + "\" was not refused: " + answer);
    }
    return answer;
  }

  /** Whatever is answered to a command told before. */
  public String anyAnswer() {
    return nextAnswer("(told before)");
  }

  private String nextAnswer(String command) {
    try {
      long deadline = System.nanoTime() + ANSWER_DEADLINE.toNanos();
      while (System.nanoTime() < deadline) {
        String answer = answers.poll(100, TimeUnit.MILLISECONDS);
        if (answer != null) {
          return answer;
        }
        if (!process.isAlive() && answers.isEmpty()) {
          throw new AssertionError(
              "the JVM left with " + process.exitValue() + " at \"" + command + "\"; " + output());
        }
      }
      throw new AssertionError("no answer to \"" + command + "\" in time; " + output());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** SIGKILL, and waits until the process is gone. */
  public void kill() {
    process.destroyForcibly();
    waitForExit(Duration.ofSeconds(30));
  }

  /** SIGTERM: shutdown hooks run. Returns the exit code. */
  public int terminate(Duration deadline) {
    // The process's own destroy would close what it still has to say.
    process.toHandle().destroy();
    return waitForExit(deadline);
  }

  /** Tells the program to leave {@code main}; returns the exit code. */
  public int exit() {
    ask("exit");
    return waitForExit(ANSWER_DEADLINE);
  }

  /** Returns the exit code, with all output collected. */
  public int waitForExit(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still alive after " + deadline + "; " + output());
      }
      for (Thread collector : collectors) {
        collector.join(TimeUnit.SECONDS.toMillis(10));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  public List<String> stdout() {
    return stdout;
  }

  public List<String> stderr() {
    return stderr;
  }

  private String output() {
    return "standard error: " + String.join("\n", stderr);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
    Folders.delete(nativeLibraries);
  }

  private static Thread collect(InputStream stream, java.util.function.Consumer<String> sink) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(sink);
              } catch (IOException | UncheckedIOException endOfKilledProcess) {
                sink.accept("(stream cut: " + endOfKilledProcess.getMessage() + ")");
              }
            },
            "forked-jvm-output");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** What to start. */
  public static final class Builder {

    private final String pathOption;
    private final String target;
    private Path java = Jdk.running().java();
    private final List<String> options = new ArrayList<>(List.of("-Xmx256m"));
    private final List<String> classPath = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final List<String> prefix = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    private Builder(String pathOption, String target) {
      this.pathOption = pathOption;
      this.target = target;
    }

    public Builder on(Jdk jdk) {
      java = jdk.java();
      return this;
    }

    public Builder option(String option) {
      options.add(option);
      return this;
    }

    /** Words before the command, of a program that becomes it: the process stays one. */
    public Builder prefix(List<String> words) {
      prefix.addAll(words);
      return this;
    }

    public Builder environment(Map<String, String> values) {
      environment.putAll(values);
      return this;
    }

    public Builder property(String name, Object value) {
      return option("-D" + name + "=" + value);
    }

    /** Loads the packed agent with a configuration file. */
    public Builder agent(Path config) {
      return option("-javaagent:" + AgentJar.path() + "=" + config);
    }

    public Builder classPath(Path... entries) {
      for (Path entry : entries) {
        classPath.add(entry.toString());
      }
      return this;
    }

    public Builder arguments(Object... values) {
      Arrays.stream(values).map(String::valueOf).forEach(arguments::add);
      return this;
    }

    public ForkedJvm start() {
      Path nativeLibraries = Folders.temporary("native");
      List<String> command = new ArrayList<>(prefix);
      command.add(java.toString());
      command.addAll(options);
      // In the common folder, drivers that start at the same time stumble over each other's files.
      command.add("-Dorg.sqlite.tmpdir=" + nativeLibraries);
      command.add(pathOption);
      if (!pathOption.equals("-jar")) {
        command.add(String.join(File.pathSeparator, classPath));
      }
      if (pathOption.equals("-p")) {
        command.add("-m");
      }
      command.add(target);
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command);
      ChildEnvironment.clean(builder.environment());
      builder.environment().putAll(environment);
      try {
        ForkedJvm jvm = new ForkedJvm(builder.start(), nativeLibraries);
        STARTED.add(jvm);
        return jvm;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot start " + command, e);
      }
    }
  }
}
