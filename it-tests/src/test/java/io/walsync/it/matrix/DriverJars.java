package io.walsync.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The jars that the build puts beside the tests. */
final class DriverJars {

  private DriverJars() {}

  static Path sqliteJdbc(String version) {
    return List.of(folder("walsync.drivers"), folder("walsync.drivers.more")).stream()
        .map(folder -> folder.resolve("sqlite-jdbc-" + version + ".jar"))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no sqlite-jdbc " + version + " beside the tests"));
  }

  /** The jars of a driver that is not Xerial's, with what it needs. */
  static List<Path> other(String name) {
    try (Stream<Path> jars = Files.list(folder("walsync.drivers.more").resolve(name))) {
      List<Path> found = jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
      assertThat(found).as("jars of " + name).isNotEmpty();
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder(String property) {
    return Path.of(System.getProperty(property));
  }
}
