package io.walsync.config;

import io.walsync.history.retention.Policy;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A configuration file, read and validated. Immutable. */
public final class Config {

  /** Less than the 10 s that {@code docker stop} waits before it kills the process. */
  public static final Duration DEFAULT_SHUTDOWN_TIMEOUT = Duration.ofSeconds(8);

  private final List<DbConfig> dbs;
  private final List<String> warnings;
  private final Duration shutdownTimeout;
  private final long stagingMaxTotalBytes;
  private final LogLevel logLevel;
  private final @Nullable ListenAddress addr;
  private final boolean hasLitestreamMetrics;
  private final Policy retention;
  private final boolean isRetentionEnabled;

  private Config(List<DbConfig> dbs, List<String> warnings, Builder values) {
    this.dbs = Collections.unmodifiableList(new ArrayList<>(dbs));
    this.warnings = Collections.unmodifiableList(new ArrayList<>(warnings));
    this.shutdownTimeout = values.shutdownTimeout;
    this.stagingMaxTotalBytes = values.stagingMaxTotalBytes;
    this.logLevel = values.logLevel;
    this.addr = values.addr;
    this.hasLitestreamMetrics = values.hasLitestreamMetrics;
    this.retention = values.retention;
    this.isRetentionEnabled = values.isRetentionEnabled;
  }

  /** Collects the values of the top level. */
  static final class Builder {
    Duration shutdownTimeout = DEFAULT_SHUTDOWN_TIMEOUT;
    long stagingMaxTotalBytes;
    LogLevel logLevel = LogLevel.INFO;
    @Nullable ListenAddress addr;
    boolean hasLitestreamMetrics;
    Policy retention = Policy.DEFAULT;
    boolean isRetentionEnabled = true;

    Config build(List<DbConfig> dbs, List<String> warnings) {
      return new Config(dbs, warnings, this);
    }
  }

  /** The entries in the order of the file; empty, with a warning, if the file has none. */
  public List<DbConfig> dbs() {
    return dbs;
  }

  /** Warnings to be logged once, each {@code file:line: key: what it means}. */
  public List<String> warnings() {
    return warnings;
  }

  /** How long the JVM's exit may wait for the last uploads; 0 to 1 h. */
  public Duration shutdownTimeout() {
    return shutdownTimeout;
  }

  /** Bytes that all databases together may keep staged while stores are away; 16 MiB to 1 TiB. */
  public long stagingMaxTotalBytes() {
    return stagingMaxTotalBytes;
  }

  public LogLevel logLevel() {
    return logLevel;
  }

  /** Where metrics are served; null if they are not. */
  public @Nullable ListenAddress addr() {
    return addr;
  }

  /** Whether metrics are served under Litestream's names too. */
  public boolean hasLitestreamMetrics() {
    return hasLitestreamMetrics;
  }

  /** What stays restorable of each database. */
  public Policy retention() {
    return retention;
  }

  /** Whether files that no promise needs are deleted, or only named. */
  public boolean isRetentionEnabled() {
    return isRetentionEnabled;
  }

  /**
   * The first entry that matches a database, or null if none does. Asks the file system to resolve
   * symbolic links; opens nothing.
   *
   * @throws InvalidPathException if the file's name cannot be expressed in the process's locale,
   *     and an entry may match it
   * @param database as the application wrote it (relative paths are relative to the working
   *     directory of the JVM), or with symbolic links resolved
   */
  public @Nullable DbConfig match(File database) {
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

  /**
   * Whether a file whose name cannot be expressed in the process's locale lies below the folder of
   * a pattern.
   */
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
