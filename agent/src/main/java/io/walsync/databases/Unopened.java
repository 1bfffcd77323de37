package io.walsync.databases;

import io.walsync.config.Config;
import io.walsync.config.DbConfig;
import java.io.File;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases that the configuration names and that this process has not opened: said once, since
 * a path that is spelled wrong looks just like a database that is not needed yet.
 *
 * <p>Threading: safe.
 */
final class Unopened {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");

  /** Files without an entry that are named as what may have been meant. */
  private static final int MAX_OTHERS = 3;

  private final Set<DbConfig> entries = new LinkedHashSet<>();
  private final Set<File> others = new LinkedHashSet<>();

  Unopened(Config config) {
    config.dbs().stream().filter(DbConfig::isExact).forEach(entries::add);
  }

  /** A connection was opened to a file that an entry means. */
  synchronized void matched(DbConfig entry) {
    entries.remove(entry);
  }

  /** A connection was opened to a file that no entry means. */
  synchronized void unmatched(File file) {
    if (others.size() < MAX_OTHERS) {
      others.add(file);
    }
  }

  /** Says what has not been opened so far; nothing the second time. */
  synchronized void tell() {
    if (!entries.isEmpty()) {
      LOG.info(
          "{}: configured, but not opened by this process so far{}",
          entries.stream().map(DbConfig::pattern).collect(Collectors.joining(", ")),
          others.isEmpty()
              ? ""
              : "; what it has open and no entry means: "
                  + others.stream().map(File::getPath).collect(Collectors.joining(", ")));
    }
    entries.clear();
  }
}
