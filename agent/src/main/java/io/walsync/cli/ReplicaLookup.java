package io.walsync.cli;

import io.walsync.config.Config;
import io.walsync.config.ConfigException;
import io.walsync.config.ConfigLoader;
import io.walsync.config.ConfigPlace;
import io.walsync.config.DbConfig;
import io.walsync.config.ReplicaConfig;
import io.walsync.config.UserPath;
import io.walsync.replica.ReplicaException;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the replica that an argument names: by its folder or URL, or by a database's path and the
 * configuration.
 */
final class ReplicaLookup {

  private static final String[] VARIABLES = {
    "walsync.config", "WALSYNC_CONFIG", "LITESTREAM_CONFIG"
  };
  private static final String[] FILES = {"/etc/walsync.yml", "/etc/litestream.yml"};

  private static final String NO_CONFIGURATION =
      "no -config, no $WALSYNC_CONFIG or $LITESTREAM_CONFIG, no " + FILES[0] + " or " + FILES[1];

  /** Databases named in a message; more would bury it. */
  private static final int MAX_NAMED = 5;

  private final Console console;
  private final Map<String, String> environment;

  ReplicaLookup(Console console, Map<String, String> environment) {
    this.console = console;
    this.environment = environment;
  }

  /**
   * @throws UsageException if there is no argument, or the configuration does not know the database
   * @throws ReplicaException if the argument may be a folder that is not there
   */
  ReplicaSource find(Arguments arguments) throws UsageException, ConfigException, ReplicaException {
    String argument = required(arguments);
    ReplicaConfig folder = ConfigLoader.folder(argument);
    if (folder != null || isUrl(argument)) {
      if (arguments.text("config") != null) {
        throw new UsageException("a replica's folder or URL needs no -config");
      }
      return new ReplicaSource(argument, folder != null ? folder : ofUrl(argument));
    }
    File database = UserPath.absolute(UserPath.stripSqlitePrefix(argument));
    boolean mayBeFolder =
        arguments.text("config") == null && argument.indexOf('/') >= 0 && !database.exists();
    ConfigPlace place = place(arguments);
    if (place == null) {
      if (mayBeFolder) {
        throw noFolder(
            database, "no configuration that names a database there: " + NO_CONFIGURATION);
      }
      throw new UsageException("there is no configuration: " + NO_CONFIGURATION);
    }
    Config config = load(place, arguments);
    String file = place.name(config);
    DbConfig db = config.match(database);
    if (db == null && mayBeFolder) {
      throw noFolder(database, "no such database in " + file + ", which has " + names(config));
    }
    if (db == null) {
      throw new UsageException(
          database + " is no replica's folder and not in " + file + ", which has " + names(config));
    }
    return new ReplicaSource(
        argument,
        database,
        db.replicaFor(database),
        db.metaFolderFor(database),
        config.retention(),
        config.isRetentionEnabled());
  }

  private static String required(Arguments arguments) throws UsageException {
    String argument = arguments.argument();
    if (argument == null || argument.isEmpty()) {
      throw new UsageException("name a database, or the folder or URL of a replica");
    }
    return argument;
  }

  /** Whether there is a backup is not known: its disk may be missing. */
  private static ReplicaException noFolder(File folder, String why) {
    return new ReplicaException(
        "there is no folder " + folder + " (not mounted?), and " + why, true);
  }

  private ReplicaConfig ofUrl(String url) throws ConfigException {
    List<String> warnings = new ArrayList<>();
    ReplicaConfig replica = ConfigLoader.replica(url, environment, warnings);
    for (String warning : warnings) {
      console.err.println("walsync: WARN: " + warning);
    }
    return replica;
  }

  Config config(Arguments arguments) throws UsageException, ConfigException {
    ConfigPlace place = place(arguments);
    if (place == null) {
      throw new UsageException("there is no configuration: " + NO_CONFIGURATION);
    }
    return load(place, arguments);
  }

  private Config load(ConfigPlace place, Arguments arguments) throws ConfigException {
    Config config =
        arguments.isSet("no-expand-env")
            ? place.loadWithoutExpansion(environment)
            : place.load(environment);
    warn(place.name(config), config, arguments.text("config") != null);
    return config;
  }

  /** By line; the file is named if the user has not named it. */
  private void warn(String file, Config config, boolean isNamed) {
    if (!isNamed && !config.warnings().isEmpty()) {
      console.err.println("walsync: WARN: of " + file + ":");
    }
    for (String warning : config.warnings()) {
      String ofFile = file + ":";
      console.err.println(
          "walsync: WARN: "
              + (warning.startsWith(ofFile)
                  ? "line " + warning.substring(ofFile.length())
                  : warning));
    }
  }

  /** Where the configuration is; null if there is none. */
  @Nullable ConfigPlace place(Arguments arguments) {
    String given = arguments.text("config");
    if (given != null) {
      return ConfigPlace.of(given);
    }
    for (String variable : VARIABLES) {
      String path = environment.get(variable);
      if (path != null && !path.isEmpty()) {
        return ConfigPlace.of(path);
      }
    }
    for (String path : FILES) {
      File file = new File(path);
      if (file.exists()) {
        return ConfigPlace.of(path);
      }
    }
    return null;
  }

  private static String names(Config config) {
    StringBuilder names = new StringBuilder(config.dbs().isEmpty() ? "no databases" : "");
    int count = 0;
    for (DbConfig db : config.dbs()) {
      if (count == MAX_NAMED) {
        return names.append(" and ").append(config.dbs().size() - count).append(" more").toString();
      }
      names.append(count == 0 ? "" : ", ").append(db.pattern());
      count++;
    }
    return names.toString();
  }

  private static boolean isUrl(String argument) {
    int scheme = argument.indexOf("://");
    return scheme > 0 && !argument.startsWith("sqlite");
  }
}
