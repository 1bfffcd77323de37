package io.walsync.it.containers;

import io.walsync.it.app.WriterApp;
import io.walsync.it.harness.Application;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What applications and containers are built from: the jars that the build puts aside for it. */
final class Parts {

  static final String OLD_DRIVER = "3.8.11.2";
  static final String NEW_DRIVER = "3.54.1.0";

  // By name: these classes need their containers, which the tests do not have on their class path.
  static final String BOOT_APPLICATION = "io.walsync.it.container.BootApplication";
  static final String WRITER_SERVLET = "io.walsync.it.container.WriterServlet";
  static final String WRITER_BUNDLE = "io.walsync.it.container.WriterBundle";
  static final String TOMCAT_HOST = "io.walsync.it.container.TomcatHost";
  static final String FELIX_HOST = "io.walsync.it.container.FelixHost";

  private Parts() {}

  static Path driver(String version) {
    return Path.of(System.getProperty("walsync.drivers"))
        .resolve("sqlite-jdbc-" + version + ".jar")
        .toAbsolutePath();
  }

  /** What some drivers cannot be loaded without. */
  static Path slf4j() {
    return Application.slf4j();
  }

  /** All jars in one folder of {@code target/containers}. */
  static List<Path> container(String folder) {
    return files(Path.of(System.getProperty("walsync.containers")).resolve(folder));
  }

  /** The application's classes, as class files, in the folder they are compiled to. */
  static Path applicationFolder() {
    return Path.of(System.getProperty("walsync.application")).toAbsolutePath();
  }

  /** The class files of the application, below {@link #applicationFolder}. */
  static List<Path> applicationClasses() {
    return files(applicationFolder().resolve(WriterApp.class.getPackageName().replace('.', '/')));
  }

  /** The class file of one more class, below {@link #applicationFolder}. */
  static Path classFile(String name) {
    return applicationFolder().resolve(name.replace('.', '/') + ".class");
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).map(Path::toAbsolutePath).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the build has not put its parts into " + folder, e);
    }
  }
}
