package io.walsync.db;

import io.walsync.config.ConfigLoader;
import io.walsync.config.DbConfig;
import io.walsync.db.application.Connections;
import io.walsync.db.events.DbEvents;
import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.settings.Pause;
import io.walsync.db.settings.StagingTotal;
import io.walsync.hook.ConnectionHook;
import io.walsync.hook.FileConnection;
import io.walsync.host.Host;
import io.walsync.io.AgentThreads;
import io.walsync.io.Disk;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.teststore.ManualClock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.sqlite.SQLiteConnection;

/**
 * A real database with a replica in a directory, around which nothing happens by itself: time
 * passes, and the store answers, when the test says so.
 */
final class ByHand {

  static final Duration REST_AFTER = Duration.ofMillis(500);

  final File file;
  final File replicaFolder;
  final ManualClock clock = new ManualClock();
  final Pause pause = new Pause(clock);
  final Connections connections = new Connections(clock);
  private final Queue<Runnable> requests = new ArrayDeque<>();
  private final DbConfig config;

  /**
   * @param setting one more of the database's
   */
  ByHand(Path folder, String setting) throws Exception {
    file = folder.resolve("app.db").toFile().getCanonicalFile();
    replicaFolder = folder.resolve("replica").toFile();
    Path configFile = folder.resolve("walsync.yml");
    Files.writeString(
        configFile,
        "dbs:\n  - path: "
            + file
            + "\n    replica:\n      url: "
            + url()
            + "\n      sync-interval: 1s\n    "
            + setting
            + "\n");
    config = ConfigLoader.load(configFile.toFile(), Map.of()).match(file);
  }

  String url() {
    return "file://" + replicaFolder;
  }

  DbSettings settings(UnaryOperator<ReplicaClient> wrapper, DbEvents events) {
    return new DbSettings(
        file,
        config.metaFolderFor(file),
        config,
        () -> wrapper.apply(new FileReplicaClient(replicaFolder)),
        url(),
        new Random(1),
        Disk.REAL,
        clock,
        new StagingTotal(1L << 40),
        events);
  }

  /**
   * @param requested runs when the store has been asked something
   */
  DbExecutors executors(Runnable requested) {
    Host host = new Host();
    return new DbExecutors() {
      @Override
      public AgentThreads capture() {
        throw new AssertionError("nothing runs by itself");
      }

      @Override
      public Executor uploads() {
        return request -> {
          requests.add(request);
          requested.run();
        };
      }

      @Override
      public Pause pause() {
        return pause;
      }

      @Override
      public Host host() {
        return host;
      }

      @Override
      public long restAfterNanos() {
        return REST_AFTER.toNanos();
      }
    };
  }

  /** Has the store answer all that it was asked. */
  void answer() {
    for (Runnable next = requests.poll(); next != null; next = requests.poll()) {
      next.run();
    }
  }

  /** A connection of the application's, of which the connections know. */
  final class AppConnection {
    final FileConnection hook;
    private final Connection connection;

    AppConnection() throws SQLException, IOException {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      hook =
          new ConnectionHook(
                  ((SQLiteConnection) connection).getDatabase(), file.getPath(), attached -> {})
              .main();
      connections.add(hook, Db.fileKey(file));
    }

    void execute(String... statements) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      }
    }

    /**
     * @param makeWay has the agent out of the way before the connection closes
     */
    void close(MakeWay makeWay) throws SQLException, IOException {
      if (!connection.isClosed()) {
        connections.leave(hook, true);
        makeWay.run();
        connection.close();
        connections.closed(hook);
      }
    }
  }

  /** What the agent does before a connection of the application's closes. */
  interface MakeWay {
    void run() throws SQLException, IOException;
  }
}
