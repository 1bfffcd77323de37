package io.walsync.it.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application with {@code busy_timeout=0} that works on one new rollback-journal database after
 * the other, copies of a seed with a table {@code t(a)}: each with as many connections as threads,
 * which are closed when they have run their statements. Prints one line, {@code ok} and the number
 * of connections that failed.
 *
 * <p>Arguments: FOLDER SEED DATABASES THREADS STATEMENT REPETITIONS.
 */
public final class Impatient {

  private Impatient() {}

  public static void main(String[] args) throws Exception {
    Path folder = Paths.get(args[0]);
    int threadCount = Integer.parseInt(args[3]);
    AtomicInteger failedCount = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(threadCount);
    for (int i = 0; i < Integer.parseInt(args[2]); i++) {
      Path database = Files.copy(Paths.get(args[1]), folder.resolve("copy-" + i + ".db"));
      CountDownLatch done = new CountDownLatch(threadCount);
      for (int t = 0; t < threadCount; t++) {
        threads.execute(
            () -> {
              work(database, args[4], Integer.parseInt(args[5]), failedCount);
              done.countDown();
            });
      }
      done.await();
    }
    threads.shutdown();
    System.out.println("ok " + failedCount);
  }

  private static void work(Path database, String sql, int count, AtomicInteger failedCount) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + database + "?busy_timeout=0");
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < count; i++) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      System.err.println(e.getMessage());
      failedCount.incrementAndGet();
    }
  }
}
