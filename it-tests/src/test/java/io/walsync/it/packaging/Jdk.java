package io.walsync.it.packaging;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A JDK that forked JVMs can run on. */
record Jdk(Path home, int feature) {

  static Jdk running() {
    return new Jdk(Path.of(System.getProperty("java.home")), Runtime.version().feature());
  }

  /** Looks in {@code -Dwalsync.jdks}, or beside the running one if that is empty. */
  static Optional<Jdk> find(int feature) {
    return candidates().stream()
        .filter(home -> Files.isExecutable(home.resolve("bin/java")))
        .filter(home -> featureOf(home) == feature)
        .findFirst()
        .map(home -> new Jdk(home, feature));
  }

  private static List<Path> candidates() {
    String given = System.getProperty("walsync.jdks", "");
    List<Path> homes = new ArrayList<>();
    if (!given.isEmpty()) {
      Stream.of(given.split(File.pathSeparator)).map(Path::of).forEach(homes::add);
      return homes;
    }
    try (Stream<Path> siblings = Files.list(running().home().getParent())) {
      siblings.sorted().forEach(homes::add);
    } catch (IOException unreadable) {
      return List.of();
    }
    return homes;
  }

  private static int featureOf(Path home) {
    try (Stream<String> lines = Files.lines(home.resolve("release"))) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("JAVA_VERSION=\"(1\\.)?(\\d+).*", "$2"))
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException notAJdk) {
      return 0;
    }
  }

  @Override
  public String toString() {
    return "JDK " + feature;
  }
}
