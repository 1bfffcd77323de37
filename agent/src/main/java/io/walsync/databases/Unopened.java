package io.walsync.databases;

import io.walsync.config.Config;
import io.walsync.config.DbConfig;
import java.io.File;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases that the configuration names and this process has not opened. They are logged once,
 * since a misspelled path looks just like a database that is not needed yet.
 *
 * <p>Threading: safe.
 */
final class Unopened {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");

  /** Most files without an entry that the line names, as what may have been meant. */
  private static final int MAX_OTHERS = 3;

  private final Config config;

  /** The entries of which nothing was opened. */
  private final Set<DbConfig> never;

  private final Set<File> others = new LinkedHashSet<>();
  private boolean isTold;
  private boolean isWithoutFileTold;

  Unopened(Config config) {
    this.config = config;
    this.never = new LinkedHashSet<>(config.dbs());
  }

  /** Notes a connection to a file that an entry matches. */
  synchronized void matched(DbConfig entry) {
    never.remove(entry);
  }

  /** Notes a connection to a file that no entry matches. */
  synchronized void unmatched(File file) {
    if (others.size() < MAX_OTHERS) {
      others.add(file);
    }
  }

  /** Notes a connection to a database that has no file: told once, if every database is meant. */
  synchronized void withoutFile() {
    if (!isWithoutFileTold && config.dbs().stream().anyMatch(DbConfig::isEverything)) {
      isWithoutFileTold = true;
      LOG.info(
          "a database in memory or a temporary one is open, which has no file: it is not replicated,"
              + " nor are others like it");
    }
  }

  /** The entries to which no connection is known, or may be to others that they mean. */
  synchronized List<String> patterns() {
    return config.dbs().stream()
        .filter(entry -> !entry.isExact() || !isTold && never.contains(entry))
        .map(DbConfig::pattern)
        .collect(Collectors.toList());
  }

  /** The entries of which no database was opened. */
  synchronized List<String> neverOpened() {
    return never.stream().map(DbConfig::pattern).collect(Collectors.toList());
  }

  /** Logs what has not been opened so far. Does nothing the second time. */
  synchronized void tell() {
    String exact =
        never.stream()
            .filter(DbConfig::isExact)
            .map(DbConfig::pattern)
            .collect(Collectors.joining(", "));
    if (!isTold && !exact.isEmpty()) {
      LOG.info(
          "{}: configured, but not opened by this process so far{}",
          exact,
          others.isEmpty()
              ? ""
              : "; what it has open and no entry means: "
                  + others.stream().map(File::getPath).collect(Collectors.joining(", ")));
    }
    isTold = true;
  }
}
