package io.walsync.agent;

import io.walsync.config.LogLevel;
import io.walsync.io.LogTimes;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the first logger, and with it the level of all: SLF4J simple reads its settings once,
 * through the context class loader of the calling thread. So it must be called on a thread of the
 * agent.
 */
final class AgentLog {

  /** In the packed jar relocation changes this name to one that only the agent uses. */
  private static final String LEVEL_PROPERTY = "org.slf4j.simpleLogger.defaultLogLevel";

  private AgentLog() {}

  static Logger start(LogLevel level) {
    System.setProperty(LEVEL_PROPERTY, level.name().toLowerCase(Locale.ROOT));
    try {
      LogTimes.useUtc();
      return LoggerFactory.getLogger("walsync");
    } finally {
      // The host must not see a change of its system properties.
      System.clearProperty(LEVEL_PROPERTY);
    }
  }
}
