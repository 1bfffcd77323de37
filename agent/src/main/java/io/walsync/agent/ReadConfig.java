package io.walsync.agent;

import io.walsync.config.Config;
import io.walsync.config.ConfigException;
import io.walsync.config.ConfigPlace;
import io.walsync.config.HostEnvironment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configuration that was read, and its name for people. */
final class ReadConfig {

  final Config config;
  final String name;

  private ReadConfig(Config config, String name) {
    this.config = config;
    this.name = name;
  }

  /**
   * @param given null or empty if nothing was given with the agent
   * @throws ConfigException if there is none, or it is wrong
   */
  static ReadConfig of(@Nullable String given) throws ConfigException {
    Map<String, String> environment = HostEnvironment.read();
    ConfigPlace place = ConfigPlace.chosen(given, environment);
    Config config = place.load(environment);
    return new ReadConfig(config, ConfigPlace.of(place.absolute()).name(config));
  }
}
