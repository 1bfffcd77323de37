package io.walsync.config;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A configuration file, read and validated. Immutable. */
public final class Config {

  /** Fits into the 10 s that {@code docker stop} waits before it kills. */
  public static final Duration DEFAULT_SHUTDOWN_TIMEOUT = Duration.ofSeconds(8);

  private final List<DbConfig> dbs;
  private final List<String> warnings;
  private final Duration shutdownTimeout;
  private final long stagingMaxTotalBytes;
  private final LogLevel logLevel;

  private Config(List<DbConfig> dbs, List<String> warnings, Builder values) {
    this.dbs = Collections.unmodifiableList(new ArrayList<>(dbs));
    this.warnings = Collections.unmodifiableList(new ArrayList<>(warnings));
    this.shutdownTimeout = values.shutdownTimeout;
    this.stagingMaxTotalBytes = values.stagingMaxTotalBytes;
    this.logLevel = values.logLevel;
  }

  /** Collects the values of the top level. */
  static final class Builder {
    Duration shutdownTimeout = DEFAULT_SHUTDOWN_TIMEOUT;
    long stagingMaxTotalBytes;
    LogLevel logLevel = LogLevel.INFO;

    Config build(List<DbConfig> dbs, List<String> warnings) {
      return new Config(dbs, warnings, this);
    }
  }

  /** In the order of the file. None, with a warning, if the file names none. */
  public List<DbConfig> dbs() {
    return dbs;
  }

  /** What the user should be told once, each {@code file:line: key: what it means}. */
  public List<String> warnings() {
    return warnings;
  }

  /** How long the JVM's exit may wait for the last uploads; 0 to 1 h. */
  public Duration shutdownTimeout() {
    return shutdownTimeout;
  }

  /** The most that all databases together may keep staged while stores are away. */
  public long stagingMaxTotalBytes() {
    return stagingMaxTotalBytes;
  }

  public LogLevel logLevel() {
    return logLevel;
  }

  /**
   * The first entry that stands for a database, or null if the configuration leaves it alone. Asks
   * the file system to resolve symbolic links; opens nothing.
   *
   * @throws InvalidPathException if the process's locale has no name for the file, which an entry
   *     may stand for
   * @param database as the application wrote it (relative paths are relative to the working
   *     directory of the JVM), or with symbolic links resolved
   */
  public DbConfig match(File database) {
    List<File> spellings;
    try {
      spellings = UserPath.spellings(database);
    } catch (InvalidPathException e) {
      if (isPerhapsConfigured(database)) {
        throw e;
      }
      return null;
    }
    for (DbConfig db : dbs) {
      if (db.databasePattern().relativePath(spellings) != null) {
        return db;
      }
    }
    return null;
  }

  /** Whether a pattern's folder is above a file that the process's locale has no name for. */
  private boolean isPerhapsConfigured(File database) {
    String path = database.getAbsolutePath();
    for (DbConfig db : dbs) {
      if (!db.isExact() && path.startsWith(db.root().getPath() + File.separator)) {
        return true;
      }
    }
    return false;
  }
}
