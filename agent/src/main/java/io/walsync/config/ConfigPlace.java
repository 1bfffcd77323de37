package io.walsync.config;

import java.io.File;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a configuration comes from: a file, or the URL of a replica alone, which stands for every
 * database that the application opens.
 */
public final class ConfigPlace {

  private static final String PROPERTY = Overrides.PROPERTY_PREFIX + "config";
  private static final String VARIABLE = "WALSYNC_CONFIG";

  private final String text;

  private ConfigPlace(String text) {
    this.text = text;
  }

  /** A path or a URL, as somebody wrote it. */
  public static ConfigPlace of(String text) {
    return new ConfigPlace(text);
  }

  /**
   * What was given counts before the system property {@code walsync.config}, and that before the
   * variable {@code WALSYNC_CONFIG}.
   *
   * @param given null or empty if nothing was
   * @param environment as {@link HostEnvironment#read} returns it
   * @throws ConfigException if none is named
   */
  public static ConfigPlace chosen(@Nullable String given, Map<String, String> environment)
      throws ConfigException {
    for (String text : new String[] {given, environment.get(PROPERTY), environment.get(VARIABLE)}) {
      if (text != null && !text.isEmpty()) {
        return new ConfigPlace(text);
      }
    }
    throw new ConfigException(
        "no configuration: give its path, or the URL of a replica, as"
            + " -javaagent:walsync-agent.jar=PATH, as attach PID CONFIG, or in "
            + VARIABLE);
  }

  /** Whether it is the URL of a replica. */
  public boolean isUrl() {
    return ReplicaUrl.isUrl(text);
  }

  /** The file; not for a URL. */
  public File file() {
    assert !isUrl();
    return new File(text);
  }

  /** What means the same in a process with another working directory; may hold a secret. */
  public String absolute() {
    return isUrl() ? text : file().getAbsolutePath();
  }

  /**
   * @param environment as {@link HostEnvironment#read} returns it
   * @throws ConfigException if it cannot be read or used; the message is complete
   */
  public Config load(Map<String, String> environment) throws ConfigException {
    return isUrl()
        ? ConfigLoader.everyDatabase(text, environment)
        : ConfigLoader.load(file(), environment);
  }

  /** As {@link #load}, but every {@code $} in the file stands for itself. */
  public Config loadWithoutExpansion(Map<String, String> environment) throws ConfigException {
    return isUrl() ? load(environment) : ConfigLoader.loadWithoutExpansion(file(), environment);
  }

  /**
   * For people: the path as it was written, or the URL without anything that could be a secret.
   *
   * @param config what was read from it
   */
  public String name(Config config) {
    return isUrl() ? config.dbs().get(0).replica().url() : file().getPath();
  }
}
