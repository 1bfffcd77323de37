package io.walsync.it.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobLambda;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.sqlite.SqLiteStorageProvider;
import org.sqlite.SQLiteDataSource;

/**
 * Clients that enqueue jobs one after the other, and workers that run them. For each job that is
 * stored, and only then, a line {@code stored <client> <n> <job>}.
 *
 * <p>Arguments: the database path; how many clients (0: only work off what is there).
 */
public final class JobsApp {

  private static final int WORKER_COUNT = 3;
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

  private static SQLiteDataSource dataSource;

  private JobsApp() {}

  public static void main(String[] args) throws SQLException {
    dataSource = new SQLiteDataSource();
    dataSource.setUrl(
        "jdbc:sqlite:" + args[0] + "?journal_mode=WAL&synchronous=NORMAL&busy_timeout=20000");
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS effect (client INTEGER, n INTEGER, PRIMARY KEY (client, n))");
    }
    JobRunr.configure()
        .useStorageProvider(new SqLiteStorageProvider(dataSource))
        .useBackgroundJobServer(
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andWorkerCount(WORKER_COUNT)
                .andPollInterval(POLL_INTERVAL))
        .initialize();
    int clientCount = Integer.parseInt(args[1]);
    for (int client = 0; client < clientCount; client++) {
      int number = client;
      new Thread(() -> enqueue(number), "client-" + client).start();
    }
    System.out.println("started");
  }

  private static void enqueue(int client) {
    for (int n = 0; ; n++) {
      int number = n;
      JobLambda work = () -> work(client, number);
      UUID job = BackgroundJob.enqueue(work).asUUID();
      System.out.println("stored " + client + " " + n + " " + job);
    }
  }

  /** What a job does: a row of its own, in a transaction before the one that marks it done. */
  public static void work(int client, int n) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("INSERT OR IGNORE INTO effect VALUES (?, ?)")) {
      insert.setInt(1, client);
      insert.setInt(2, n);
      insert.executeUpdate();
    }
  }
}
