package io.walsync.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the {@code replica} of a database, the defaults at the top level and the environment into a
 * {@link ReplicaConfig}.
 */
final class ReplicaReader {

  static final Duration DEFAULT_SYNC_INTERVAL = Duration.ofSeconds(1);
  private static final Duration MIN_SYNC_INTERVAL = Duration.ofMillis(1);
  private static final Duration MAX_SYNC_INTERVAL = Duration.ofHours(24);

  private static final List<String> OTHER_TYPES =
      Arrays.asList("gs", "abs", "sftp", "nats", "webdav", "webdavs", "oss");

  /** The key for each URL parameter. The key itself is also accepted as a parameter. */
  private static final Map<String, String> KEYS_BY_PARAMETER = new HashMap<>();

  static {
    KEYS_BY_PARAMETER.put("endpoint", "endpoint");
    KEYS_BY_PARAMETER.put("region", "region");
    KEYS_BY_PARAMETER.put("concurrency", "concurrency");
    KEYS_BY_PARAMETER.put("forcePathStyle", "force-path-style");
    KEYS_BY_PARAMETER.put("skipVerify", "skip-verify");
    KEYS_BY_PARAMETER.put("storageClass", "storage-class");
    KEYS_BY_PARAMETER.put("partSize", "part-size");
    KEYS_BY_PARAMETER.put("signPayload", "sign-payload");
    KEYS_BY_PARAMETER.put("signAcceptEncoding", "sign-accept-encoding");
    KEYS_BY_PARAMETER.put("requireContentMD5", "require-content-md5");
    KEYS_BY_PARAMETER.put("putObjectContentMD5", "put-object-content-md5");
  }

  private final Section top;
  private final Map<String, String> environment;

  /**
   * @param top the section whose replica keys are defaults
   */
  ReplicaReader(Section top, Map<String, String> environment) {
    this.top = top;
    this.environment = environment;
  }

  ReplicaConfig read(Section replica) throws ConfigException {
    rejectEncryption(replica);
    rejectEncryption(top);
    Value written = replica.get("url");
    WrittenUrl url = written == null ? null : WrittenUrl.parse(written);
    ReplicaType type = type(replica, url);
    if (type == ReplicaType.FILE) {
      return readFile(replica, url);
    }
    Map<String, Value> parameters = url == null ? new HashMap<>() : parameters(url);
    return new S3ReplicaReader(new ReplicaSettings(replica, top, parameters), url, environment)
        .read();
  }

  Duration syncInterval(Section replica) throws ConfigException {
    Value value =
        new ReplicaSettings(replica, top, new HashMap<String, Value>()).get("sync-interval");
    return value == null
        ? DEFAULT_SYNC_INTERVAL
        : value.duration(MIN_SYNC_INTERVAL, MAX_SYNC_INTERVAL, DEFAULT_SYNC_INTERVAL);
  }

  private static void rejectEncryption(Section section) throws ConfigException {
    Value value = section.get("age");
    if (value == null) {
      return;
    }
    Section age = value.section(ConfigKeys.AGE);
    for (Value keys : age.values()) {
      if (!keys.isAbsent() && !keys.list().isEmpty()) {
        throw keys.error(
            "encryption with age is not supported, the data would be stored in the clear;"
                + " remove it, or use sse-kms-key-id or sse-customer-key");
      }
    }
  }

  private static ReplicaType type(Section replica, @Nullable WrittenUrl url)
      throws ConfigException {
    Value type = replica.get("type");
    if (url == null) {
      return type == null ? typeOf(replica.get("bucket")) : writable(type, word(type));
    }
    String scheme = url.parsed.scheme;
    ReplicaType said = writable(url.value, scheme);
    if (type != null && !word(type).equals(scheme)) {
      type.warn("contradicts `url`, which says " + scheme + "; ignored");
    }
    return said;
  }

  private static String word(Value type) throws ConfigException {
    return type.text().toLowerCase(Locale.ROOT);
  }

  /** The type of a replica that names neither a URL nor a type. */
  private static ReplicaType typeOf(@Nullable Value bucket) {
    if (bucket != null) {
      bucket.warn("has no effect without `type: s3` beside it: this replica is a directory");
    }
    return ReplicaType.FILE;
  }

  private static ReplicaType writable(Value value, String type) throws ConfigException {
    if (OTHER_TYPES.contains(type)) {
      throw value.error(
          "replicas of type " + type + " cannot be written yet; those that can are s3 and file");
    }
    if (!type.equals("s3") && !type.equals("file")) {
      throw value.error("unknown replica type \"" + type + "\"; use s3 or file");
    }
    return type.equals("s3") ? ReplicaType.S3 : ReplicaType.FILE;
  }

  private static ReplicaConfig readFile(Section replica, @Nullable WrittenUrl url)
      throws ConfigException {
    Value path = replica.get("path");
    if (url != null && path != null) {
      throw path.error("contradicts `url`; a replica has one or the other");
    }
    warnOfS3Keys(replica, url == null && replica.get("type") == null);
    if (url != null) {
      url.warn();
      return ReplicaConfig.folder(UserPath.absolute(url.parsed.path));
    }
    if (path == null) {
      throw replica.missing(
          "path", "needs a `url` such as s3://bucket/path, or a `path` for a directory");
    }
    if (ReplicaUrl.isUrl(path.text())) {
      throw path.error("must not be a URL; use `url`");
    }
    return ReplicaConfig.folder(UserPath.absolute(path.text()));
  }

  private static void warnOfS3Keys(Section replica, boolean isBucketWarnedOf) {
    for (Value value : replica.values()) {
      boolean isSaid = value.key().equals("bucket") && isBucketWarnedOf;
      if (ConfigKeys.S3.contains(value.key()) && !value.isAbsent() && !isSaid) {
        value.warn("has no effect on a file replica");
      }
    }
  }

  /** The keys that a URL gives as parameters; none if it is none that can be read. */
  static Set<String> keysOfParameters(String url) {
    Set<String> keys = new HashSet<>();
    try {
      for (Map.Entry<String, String> parameter : ReplicaUrl.parse(url).query.entrySet()) {
        String name = parameter.getKey();
        keys.add(parameter.getValue().isEmpty() ? "" : KEYS_BY_PARAMETER.getOrDefault(name, name));
      }
    } catch (IllegalArgumentException unreadable) {
      return keys; // which is told when the URL is read
    }
    return keys;
  }

  private static Map<String, Value> parameters(WrittenUrl url) throws ConfigException {
    Map<String, Value> values = new HashMap<>();
    url.warn();
    for (Map.Entry<String, String> parameter : url.parsed.query.entrySet()) {
      String name = parameter.getKey();
      String key = KEYS_BY_PARAMETER.get(name);
      if (key == null && KEYS_BY_PARAMETER.containsValue(name)) {
        key = name;
      }
      if (key == null) {
        checkUnknownParameter(url.value, name);
        continue;
      }
      if (parameter.getValue().isEmpty()) {
        continue;
      }
      Value value = url.value.part(name, key, parameter.getValue());
      if (values.put(key, value) != null) {
        throw value.error("is given twice in the URL, in two spellings");
      }
    }
    return values;
  }

  /**
   * Fails if an unknown parameter looks like a misspelt one; otherwise it is accepted, as
   * Litestream does.
   */
  private static void checkUnknownParameter(Value url, String name) {
    String nearest = NearestKey.find(name, KEYS_BY_PARAMETER.values());
    String known = "unknown parameter `" + name + "`";
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("sse") || lower.contains("encryption")) {
      url.warn("encryption settings do not work in a URL; write `" + name + "` as a key beside it");
    } else if (nearest == null) {
      url.warn(known + "; ignored");
    } else {
      String written = nearest;
      for (Map.Entry<String, String> entry : KEYS_BY_PARAMETER.entrySet()) {
        if (entry.getValue().equals(nearest)) {
          written = entry.getKey();
        }
      }
      url.source().report(url.error(known + "; did you mean `" + written + "`?"));
    }
  }
}
