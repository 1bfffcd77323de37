package io.walsync.it.harness;

import io.walsync.it.app.WriterApp;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;

/** Starts {@link WriterApp}: its classes and one sqlite-jdbc jar on the class path. */
public final class Application {

  private Application() {}

  /** With the agent. */
  public static ForkedJvm replicated(Path database, Path config) {
    return builder(database).agent(config).start();
  }

  /** Without the agent. */
  public static ForkedJvm plain(Path database) {
    return builder(database).start();
  }

  /** To be completed with an agent, another driver, another JVM. */
  public static ForkedJvm.Builder builder(Path database) {
    return with(sqliteJdbc(), database);
  }

  /** With a driver of the test's choice. */
  public static ForkedJvm.Builder with(Path sqliteJdbc, Path database) {
    return ForkedJvm.of(WriterApp.class)
        .classPath(classes(), sqliteJdbc)
        .arguments(database, journal(database));
  }

  /** Where the application notes what it was told is committed. */
  public static Path journal(Path database) {
    return database.resolveSibling(database.getFileName() + ".journal-of-commits");
  }

  public static Path classes() {
    return codeSource(WriterApp.class);
  }

  public static Path sqliteJdbc() {
    return codeSource(org.sqlite.JDBC.class);
  }

  /** What some drivers cannot be loaded without. */
  public static Path slf4j() {
    return codeSource(org.slf4j.Logger.class);
  }

  private static Path codeSource(Class<?> type) {
    try {
      CodeSource source = type.getProtectionDomain().getCodeSource();
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
