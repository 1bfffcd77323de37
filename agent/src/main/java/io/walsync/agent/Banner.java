package io.walsync.agent;

import io.walsync.config.Config;
import io.walsync.hook.FileConnection;
import io.walsync.io.Release;
import io.walsync.sqlite.DriverVersion;
import io.walsync.status.AgentFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What the agent says of itself: one line as it starts, and the same to whoever asks later. An
 * agent that is attached may know the driver only afterwards, and then says that in a line of its
 * own.
 *
 * <p>Threading: safe.
 */
final class Banner {

  private final Logger log;
  private final int entryCount;
  private final String place;
  private final long sinceMillis = System.currentTimeMillis();

  /** Null until a copy of the driver is known. */
  private volatile @Nullable DriverVersion driver;

  private Banner(Logger log, Config config, String place) {
    this.log = log;
    this.entryCount = config.dbs().size();
    this.place = place;
  }

  /**
   * Writes the line.
   *
   * @param nativeDb the class of the first connection's; null if none was opened
   * @param open the application's connections
   */
  static Banner tell(
      Logger log, ReadConfig found, @Nullable Class<?> nativeDb, List<FileConnection> open) {
    Banner banner = new Banner(log, found.config, found.name);
    if (nativeDb != null) {
      banner.driver = DriverVersion.of(nativeDb.getClassLoader());
    } else if (!open.isEmpty()) {
      banner.driver = DriverVersion.of(open.get(0).driverLoader());
    }
    banner.tell();
    return banner;
  }

  private void tell() {
    log.info(
        "walsync {} on Java {}{}; {} in {}",
        Release.version(),
        Release.java(),
        driver == null ? "" : ", " + driver,
        entryCount == 1 ? "1 database or pattern" : entryCount + " databases or patterns",
        place);
  }

  /**
   * A copy of the driver is loaded there; told unless one was.
   *
   * @param loader null for the bootstrap loader
   */
  synchronized void found(@Nullable ClassLoader loader) {
    if (driver == null) {
      DriverVersion known = DriverVersion.of(loader);
      driver = known;
      log.info("the application uses {}", known);
    }
  }

  /**
   * @param unopened entries of the configuration of which nothing was opened
   */
  AgentFacts facts(List<String> unopened) {
    DriverVersion known = driver;
    return new AgentFacts(
        Release.version(),
        Release.java(),
        known == null ? null : known.driver(),
        known == null ? null : known.sqlite(),
        place,
        sinceMillis,
        unopened);
  }
}
