package io.walsync.it.app;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writers in threads until told to stop: transactions of random size, and at random checkpoints of
 * every kind, VACUUM, reads left open, connections closed and opened again. BUSY is part of the
 * game for maintenance; any other error is reported.
 */
final class WriterStorm {

  private static final long JOIN_MILLIS = 60_000;
  private static final int MAINTENANCE_BUSY_MILLIS = 200;
  private static final int SQLITE_LOCKED = 6;
  private static final String[] CHECKPOINTS = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};

  private final Connections connections;
  private final CommitJournal journal;
  private final Options options;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong commitCount = new AtomicLong();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private volatile boolean isStopping;

  WriterStorm(Connections connections, CommitJournal journal, Options options) {
    this.connections = connections;
    this.journal = journal;
    this.options = options;
  }

  void start() {
    int count = options.number("threads", 1);
    for (int index = 0; index < count; index++) {
      int writer = index + 1;
      long seed = options.number("seed", 1) * 31L + writer;
      Thread thread = new Thread(() -> write(writer, new Random(seed)), "writer-" + writer);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Returns the number of commits, once every writer has finished its transaction. */
  long stop() throws InterruptedException, SQLException {
    isStopping = true;
    for (Thread thread : threads) {
      thread.join(JOIN_MILLIS);
      if (thread.isAlive()) {
        errors.add(thread.getName() + " still writes after " + JOIN_MILLIS + " ms");
      }
    }
    if (!errors.isEmpty()) {
      throw new SQLException(String.join("; ", errors));
    }
    return commitCount.get();
  }

  private void write(int writer, Random random) {
    LedgerWriter ledger = new LedgerWriter(writer, random, journal);
    try {
      Connection connection = connections.open();
      try {
        while (!isStopping) {
          ledger.transaction(
              connection,
              1 + random.nextInt(options.number("rows", 4)),
              options.number("size", 500));
          commitCount.incrementAndGet();
          if (options.number("storm", 0) > 0 && random.nextInt(options.number("storm", 0)) == 0) {
            connection = disturb(connection, random);
          }
          pause(random);
        }
      } finally {
        connection.close();
      }
    } catch (SQLException | InterruptedException | RuntimeException e) {
      errors.add(Thread.currentThread().getName() + ": " + e);
    }
  }

  private void pause(Random random) throws InterruptedException {
    int micros = options.number("pause", 0);
    if (micros > 0) {
      long nanos = random.nextInt(2 * micros) * 1000L;
      Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
    }
  }

  private Connection disturb(Connection connection, Random random) throws SQLException {
    switch (random.nextInt(8)) {
      case 0:
        maintain(connection, "VACUUM");
        return connection;
      case 1:
        connection.close();
        return connections.open();
      case 2:
        try (Connection shortLived = connections.open()) {
          maintain(shortLived, "SELECT count(*) FROM blob");
        }
        return connection;
      default:
        String mode = CHECKPOINTS[random.nextInt(CHECKPOINTS.length)];
        maintain(connection, "PRAGMA wal_checkpoint(" + mode + ")");
        return connection;
    }
  }

  /** Maintenance gives up soon where it would have to wait, as a sensible application does. */
  private static void maintain(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=" + MAINTENANCE_BUSY_MILLIS);
      try {
        statement.execute(sql);
      } catch (SQLException failure) {
        if (!LedgerWriter.isBusy(failure) && !isLocked(failure)) {
          throw failure;
        }
      }
      statement.execute("PRAGMA busy_timeout=" + Connections.BUSY_MILLIS);
    }
  }

  private static boolean isLocked(SQLException failure) {
    return (failure.getErrorCode() & 0xff) == SQLITE_LOCKED;
  }
}
