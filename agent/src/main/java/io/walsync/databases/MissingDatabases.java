package io.walsync.databases;

import io.walsync.clients.ClientOpener;
import io.walsync.config.Config;
import io.walsync.config.DbConfig;
import io.walsync.config.ReplicaConfig;
import io.walsync.io.AgentThread;
import io.walsync.io.FileAccess;
import io.walsync.io.Reason;
import io.walsync.replica.ReplicaClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has databases restored that are missing when the application opens them, where the configuration
 * says so. The open goes on when the database is there, or when it is certain that nothing was ever
 * replicated; otherwise it fails, so that no empty database takes the place of one that is lost.
 *
 * <p>Threading: safe. The application's thread waits; the work is done on a thread of the agent's,
 * which nobody interrupts. Each file is restored by one thread at a time.
 */
public final class MissingDatabases {

  private static final Logger LOG = LoggerFactory.getLogger("walsync");

  /** Most messages that are remembered as told. */
  private static final int MAX_TOLD = 10_000;

  private final Config config;
  private final ClientOpener clients;
  private final ConcurrentMap<File, FutureTask<Void>> running = new ConcurrentHashMap<>();
  private final Set<String> told = new HashSet<>();

  private MissingDatabases(Config config, ClientOpener clients) {
    this.config = config;
    this.clients = clients;
  }

  /** Null if no entry of the configuration wants a missing database restored. */
  public static @Nullable MissingDatabases of(Config config, ClientOpener clients) {
    for (DbConfig entry : config.dbs()) {
      if (entry.restoreIfDbNotExists()) {
        return new MissingDatabases(config, clients);
      }
    }
    return null;
  }

  /**
   * Restores the database of a file that is missing, if it is to be; else does nothing.
   *
   * @throws SQLException if it is not known that there is nothing to restore, and nothing was
   */
  public void restore(File file) throws SQLException {
    DbConfig entry = match(file);
    if (entry == null || !entry.restoreIfDbNotExists() || file.length() > 0) {
      return;
    }
    try {
      await(restoring(file, entry));
    } catch (ExecutionException e) {
      throw failed(file, entry, e.getCause());
    } catch (CancellationException noThread) {
      throw failed(file, entry, noThread);
    }
  }

  /** The restore of that file that is under way, or else a new one. */
  private FutureTask<Void> restoring(File file, DbConfig entry) {
    MissingDatabase missing =
        new MissingDatabase(file, entry.replicaFor(file), entry.metaFolderFor(file), this::client);
    FutureTask<Void> work =
        new FutureTask<>(
            () -> {
              try {
                missing.restore();
              } finally {
                running.remove(file);
              }
              return null;
            });
    FutureTask<Void> other = running.putIfAbsent(file, work);
    if (other != null) {
      return other;
    }
    try {
      AgentThread.of(work, "walsync-restore").start();
    } catch (Error noThread) {
      running.remove(file);
      work.cancel(false);
      throw noThread;
    }
    return work;
  }

  /**
   * As {@link #restore}, of each file that an entry names: one of them is about to be opened.
   *
   * @throws SQLException as {@link #restore}
   */
  public void restoreAll() throws SQLException {
    for (DbConfig entry : config.dbs()) {
      if (entry.isExact()) {
        restore(entry.root());
      } else if (entry.restoreIfDbNotExists() && isFirst(entry.pattern())) {
        LOG.warn(
            "{}: an ATTACH names its file by a parameter or an expression, which is not understood: a"
                + " missing database of this pattern is not restored there",
            entry.pattern());
      }
    }
  }

  /** A name that cannot be expressed here matches nothing; its connection is told of. */
  private @Nullable DbConfig match(File file) {
    try {
      return config.match(file);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private ReplicaClient client(ReplicaConfig replica) throws IOException {
    return clients.open(replica, FileAccess.BY_UMASK);
  }

  /** The application may have interrupted its thread, which is to see that later. */
  private static void await(FutureTask<Void> work) throws ExecutionException {
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          work.get();
          return;
        } catch (InterruptedException later) {
          isInterrupted = true;
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private SQLException failed(File file, DbConfig entry, @Nullable Throwable cause) {
    String url = entry.replicaFor(file).url();
    String reason = cause == null ? "for no known reason" : Reason.of(cause);
    if (isFirst(file + ": " + reason)) {
      LOG.error(
          "{}: is missing, and could not be restored from {}: {}. It is not opened, so that no empty"
              + " database takes its place; the next open tries again",
          file,
          url,
          reason);
    }
    SQLException refused =
        MissingFile.refusal(
            file,
            "could not be restored from "
                + url
                + ": "
                + reason
                + ". It is not opened, so that no empty database takes its place; the next open tries"
                + " again");
    refused.initCause(cause);
    return refused;
  }

  private synchronized boolean isFirst(String line) {
    return told.size() < MAX_TOLD && told.add(line);
  }
}
