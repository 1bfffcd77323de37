package io.walsync.config;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

  /**
   * Most entries of {@code dbs}: enough for every tenant of a server. It is bounded because each
   * entry is compared with each other one.
   */
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
   * @param warnings receives warnings for its author; none contains the URL
   * @throws ConfigException if the URL names no replica; the message never contains the URL
   */
  public static ReplicaConfig replica(
      String url, Map<String, String> environment, List<String> warnings) throws ConfigException {
    ScalarNode key = new ScalarNode(Tag.STR, "url", ScalarStyle.PLAIN);
    ScalarNode value = new ScalarNode(Tag.STR, url, ScalarStyle.DOUBLE_QUOTED);
    MappingNode node =
        new MappingNode(
            Tag.MAP, Collections.singletonList(new NodeTuple(key, value)), FlowStyle.BLOCK);
    Source source = new Source("", Expansion.none(), overrides(url, environment));
    Section section = new Section(source, "", node, ConfigKeys.REPLICA);
    Section top = new Section(source, "", YamlFile.nothing(), ConfigKeys.TOP);
    ReplicaConfig replica = new ReplicaReader(top, environment).read(section);
    source.warnOfUnknownNames();
    source.check();
    warnings.addAll(source.warnings());
    return replica;
  }

  /**
   * The configuration that the URL of a replica stands for: every database, each below its own path
   * there.
   *
   * @throws ConfigException if the URL names no replica; the message never contains the URL
   */
  static Config everyDatabase(String url, Map<String, String> environment) throws ConfigException {
    Source source = new Source("", Expansion.none(), overrides(url, environment));
    return load(source, EveryDatabase.node(url), environment);
  }

  /** What the URL itself says counts before what the environment does. */
  private static Overrides overrides(String url, Map<String, String> environment) {
    return Overrides.of(environment).without(ReplicaReader.keysOfParameters(url));
  }

  /** As the method above, without the warnings. */
  public static ReplicaConfig replica(String url, Map<String, String> environment)
      throws ConfigException {
    return replica(url, environment, new ArrayList<String>());
  }

  /**
   * The replica in a folder, or null if the text names none: the path of a folder that exists, or a
   * {@code file:} URL. The URL may mean a folder as written, percent-decoded, or percent-encoded as
   * Litestream does it. Of those that exist the likeliest is returned; if none exists, the first.
   */
  public static @Nullable ReplicaConfig folder(String text) {
    boolean isUrl = text.regionMatches(true, 0, "file:", 0, 5);
    if (!isUrl && !UserPath.absolute(text).isDirectory()) {
      return null;
    }
    return ReplicaConfig.folder(isUrl ? likeliest(FileUrl.folders(text)) : UserPath.absolute(text));
  }

  private static File likeliest(List<String> names) {
    File found = UserPath.absolute(new File(names.get(0)));
    for (String name : names) {
      File folder = UserPath.absolute(new File(name));
      boolean isBetter = !holdsFiles(found) && holdsFiles(folder);
      found = isBetter || !found.exists() && folder.exists() ? folder : found;
    }
    return found;
  }

  private static boolean holdsFiles(File replica) {
    return new File(replica, "ltx").isDirectory();
  }

  private static Config load(File file, Map<String, String> environment, Expansion expansion)
      throws ConfigException {
    Source source = new Source(file.getPath(), expansion, Overrides.of(environment));
    return load(source, YamlFile.read(file), environment);
  }

  private static Config load(Source source, MappingNode root, Map<String, String> environment)
      throws ConfigException {
    Section top = new Section(source, "", root, ConfigKeys.TOP);
    source.attempt(() -> checkIgnored(top));
    SnapshotSettings snapshots = new SnapshotSettings();
    source.attempt(() -> snapshots.readTop(top));
    List<Section> sections = new ArrayList<>();
    source.attempt(() -> readSections(top, sections));
    for (Section section : sections) {
      source.attempt(() -> snapshots.addDatabase(section));
    }
    List<Duration> levels = new ArrayList<>();
    source.attempt(() -> levels.addAll(Levels.read(top)));
    snapshots.warnIfContradictory(!levels.isEmpty());
    RetentionSettings retention = new RetentionSettings();
    source.attempt(() -> retention.read(top, snapshots, !levels.isEmpty()));
    ReplicaReader replicas = new ReplicaReader(top, environment);
    DbReader reader = new DbReader(top, replicas, snapshots, levels, retention);
    List<DbConfig> dbs = new ArrayList<>();
    List<Section> ofDbs = new ArrayList<>();
    for (Section section : sections) {
      source.attempt(() -> read(reader, section, dbs, ofDbs));
    }
    source.attempt(() -> ReplicaCollisions.check(dbs, ofDbs));
    Config.Builder config = new Config.Builder();
    source.attempt(() -> config.shutdownTimeout = shutdownTimeout(top));
    source.attempt(() -> config.logLevel = logLevel(top));
    source.attempt(() -> config.stagingMaxTotalBytes = stagingMaxTotalBytes(top, dbs));
    source.attempt(() -> readMetrics(top, config));
    config.retention = retention.policy();
    config.isRetentionEnabled = retention.isEnabled();
    source.warnOfUnknownNames();
    source.check();
    return config.build(dbs, source.warnings());
  }

  /**
   * Reads one entry. If its path cannot be expressed in the process's locale, only this entry is
   * left out.
   */
  private static void read(
      DbReader reader, Section section, List<DbConfig> dbs, List<Section> ofDbs)
      throws ConfigException {
    try {
      dbs.add(reader.read(section));
      ofDbs.add(section);
    } catch (InvalidPathException e) {
      section.warn(
          "is NOT replicated: this process's locale has no name for "
              + e.getInput()
              + "; start it with LC_ALL=C.UTF-8 or another UTF-8 locale");
    }
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

  private static void readSections(Section top, List<Section> sections) throws ConfigException {
    Value dbs = top.get("dbs");
    List<Value> elements = dbs == null ? Collections.<Value>emptyList() : dbs.list();
    if (dbs != null && elements.size() > MAX_DB_COUNT) {
      throw dbs.error("has more than " + MAX_DB_COUNT + " entries; use `dir` and `pattern`");
    }
    if (elements.isEmpty()) {
      top.warn("names no databases (`dbs`): nothing is replicated");
    }
    for (Value element : elements) {
      top.source().attempt(() -> sections.add(element.section(ConfigKeys.DATABASE)));
    }
  }

  /** Checks sections that do nothing here for misspelt keys. */
  private static void checkIgnored(Section top) throws ConfigException {
    checkKeys(top.get("socket"), ConfigKeys.SOCKET);
    checkKeys(top.get("validation"), ConfigKeys.VALIDATION);
  }

  private static void checkKeys(@Nullable Value value, KeySet keys) throws ConfigException {
    if (value != null && value.isMapping()) {
      value.section(keys);
    }
  }

  private static Duration shutdownTimeout(Section top) throws ConfigException {
    Value value =
        Optional.ofNullable(top.get("shutdown-timeout")).orElse(top.get("shutdown-sync-timeout"));
    return value == null
        ? Config.DEFAULT_SHUTDOWN_TIMEOUT
        : value.duration(Duration.ZERO, MAX_SHUTDOWN_TIMEOUT, Config.DEFAULT_SHUTDOWN_TIMEOUT);
  }

  private static void readMetrics(Section top, Config.Builder config) throws ConfigException {
    Value addr = top.get("addr");
    if (addr != null) {
      config.addr = ListenAddress.parse(addr.text());
      if (config.addr == null) {
        addr.warn("is none of 9090, :9090, host:9090; no metrics are served");
      }
    }
    Value names = top.get("litestream-metrics");
    config.hasLitestreamMetrics = names != null && names.bool();
  }

  private static LogLevel logLevel(Section top) throws ConfigException {
    Section section = top.sectionOrEmpty("logging", ConfigKeys.LOGGING);
    Value stderr = section.get("stderr");
    if (stderr != null) {
      stderr.bool();
    }
    Value level = section.get("level");
    if (level == null) {
      return LogLevel.INFO;
    }
    String word = level.text().toUpperCase(Locale.ROOT);
    for (LogLevel each : LogLevel.values()) {
      if (each.name().equals(word) || each == LogLevel.WARN && word.equals("WARNING")) {
        return each;
      }
    }
    level.warn("is none of trace, debug, info, warn, error, off; info is used");
    return LogLevel.INFO;
  }
}
