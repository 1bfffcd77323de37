package io.walsync.db;

import io.walsync.config.ConfigLoader;
import io.walsync.config.DbConfig;
import io.walsync.db.application.Connections;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.events.LogLines;
import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.settings.StagingTotal;
import io.walsync.hook.ConnectionHook;
import io.walsync.hook.FileConnection;
import io.walsync.host.Host;
import io.walsync.io.AgentThreads;
import io.walsync.io.Disk;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.teststore.ManualClock;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.sqlite.SQLiteConnection;

/**
 * The duty cycle of a real database, whose turns are taken by the test, in a time that passes when
 * the test says so. Requests to the store are answered at once, or when it says so.
 */
final class TurnsByHand implements AutoCloseable {

  static final Duration REST_AFTER = Duration.ofMillis(500);

  /** What asks for its next turn at once gets it so much later. */
  private static final long LEAST_STEP_NANOS = 1_000_000;

  private final class Executors implements DbExecutors {
    private final Host host = new Host();

    @Override
    public AgentThreads capture() {
      throw new AssertionError("turns are taken by hand");
    }

    @Override
    public Executor uploads() {
      return request -> {
        requests.add(request);
        if (!areAnswersLate) {
          answer();
        }
      };
    }

    @Override
    public Host host() {
      return host;
    }

    @Override
    public long restAfterNanos() {
      return REST_AFTER.toNanos();
    }
  }

  /** A connection of the application's. */
  final class App implements AutoCloseable {
    private final Connection connection;
    private final FileConnection hook;

    App() throws SQLException, IOException {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      hook =
          new ConnectionHook(
                  ((SQLiteConnection) connection).getDatabase(), file.getPath(), attached -> {})
              .main();
      connections.add(hook, Db.fileKey(file));
      duty.opened(hook);
    }

    void execute(String... statements) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      }
    }

    @Override
    public void close() throws SQLException {
      connections.leave(hook, true);
      duty.run();
      connection.close();
      connections.closed(hook);
    }
  }

  final File file;
  final ManualClock clock = new ManualClock();

  /** Whether requests wait for {@link #answer}. */
  boolean areAnswersLate;

  private final File replicaFolder;
  private final Connections connections = new Connections(clock);
  private final DutyCycle duty;
  private final Queue<Runnable> requests = new ArrayDeque<>();

  TurnsByHand(Path folder, UnaryOperator<ReplicaClient> wrapper) throws Exception {
    file = folder.resolve("app.db").toFile().getCanonicalFile();
    replicaFolder = folder.resolve("replica").toFile();
    Path configFile = folder.resolve("walsync.yml");
    Files.write(
        configFile,
        ("dbs:\n  - path: "
                + file
                + "\n    replica:\n      url: file://"
                + replicaFolder
                + "\n      sync-interval: 1s\n")
            .getBytes(StandardCharsets.UTF_8));
    DbConfig config = ConfigLoader.load(configFile.toFile(), Map.of()).match(file);
    DbSettings settings =
        new DbSettings(
            file,
            config.metaFolderFor(file),
            config,
            () -> wrapper.apply(new FileReplicaClient(replicaFolder)),
            "file://" + replicaFolder,
            new Random(1),
            Disk.REAL,
            clock,
            new StagingTotal(1L << 40),
            new LogLines(file, "file://" + replicaFolder));
    duty =
        new DutyCycle(
            settings, new Executors(), connections, new Drain(), new Turnstile(), () -> {});
  }

  App open() throws SQLException, IOException {
    return new App();
  }

  /** Takes a turn; returns when the next is due. */
  Duration turn() {
    return Duration.ofNanos(duty.run());
  }

  /** Takes all turns that are due within that time, each when it is. */
  void turns(Duration time) {
    long end = clock.nanoTime() + time.toNanos();
    long next = duty.run();
    while (next <= end - clock.nanoTime()) {
      clock.passNanos(Math.max(LEAST_STEP_NANOS, next));
      next = duty.run();
    }
    clock.passNanos(end - clock.nanoTime());
  }

  /** Has the store answer all that it was asked. */
  void answer() {
    for (Runnable next = requests.poll(); next != null; next = requests.poll()) {
      next.run();
    }
  }

  DbState state() {
    return DbState.valueOf(duty.describeState());
  }

  List<LtxFileInfo> uploaded(int level) throws IOException {
    FileReplicaClient client = new FileReplicaClient(replicaFolder);
    client.init();
    return client.list(level, Txid.FIRST, false);
  }

  Parking parking() {
    return duty.parking();
  }

  @Override
  public void close() throws IOException {
    duty.close();
    if (duty.impossibleChange() != null) {
      throw new AssertionError(duty.impossibleChange());
    }
  }
}
