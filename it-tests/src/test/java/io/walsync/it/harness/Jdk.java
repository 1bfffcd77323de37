package io.walsync.it.harness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A JDK that forked JVMs can run on. */
public record Jdk(Path home, int feature) {

  public static Jdk running() {
    return new Jdk(Path.of(System.getProperty("java.home")), Runtime.version().feature());
  }

  /** The newest that the jar promises to run on; what is newer is a look ahead. */
  public static final int NEWEST_PROMISED = 25;

  /** Looks in {@code -Dwalsync.jdks}, then beside the running one. */
  public static Optional<Jdk> find(int feature) {
    return all().stream().filter(jdk -> jdk.feature() == feature).findFirst();
  }

  /** One of each feature release that this machine has, oldest first. */
  public static List<Jdk> all() {
    Map<Integer, Jdk> found = new TreeMap<>();
    found.put(running().feature(), running());
    for (Path home : candidates()) {
      int feature = featureOf(home);
      if (feature > 0 && Files.isExecutable(home.resolve("bin/java"))) {
        found.putIfAbsent(feature, new Jdk(home, feature));
      }
    }
    return List.copyOf(found.values());
  }

  /** Whether it is newer than what the jar promises to run on. */
  public boolean isLookAhead() {
    return feature > NEWEST_PROMISED;
  }

  public Path java() {
    return home.resolve("bin").resolve("java");
  }

  private static List<Path> candidates() {
    String given = System.getProperty("walsync.jdks", "");
    List<Path> homes = new ArrayList<>();
    if (!given.isEmpty()) {
      Stream.of(given.split(File.pathSeparator)).map(Path::of).forEach(homes::add);
    }
    try (Stream<Path> siblings = Files.list(running().home().getParent())) {
      siblings.sorted().forEach(homes::add);
    } catch (IOException unreadable) {
      // Then there are none but those given.
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
