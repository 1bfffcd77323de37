package io.walsync.config;

import io.walsync.history.retention.Policy;
import io.walsync.ltx.PageEncoding;
import java.io.File;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One entry of {@code dbs}: the settings of one database file, or of all that a pattern names. */
public final class DbConfig {

  private static final String META_SUFFIX = "-walsync";

  private final DatabasePattern pattern;
  private final ReplicaConfig replica;
  private final Builder values;

  private DbConfig(DatabasePattern pattern, ReplicaConfig replica, Builder values) {
    this.pattern = pattern;
    this.replica = replica;
    this.values = values;
  }

  /** What the entry matches, as an absolute path, with wildcards if it matches many. */
  public String pattern() {
    return pattern.toString();
  }

  /** Whether the entry names one file. */
  public boolean isExact() {
    return pattern.isExact();
  }

  /** The one file of an exact entry; otherwise the folder that all matching files lie below. */
  public File root() {
    return pattern.root();
  }

  /** Whether files in folders below {@link #root} can match. */
  public boolean isRecursive() {
    return pattern.isRecursive();
  }

  /** Whether every file of this machine can match. */
  public boolean isEverything() {
    return isRecursive() && root().getParent() == null && pattern().endsWith("**/*");
  }

  /** {@code file:line} of the entry. */
  public String location() {
    return values.location;
  }

  /**
   * Whether the entry matches a database.
   *
   * @param database as the application wrote it, or with symbolic links resolved
   */
  public boolean matches(File database) {
    return pattern.relativePath(database) != null;
  }

  /** The replica as configured: that of the one file, or the root of the replicas of many. */
  public ReplicaConfig replica() {
    return replica;
  }

  /**
   * The replica of one database. For many databases it is the configured one with the database's
   * relative path appended, so that no two share a path.
   *
   * @throws IllegalArgumentException if the entry does not stand for the database
   */
  public ReplicaConfig replicaFor(File database) {
    return replica.below(relativePath(database));
  }

  /**
   * The folder for staged files and state of one database; need not exist.
   *
   * @throws IllegalArgumentException if the entry does not stand for the database
   */
  public File metaFolderFor(File database) {
    String relative = relativePath(database);
    File resolved = UserPath.spellings(database).get(0);
    if (values.metaDir != null) {
      return new File(values.metaDir, relative + META_SUFFIX);
    }
    if (values.metaPath == null) {
      return beside(resolved);
    }
    return relative.isEmpty() ? values.metaPath : beside(new File(values.metaPath, relative));
  }

  private static File beside(File database) {
    return new File(database.getParentFile(), "." + database.getName() + META_SUFFIX);
  }

  private String relativePath(File database) {
    String relative = pattern.relativePath(database);
    if (relative == null) {
      throw new IllegalArgumentException(pattern() + " does not stand for " + database);
    }
    return relative;
  }

  /** The shortest time between two uploads; 1 ms to 24 h, default 1 s. */
  public Duration syncInterval() {
    return values.syncInterval;
  }

  /** {@code busy-timeout}; 0 to 1 min, default 1 s. Not used, see {@link ConfigKeys}. */
  public Duration busyTimeout() {
    return values.busyTimeout;
  }

  public JournalMode journalMode() {
    return values.journalMode;
  }

  public PageEncoding pageEncoding() {
    return values.pageEncoding;
  }

  public Checkpointer checkpointer() {
    return values.checkpointer;
  }

  /** What to do with a database from which a power cut took commits that the replica has. */
  public BehindPolicy behind() {
    return values.behind;
  }

  /** Bytes that may wait on disk while the store is away; 16 MiB to 1 TiB, default 1 GiB. */
  public long stagingMaxBytes() {
    return values.stagingMaxBytes;
  }

  /** {@code min-checkpoint-page-count} in pages; default 1000. Not used, see {@link ConfigKeys}. */
  public int minCheckpointPageCount() {
    return values.minCheckpointPageCount;
  }

  /** How much time a file of level 1, 2 and so on spans, see {@link ConfigKeys}; empty for none. */
  public List<Duration> levels() {
    return values.levels;
  }

  /** Age of the last snapshot at which the next is made; default 24 h. */
  public Duration snapshotInterval() {
    return values.snapshotInterval;
  }

  /** What stays restorable when the agent deletes files; null if it deletes none. */
  public @Nullable Policy retention() {
    return values.retention;
  }

  /** Whether files that no promise needs are deleted, or only counted. */
  public boolean isRetentionEnabled() {
    return values.isRetentionEnabled;
  }

  /** Whether a missing database is restored before it is opened; default false. */
  public boolean restoreIfDbNotExists() {
    return values.restoreIfDbNotExists;
  }

  DatabasePattern databasePattern() {
    return pattern;
  }

  /** The configured {@code meta-path}, or null. */
  @Nullable File metaPath() {
    return values.metaPath;
  }

  @Override
  public String toString() {
    return pattern() + " -> " + replica;
  }

  /** Collects the values; must not be touched after {@link #build}. */
  static final class Builder {
    final String location;
    final Duration snapshotInterval;
    @Nullable File metaPath;
    @Nullable File metaDir;
    Duration syncInterval = ReplicaReader.DEFAULT_SYNC_INTERVAL;
    Duration busyTimeout = Duration.ofSeconds(1);
    JournalMode journalMode = JournalMode.WAL;
    PageEncoding pageEncoding = PageEncoding.LZ4_FRAME;
    Checkpointer checkpointer = Checkpointer.AGENT;
    BehindPolicy behind = BehindPolicy.CONTINUE;
    long stagingMaxBytes = 1L << 30;
    int minCheckpointPageCount = 1000;
    List<Duration> levels = Levels.DEFAULT;
    @Nullable Policy retention;
    boolean isRetentionEnabled = true;
    boolean restoreIfDbNotExists;

    /**
     * @param location {@code file:line} of the entry
     */
    Builder(String location, SnapshotSettings snapshots) {
      this.location = location;
      this.snapshotInterval = snapshots.interval();
    }

    DbConfig build(DatabasePattern pattern, ReplicaConfig replica) {
      return new DbConfig(pattern, replica, this);
    }
  }
}
