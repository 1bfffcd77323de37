package io.walsync.agent;

import io.walsync.databases.Databases;
import io.walsync.databases.UnseenFile;
import io.walsync.hook.ConnectionRegistry;
import io.walsync.hook.Visit;
import io.walsync.io.Reason;
import java.io.File;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;

/**
 * Has databases replicated whose connections were open when the driver was woven, and have run
 * nothing since. The agent learns of each connection with its next statement, which may never come.
 * Until then such a database is visited whenever anybody has written it, and those that cannot be
 * visited are told.
 *
 * <p>Threading: one thread of its own; {@link #look} also from others of the agent's.
 */
final class UnseenConnections implements Runnable {

  /** Wait before each look. Connections in use have run a statement before the first. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Set<ClassLoader> driverLoaders;
  private final Databases databases;
  private final ConnectionRegistry connections;
  private final Logger log;

  /** What each looked like at its last visit. */
  private final Map<File, String> visited = new HashMap<>();

  private final Set<File> told = new HashSet<>();
  private final boolean areFilesListed;

  private boolean isFirstLook = true;

  /** Those of the first look that are still unseen. */
  private Set<File> unseen = Collections.emptySet();

  private boolean isEnded;

  /**
   * @param driverLoaders of all copies of the driver in this JVM; null is the bootstrap loader
   * @param areFilesListed whether this system lists which files a process has open
   */
  UnseenConnections(
      Set<ClassLoader> driverLoaders,
      Databases databases,
      ConnectionRegistry connections,
      Logger log,
      boolean areFilesListed) {
    this.areFilesListed = areFilesListed;
    this.driverLoaders = driverLoaders;
    this.databases = databases;
    this.connections = connections;
    this.log = log;
  }

  @Override
  public void run() {
    do {
      LockSupport.parkNanos(PAUSE_NANOS);
    } while (look());
  }

  /**
   * Visits those that were written since the last look.
   *
   * @return whether there are any left to look at
   */
  synchronized boolean look() {
    if (isEnded) {
      return false;
    }
    if (!areFilesListed && isFirstLook) {
      tellThatNoneAreFound();
    }
    Set<File> found = new HashSet<>();
    for (UnseenFile each : databases.unseen(isFirstLook ? null : unseen)) {
      found.add(each.file());
      look(each);
    }
    unseen = found;
    isFirstLook = false;
    return !found.isEmpty();
  }

  /** Nobody knows whether the application has them open, so that they are not visited. */
  private void tellThatNoneAreFound() {
    List<String> patterns = databases.unopened();
    if (!patterns.isEmpty()) {
      log.warn(
          "{}: if this process had it open before the agent came, nothing of it is replicated"
              + " before its next statement, since this system does not list the files of a process"
              + " (/proc/self/fd). Have the application run a statement on it, such as SELECT 1",
          String.join(", ", patterns));
    }
  }

  private void look(UnseenFile each) {
    // Of several copies nobody knows which has a file open, and no other may open it.
    if (driverLoaders.size() > 1) {
      tell(each.file(), "several copies of sqlite-jdbc are loaded, and it may be any of theirs");
    } else if (!each.isShared() && !visited.containsKey(each.file())) {
      tell(each.file(), "it is not in WAL mode, or one connection keeps it to itself");
    } else if (each.isShared()) {
      String state = each.state();
      if (!state.equals(visited.put(each.file(), state))) {
        visit(each.file());
      }
    }
  }

  private void visit(File file) {
    try {
      Visit.begin(file, driverLoaders.iterator().next(), connections).close();
    } catch (SQLException | RuntimeException e) {
      visited.remove(file);
      tell(file, Reason.of(e));
    }
  }

  private void tell(File file, String reason) {
    if (told.add(file)) {
      log.warn(
          "{}: open in this process, but nothing is replicated before its next statement: {}",
          file,
          reason);
    }
  }

  /** Looks a last time; returns those that are open and were not replicated. */
  synchronized Set<File> end() {
    look();
    isEnded = true;
    Set<File> left = new TreeSet<>(unseen);
    left.removeAll(visited.keySet());
    return left;
  }
}
