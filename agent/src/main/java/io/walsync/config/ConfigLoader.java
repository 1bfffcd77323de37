package io.walsync.config;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads a configuration file. The keys are documented in {@link ConfigKeys}. */
public final class ConfigLoader {

  private static final long DEFAULT_STAGING_TOTAL_BYTES = 4L << 30;

  private static final Duration MAX_SHUTDOWN_TIMEOUT = Duration.ofHours(1);

  /** Enough for every tenant of a server; each entry is compared with each other one. */
  static final int MAX_DB_COUNT = 2000;

  private ConfigLoader() {}

  /**
   * @param environment what {@code $NAME} is replaced from, and where credentials may be; usually
   *     {@link System#getenv()}
   * @throws ConfigException if the file cannot be read or used; the message is complete
   */
  public static Config load(File file, Map<String, String> environment) throws ConfigException {
    return load(file, environment, Expansion.from(environment));
  }

  /** As {@link #load}, but every {@code $} in the file stands for itself. */
  public static Config loadWithoutExpansion(File file, Map<String, String> environment)
      throws ConfigException {
    return load(file, environment, Expansion.none());
  }

  /**
   * The replica a URL names: {@code s3://…} or {@code file:///…}.
   *
   * @throws ConfigException if it names none; the message never contains the URL
   */
  public static ReplicaConfig replica(String url, Map<String, String> environment)
      throws ConfigException {
    ScalarNode key = new ScalarNode(Tag.STR, "url", ScalarStyle.PLAIN);
    ScalarNode value = new ScalarNode(Tag.STR, url, ScalarStyle.DOUBLE_QUOTED);
    MappingNode node =
        new MappingNode(
            Tag.MAP, Collections.singletonList(new NodeTuple(key, value)), FlowStyle.BLOCK);
    Source source = new Source("", Expansion.none());
    Section section = new Section(source, "", node, ConfigKeys.REPLICA);
    return new ReplicaReader(null, environment).read(section);
  }

  private static Config load(File file, Map<String, String> environment, Expansion expansion)
      throws ConfigException {
    Source source = new Source(file.getPath(), expansion);
    Section top = new Section(source, "", YamlFile.read(file), ConfigKeys.TOP);
    checkIgnored(top);
    Duration shutdownTimeout = shutdownTimeout(top);
    LogLevel logLevel = logLevel(top);
    SnapshotSettings snapshots = new SnapshotSettings();
    snapshots.readTop(top);
    List<Section> sections = sections(top);
    for (Section section : sections) {
      snapshots.addDatabase(section);
    }
    snapshots.warnIfContradictory();
    DbReader reader = new DbReader(top, new ReplicaReader(top, environment), snapshots);
    List<DbConfig> dbs = new ArrayList<>();
    for (Section section : sections) {
      dbs.add(reader.read(section));
    }
    ReplicaCollisions.check(dbs, sections);
    return new Config(
        dbs, source.warnings(), shutdownTimeout, stagingMaxTotalBytes(top, dbs), logLevel);
  }

  private static long stagingMaxTotalBytes(Section top, List<DbConfig> dbs) throws ConfigException {
    Value given = top.get("staging-max-total-bytes");
    if (given != null) {
      return given.size(DbReader.MIN_STAGING_BYTES, DbReader.MAX_STAGING_BYTES);
    }
    long largest = DEFAULT_STAGING_TOTAL_BYTES;
    for (DbConfig db : dbs) {
      largest = Math.max(largest, db.stagingMaxBytes());
    }
    return largest;
  }

  private static List<Section> sections(Section top) throws ConfigException {
    Value dbs = top.get("dbs");
    if (dbs == null) {
      throw top.missing("dbs", "names no databases; it needs `dbs`");
    }
    List<Section> sections = new ArrayList<>();
    for (Value element : dbs.list()) {
      sections.add(element.section(ConfigKeys.DATABASE));
    }
    if (sections.isEmpty()) {
      throw dbs.error("names no databases");
    }
    if (sections.size() > MAX_DB_COUNT) {
      throw dbs.error("has more than " + MAX_DB_COUNT + " entries; use `dir` and `pattern`");
    }
    return sections;
  }

  /** Sections that do nothing here are still checked for misspelt keys. */
  private static void checkIgnored(Section top) throws ConfigException {
    checkKeys(top.get("socket"), ConfigKeys.SOCKET);
    checkKeys(top.get("retention"), ConfigKeys.RETENTION);
    checkKeys(top.get("validation"), ConfigKeys.VALIDATION);
    Value levels = top.get("levels");
    if (levels != null) {
      for (Value level : levels.list()) {
        checkKeys(level, ConfigKeys.LEVEL);
      }
    }
  }

  private static void checkKeys(Value value, KeySet keys) throws ConfigException {
    if (value != null) {
      value.section(keys);
    }
  }

  private static Duration shutdownTimeout(Section top) throws ConfigException {
    Value value =
        Optional.ofNullable(top.get("shutdown-timeout")).orElse(top.get("shutdown-sync-timeout"));
    return value == null
        ? Config.DEFAULT_SHUTDOWN_TIMEOUT
        : value.duration(Duration.ZERO, MAX_SHUTDOWN_TIMEOUT);
  }

  private static LogLevel logLevel(Section top) throws ConfigException {
    Value logging = top.get("logging");
    if (logging == null) {
      return LogLevel.INFO;
    }
    Section section = logging.section(ConfigKeys.LOGGING);
    Value stderr = section.get("stderr");
    if (stderr != null) {
      stderr.bool();
    }
    Value level = section.get("level");
    if (level == null) {
      return LogLevel.INFO;
    }
    int index = level.word("trace", "debug", "info", "warn", "error", "off", "warning");
    return index == LogLevel.values().length ? LogLevel.WARN : LogLevel.values()[index];
  }
}
