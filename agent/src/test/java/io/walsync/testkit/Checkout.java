package io.walsync.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The source tree that the tests run in. */
public final class Checkout {

  private Checkout() {}

  /** The folder with {@code mvnw}, whichever module's folder the test runs in. */
  public static Path root() {
    Path place = Path.of("").toAbsolutePath();
    while (!Files.exists(place.resolve("mvnw"))) {
      place = place.getParent();
    }
    return place;
  }

  /** All files below a folder whose path ends like this, sorted. */
  public static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  /** The package comment of a package of the agent, without the stars of the comment. */
  public static String packageComment(String packageName) throws IOException {
    Path file =
        root()
            .resolve("agent/src/main/java")
            .resolve(packageName.replace('.', '/'))
            .resolve("package-info.java");
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("/**") || line.startsWith(" *"))
        .map(line -> line.replaceFirst("^ ?/?\\*{1,2}/? ?", ""))
        .collect(Collectors.joining("\n"));
  }
}
