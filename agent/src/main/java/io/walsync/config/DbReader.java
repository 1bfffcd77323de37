package io.walsync.config;

import io.walsync.ltx.PageEncoding;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns one entry of {@code dbs} into a {@link DbConfig}. */
@SuppressWarnings("EnumOrdinal") // words are listed in the order of their enum
final class DbReader {

  private static final Duration MAX_BUSY_TIMEOUT = Duration.ofMinutes(1);
  private static final int MAX_CHECKPOINT_PAGE_COUNT = 1_000_000;

  /** Bytes. With less room one large transaction would not fit. */
  static final long MIN_STAGING_BYTES = 16L << 20;

  static final long MAX_STAGING_BYTES = 1L << 40;

  private final Section top;
  private final ReplicaReader replicas;
  private final SnapshotSettings snapshots;
  private final List<Duration> levels;
  private final RetentionSettings retention;

  DbReader(
      Section top,
      ReplicaReader replicas,
      SnapshotSettings snapshots,
      List<Duration> levels,
      RetentionSettings retention) {
    this.levels = levels;
    this.retention = retention;
    this.top = top;
    this.replicas = replicas;
    this.snapshots = snapshots;
  }

  DbConfig read(Section db) throws ConfigException {
    DbConfig.Builder config = new DbConfig.Builder(db.line(), snapshots);
    Source source = db.source();
    DatabasePattern pattern = source.found(() -> pattern(db));
    boolean isOne = pattern != null && pattern.isExact();
    source.attempt(() -> readMeta(db, isOne, config));
    source.attempt(() -> readSettings(db, config));
    config.levels = levels;
    config.retention = retention.asked();
    config.isRetentionEnabled = retention.isEnabled();
    ReplicaConfig replica = source.found(() -> readReplica(db, config));
    if (pattern == null || replica == null) {
      throw new ConfigException(Collections.<String>emptyList());
    }
    return config.build(pattern, replica);
  }

  private ReplicaConfig readReplica(Section db, DbConfig.Builder config) throws ConfigException {
    Section replica = replica(db);
    config.syncInterval = replicas.syncInterval(replica);
    return replicas.read(replica);
  }

  private static DatabasePattern pattern(Section db) throws ConfigException {
    Value path = db.get("path");
    Value dir = db.get("dir");
    if (path != null && dir != null) {
      throw dir.error("contradicts `path`; an entry has one or the other");
    }
    if (dir != null) {
      return patternIn(dir, db);
    }
    if (path == null) {
      throw db.missing("path", "needs a `path`, or a `dir` with a `pattern`");
    }
    for (String key : new String[] {"pattern", "recursive", "watch"}) {
      Value ignored = db.get(key);
      if (ignored != null) {
        ignored.warn("goes with `dir`, not with `path`; ignored");
      }
    }
    return DatabasePattern.ofPath(databasePath(path));
  }

  private static DatabasePattern patternIn(Value dir, Section db) throws ConfigException {
    Value pattern = db.get("pattern");
    if (pattern == null) {
      throw db.missing("pattern", "`dir` needs a `pattern` beside it, such as \"*.db\"");
    }
    if (pattern.text().indexOf('/') >= 0) {
      throw pattern.error("is matched against file names and must not contain \"/\"");
    }
    Value recursive = db.get("recursive");
    Value watch = db.get("watch");
    if (watch != null) {
      watch.bool();
    }
    try {
      return DatabasePattern.ofDirectory(
          databasePath(dir), pattern.text(), recursive != null && recursive.bool());
    } catch (InvalidPathException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw pattern.error(String.valueOf(e.getMessage()));
    }
  }

  private static String databasePath(Value value) throws ConfigException {
    String path = UserPath.stripSqlitePrefix(value.text());
    if (path.startsWith("jdbc:")) {
      throw value.error("must be a path, not a JDBC URL; leave out \"jdbc:sqlite:\"");
    }
    if (ReplicaUrl.isUrl(path)) {
      throw value.error("must be a path, not a URL");
    }
    if (path.isEmpty() || path.equals(":memory:")) {
      throw value.error("must be the path of a database file");
    }
    return UserPath.expandHome(path);
  }

  private static void readMeta(Section db, boolean isOne, DbConfig.Builder config)
      throws ConfigException {
    Value metaPath = db.get("meta-path");
    Value metaDir = db.get("meta-dir");
    if (metaPath != null && metaDir != null) {
      throw metaDir.error("contradicts `meta-path`; an entry has one or the other");
    }
    if (metaDir != null && isOne) {
      throw metaDir.error("is for many databases; use `meta-path` for one");
    }
    config.metaPath = metaPath == null ? null : UserPath.absolute(metaPath.text());
    config.metaDir = metaDir == null ? null : UserPath.absolute(metaDir.text());
  }

  private void readSettings(Section db, DbConfig.Builder config) throws ConfigException {
    Value busyTimeout = db.get("busy-timeout");
    if (busyTimeout != null) {
      config.busyTimeout =
          busyTimeout.duration(Duration.ZERO, MAX_BUSY_TIMEOUT, config.busyTimeout);
    }
    Value pageCount = db.get("min-checkpoint-page-count");
    if (pageCount != null) {
      config.minCheckpointPageCount = pageCount.integer(1, MAX_CHECKPOINT_PAGE_COUNT);
    }
    Value restore = db.get("restore-if-db-not-exists");
    config.restoreIfDbNotExists = restore != null && restore.bool();
    Value journalMode = withDefault(db, "journal-mode");
    if (journalMode != null) {
      config.journalMode = JournalMode.values()[journalMode.word("wal", "keep")];
    }
    Value encoding = withDefault(db, "page-encoding");
    if (encoding != null) {
      config.pageEncoding = PageEncoding.values()[encoding.word("frame", "block")];
    }
    Value checkpointer = withDefault(db, "checkpointer");
    if (checkpointer != null) {
      config.checkpointer = Checkpointer.values()[checkpointer.word("agent", "application")];
    }
    Value behind = withDefault(db, "behind");
    if (behind != null) {
      config.behind = BehindPolicy.values()[behind.word("continue", "refuse")];
    }
    Value staging = withDefault(db, "staging-max-bytes");
    if (staging != null) {
      config.stagingMaxBytes = staging.size(MIN_STAGING_BYTES, MAX_STAGING_BYTES);
    }
  }

  private @Nullable Value withDefault(Section db, String key) throws ConfigException {
    Value value = db.get(key);
    return value == null ? top.get(key) : value;
  }

  private static Section replica(Section db) throws ConfigException {
    Value replica = db.get("replica");
    Value replicas = db.get("replicas");
    if (replica != null && replicas != null) {
      throw replicas.error("contradicts `replica`; keep `replica`");
    }
    if (replica != null) {
      return replica.section(ConfigKeys.REPLICA);
    }
    if (replicas == null) {
      throw db.missing("replica", "needs a `replica`");
    }
    List<Value> list = replicas.list();
    if (list.size() != 1) {
      throw replicas.error(
          "must have exactly one element, not " + list.size() + "; a database has one replica");
    }
    return list.get(0).section(ConfigKeys.REPLICA);
  }
}
