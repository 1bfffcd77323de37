package io.walsync.databases;

import io.walsync.hook.FileConnection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Connections to a file that this process has open under another name: it was renamed while open,
 * or its folder was, or it is a hard link. They are not replicated while the other name is in use,
 * and are afterwards.
 *
 * <p>Threading: safe.
 */
final class SecondNames {

  /** Most connections that wait: far more than an application has to one renamed database. */
  private static final int MAX_CONNECTIONS = 1000;

  /** One that waits. */
  static final class Connection {
    final FileConnection file;
    final Object fileKey;

    Connection(FileConnection file, Object fileKey) {
      this.file = file;
      this.fileKey = fileKey;
    }
  }

  private final List<Connection> waiting = new ArrayList<>();

  synchronized void add(FileConnection file, Object fileKey) {
    // Of the connections that are closed already, one per file is enough: it takes in their
    // commits.
    waiting.removeIf(each -> each.file.isGone() && each.fileKey.equals(fileKey));
    if (waiting.size() < MAX_CONNECTIONS) {
      waiting.add(new Connection(file, fileKey));
    }
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * Removes and returns the connections that need not wait any longer.
   *
   * @param isOpen whether a file, by its key, is open under the name that it is known by
   */
  synchronized List<Connection> take(Predicate<Object> isOpen) {
    List<Connection> taken = new ArrayList<>();
    for (Iterator<Connection> i = waiting.iterator(); i.hasNext(); ) {
      Connection each = i.next();
      if (!isOpen.test(each.fileKey)) {
        taken.add(each);
        i.remove();
      }
    }
    return taken;
  }
}
