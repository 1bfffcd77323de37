package io.walsync.agent;

import io.walsync.config.LogLevel;
import io.walsync.io.LogTimes;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the first logger, and with it the level of all: SLF4J simple reads its settings once,
 * through the context class loader of the calling thread, which therefore must be one of ours.
 */
final class AgentLog {

  /** Relocation gives the property a name of our own in the packed jar. */
  private static final String LEVEL_PROPERTY = "org.slf4j.simpleLogger.defaultLogLevel";

  private AgentLog() {}

  static Logger start(LogLevel level) {
    System.setProperty(LEVEL_PROPERTY, level.name().toLowerCase(Locale.ROOT));
    try {
      LogTimes.useUtc();
      return LoggerFactory.getLogger("walsync");
    } finally {
      // The host's system properties stay as they were.
      System.clearProperty(LEVEL_PROPERTY);
    }
  }
}
