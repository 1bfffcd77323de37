package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.config.ConfigLoader;
import io.walsync.config.DbConfig;
import io.walsync.hook.ConnectionHook;
import io.walsync.host.Host;
import io.walsync.io.AgentThread;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.file.FileReplicaClient;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.UnaryOperator;
import org.sqlite.SQLiteConnection;

/** A real database under a real {@link Db}, with the woven calls made by hand. */
final class ReplicatedDatabase implements AutoCloseable {

  private static final int THREADS = 2;

  private final class Executors implements DbExecutors {
    final ScheduledThreadPoolExecutor threads =
        new ScheduledThreadPoolExecutor(THREADS, AgentThread.factory("test"));

    @Override
    public Host host() {
      return host;
    }

    /** Occupies both threads until the latch is counted down. */
    CountDownLatch keepBusy() throws InterruptedException {
      CountDownLatch isOver = new CountDownLatch(1);
      CountDownLatch isBusy = new CountDownLatch(THREADS);
      for (int i = 0; i < THREADS; i++) {
        threads.execute(
            () -> {
              isBusy.countDown();
              try {
                isOver.await();
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });
      }
      isBusy.await();
      return isOver;
    }

    @Override
    public ScheduledExecutorService capture() {
      return threads;
    }

    @Override
    public Executor uploads() {
      return threads;
    }
  }

  /** One application connection and its hook. */
  final class App implements AutoCloseable {
    final Connection connection;
    final ConnectionHook hook;

    App() throws SQLException, IOException {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        // Long enough for any lock of the agent's, short enough for a long reader in the way.
        statement.execute("PRAGMA busy_timeout=200");
      }
      hook = new ConnectionHook(((SQLiteConnection) connection).getDatabase(), file.getPath());
      db.opened(hook, Db.fileKey(file));
    }

    void execute(String... statements) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          hook.accept((Object) sql);
          statement.execute(sql);
          hook.accept((Object) sql, 0);
        }
      }
    }

    @Override
    public void close() throws SQLException {
      hook.accept((Object) ConnectionHook.CLOSE);
      connection.close();
      hook.accept((Object) ConnectionHook.CLOSE, 0);
    }

    /** Something happens after the close and before the agent gets to look at what it left. */
    void closeBefore(Callable<?> meanwhile) throws Exception {
      hook.accept((Object) ConnectionHook.CLOSE);
      connection.close();
      CountDownLatch isOver = executors.keepBusy();
      Thread closing = new Thread(() -> hook.accept((Object) ConnectionHook.CLOSE, 0));
      closing.start();
      meanwhile.call();
      isOver.countDown();
      closing.join();
    }
  }

  final File file;
  final File replicaFolder;
  private final DbConfig config;
  private final UnaryOperator<ReplicaClient> wrapper;
  private final Host host = new Host();
  private Executors executors = new Executors();
  private Db db;

  ReplicatedDatabase(Path folder, String... settings) throws Exception {
    this(folder, UnaryOperator.identity(), settings);
  }

  ReplicatedDatabase(Path folder, UnaryOperator<ReplicaClient> wrapper, String... settings)
      throws Exception {
    this(folder, folder.resolve("replica").toFile(), wrapper, settings);
  }

  ReplicatedDatabase(Path folder, File replicaFolder) throws Exception {
    this(folder, replicaFolder, UnaryOperator.identity());
  }

  private ReplicatedDatabase(
      Path folder, File replicaFolder, UnaryOperator<ReplicaClient> wrapper, String... settings)
      throws Exception {
    this.wrapper = wrapper;
    this.replicaFolder = replicaFolder;
    file = folder.resolve("app.db").toFile().getCanonicalFile();
    StringBuilder yaml = new StringBuilder("dbs:\n  - path: " + file + "\n");
    for (String setting : settings) {
      yaml.append("    ").append(setting).append('\n');
    }
    yaml.append("    replica:\n      url: file://").append(replicaFolder);
    yaml.append("\n      sync-interval: 20ms\n");
    Path configFile = folder.resolve("walsync.yml");
    Files.write(configFile, yaml.toString().getBytes(StandardCharsets.UTF_8));
    config = ConfigLoader.load(configFile.toFile(), Map.of()).match(file);
    start();
  }

  private void start() {
    UnaryOperator<ReplicaClient> wrapping = wrapper;
    db =
        new Db(
            new DbSettings(
                file,
                config.metaFolderFor(file),
                config,
                () -> wrapping.apply(client()),
                "file://" + replicaFolder,
                new Random(1)),
            executors);
  }

  ReplicaClient client() {
    FileReplicaClient client = new FileReplicaClient(replicaFolder);
    try {
      client.init();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return client;
  }

  Db db() {
    return db;
  }

  App open() throws SQLException, IOException {
    return new App();
  }

  /**
   * As after a kill: whatever the agent was doing stops, nothing is tidied up but the folder's
   * lock.
   */
  void restartAgent() throws Exception {
    stopAgent();
    startAgent();
  }

  void stopAgent() throws Exception {
    executors.threads.shutdownNow();
    executors.threads.awaitTermination(10, java.util.concurrent.TimeUnit.SECONDS);
    db.close();
  }

  void startAgent() {
    executors = new Executors();
    start();
  }

  void drain() {
    db.drain();
    long deadline = System.nanoTime() + 8_000_000_000L;
    while (!db.isDrained()) {
      assertThat(System.nanoTime())
          .as("still pending: " + db.describePending())
          .isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  List<LtxFileInfo> uploaded(int level) throws IOException {
    return client().list(level, Txid.FIRST, false);
  }

  /** Applies every file of the replica in order, the plain way. */
  File restore(Path target) throws IOException {
    List<LtxFileInfo> files = new ArrayList<>(uploaded(9));
    List<LtxFileInfo> chain = new ArrayList<>();
    chain.add(files.get(files.size() - 1));
    for (LtxFileInfo info : uploaded(0)) {
      if (info.maxTxid().compareTo(chain.get(0).maxTxid()) > 0) {
        chain.add(info);
      }
    }
    try (RandomAccessFile out = new RandomAccessFile(target.toFile(), "rw")) {
      out.setLength(0);
      for (LtxFileInfo info : chain) {
        apply(info, out);
      }
    }
    return target.toFile();
  }

  private void apply(LtxFileInfo info, RandomAccessFile out) throws IOException {
    try (BufferedInputStream in =
        new BufferedInputStream(client().open(info, 0, Long.MAX_VALUE), 1 << 16)) {
      LtxDecoder decoder = new LtxDecoder(in, info.toString());
      byte[] page = new byte[decoder.header().pageSize()];
      for (int pgno = decoder.nextPage(page); pgno != 0; pgno = decoder.nextPage(page)) {
        out.seek((pgno - 1L) * page.length);
        out.write(page);
      }
      out.setLength((long) decoder.header().commit() * page.length);
    }
  }

  @Override
  public void close() throws Exception {
    executors.threads.shutdownNow();
  }
}
