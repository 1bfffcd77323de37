package io.walsync.it.packaging;

import io.walsync.it.harness.Jdk;
import io.walsync.testkit.Command;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One run of a Java program in a process of its own, to its end. */
final class ForkedJava {

  record Outcome(int exitCode, String stdout, String stderr) {

    List<String> outLines() {
      return stdout.lines().collect(Collectors.toList());
    }

    /** What neither the agent's log nor the host's missing log had to say. */
    List<String> foreignErrLines() {
      return stderr
          .lines()
          .filter(line -> !line.contains(" walsync ") && !line.startsWith("SLF4J"))
          .collect(Collectors.toList());
    }

    List<String> errLines() {
      return stderr.lines().collect(Collectors.toList());
    }
  }

  private final Jdk jdk;
  private final Path folder;
  private final List<String> options = new ArrayList<>();
  private final List<String> classPath = new ArrayList<>();

  /**
   * @param folder working directory
   */
  ForkedJava(Jdk jdk, Path folder) {
    this.jdk = jdk;
    this.folder = folder;
  }

  ForkedJava options(String... more) {
    options.addAll(Arrays.asList(more));
    return this;
  }

  ForkedJava classPath(Path... more) {
    Stream.of(more).map(Path::toString).forEach(classPath::add);
    return this;
  }

  /** Puts the classes of these tests on the class path, and nothing else of ours. */
  ForkedJava testClasses() {
    return classPath(whereIs(ForkedJava.class));
  }

  /** A driver, and the slf4j-api without which some drivers do not start. */
  ForkedJava driver(String version) {
    return classPath(Drivers.jar(version), whereIs(org.slf4j.Logger.class));
  }

  static Path whereIs(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  Outcome main(Class<?> type, String... arguments) {
    List<String> all = new ArrayList<>(List.of(type.getName()));
    all.addAll(Arrays.asList(arguments));
    return run(all);
  }

  Outcome run(List<String> mainAndArguments) {
    List<String> command = new ArrayList<>();
    command.add(jdk.home().resolve("bin/java").toString());
    command.addAll(options);
    if (!classPath.isEmpty()) {
      command.add("-cp");
      command.add(String.join(File.pathSeparator, classPath));
    }
    command.addAll(mainAndArguments);
    Command.Outcome outcome = Command.run(command, Map.of(), "", folder);
    return new Outcome(outcome.exitCode(), outcome.stdout(), outcome.stderr());
  }
}
