package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The versions of sqlite-jdbc that hosts are tested with. */
final class Drivers {

  static final String OLDEST = "3.7.2";
  static final String NEWEST = "3.54.1.0";

  private static final Path FOLDER = Path.of(System.getProperty("walsync.drivers"));

  private Drivers() {}

  static List<String> versions() throws IOException {
    try (Stream<Path> jars = Files.list(FOLDER)) {
      return jars.map(jar -> jar.getFileName().toString())
          .map(name -> name.replaceAll("sqlite-jdbc-(.*)\\.jar", "$1"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  static Path jar(String version) {
    Path jar = FOLDER.resolve("sqlite-jdbc-" + version + ".jar");
    assertThat(jar).isRegularFile();
    return jar;
  }
}
