package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.config.ConfigLoader;
import io.walsync.config.DbConfig;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.LogLines;
import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.settings.StagingTotal;
import io.walsync.hook.ConnectionHook;
import io.walsync.host.Host;
import io.walsync.io.AgentThreads;
import io.walsync.io.Clock;
import io.walsync.io.Disk;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.testkit.Await;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.sqlite.SQLiteConnection;

/** A real database under a real {@link Db}, with the woven calls made by hand. */
public final class ReplicatedDatabase implements AutoCloseable {

  private static final int THREADS = 2;

  private final class Executors implements DbExecutors {
    final AgentThreads threads = new AgentThreads(THREADS, "test");

    @Override
    public Host host() {
      return host;
    }

    /** Occupies both threads until the latch is counted down. */
    CountDownLatch keepBusy() throws InterruptedException {
      CountDownLatch isOver = new CountDownLatch(1);
      CountDownLatch isBusy = new CountDownLatch(THREADS);
      for (int i = 0; i < THREADS; i++) {
        threads.run(
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
    public AgentThreads capture() {
      return threads;
    }

    @Override
    public Executor uploads() {
      return work -> {
        if (isWithoutUploadThreads) {
          throw new OutOfMemoryError("unable to create native thread (injected)");
        }
        threads.run(work);
      };
    }

    @Override
    public long restAfterNanos() {
      return restAfterNanos;
    }

    @Override
    public long listingIntervalNanos() {
      return listingIntervalNanos;
    }
  }

  /** One application connection and its hook. */
  public final class App implements AutoCloseable {
    public final Connection connection;
    final ConnectionHook hook;

    App() throws SQLException, IOException {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        // Long enough for any lock of the agent's, short enough for a long reader in the way.
        statement.execute("PRAGMA busy_timeout=200");
      }
      hook =
          new ConnectionHook(
              ((SQLiteConnection) connection).getDatabase(), file.getPath(), attached -> {});
      db.opened(hook.main(), Db.fileKey(file));
    }

    public void execute(String... statements) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          hook.accept((Object) sql);
          statement.execute(sql);
          hook.accept((Object) sql, 0);
        }
      }
    }

    String text(String sql) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        return row.getString(1);
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

  /** Half of it is more than a tick of a local file system's clock. */
  private static final long QUICK_REST_NANOS = 40_000_000;

  private static final long NO_REST_NANOS = 3_600_000_000_000L;

  private static final long STOP_NANOS = 10_000_000_000L;

  public final File file;
  public final File replicaFolder;
  private final DbConfig config;
  private final UnaryOperator<ReplicaClient> wrapper;
  private final Host host = new Host();
  Disk disk = Disk.REAL;
  private final long restAfterNanos;
  volatile boolean isWithoutUploadThreads;

  private final Clock clock =
      new Clock() {
        @Override
        public long nanoTime() {
          return SYSTEM.nanoTime();
        }

        @Override
        public long millis() {
          return SYSTEM.millis() + clockAheadMillis;
        }

        @Override
        public void pause(long nanos) {
          SYSTEM.pause(nanos);
        }
      };

  /** How much the clock of the agent is ahead of the machine's. */
  volatile long clockAheadMillis;

  /** Counts for databases that begin afterwards. */
  long listingIntervalNanos = 3_600_000_000_000L;

  /** Hears of what begins afterwards; null for the log. */
  DbEvents events;

  private Executors executors = new Executors();
  private Db db;

  public ReplicatedDatabase(Path folder, String... settings) throws Exception {
    this(folder, UnaryOperator.identity(), settings);
  }

  public ReplicatedDatabase(Path folder, UnaryOperator<ReplicaClient> wrapper, String... settings)
      throws Exception {
    this(folder, folder.resolve("replica").toFile(), wrapper, NO_REST_NANOS, settings);
  }

  /** One that soon lets an idle database go. */
  public static ReplicatedDatabase resting(Path folder) throws Exception {
    return new ReplicatedDatabase(
        folder, folder.resolve("replica").toFile(), UnaryOperator.identity(), QUICK_REST_NANOS);
  }

  public ReplicatedDatabase(Path folder, File replicaFolder) throws Exception {
    this(folder, replicaFolder, UnaryOperator.identity(), NO_REST_NANOS);
  }

  ReplicatedDatabase(
      Path folder,
      File replicaFolder,
      UnaryOperator<ReplicaClient> wrapper,
      long restAfterNanos,
      String... settings)
      throws Exception {
    this.restAfterNanos = restAfterNanos;
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
    ReplicaClient plain = new FileReplicaClient(replicaFolder);
    db =
        new Db(
            new DbSettings(
                file,
                config.metaFolderFor(file),
                config,
                () -> wrapper.apply(plain),
                "file://" + replicaFolder,
                new Random(1),
                disk,
                clock,
                new StagingTotal(1L << 40),
                events == null ? new LogLines(file, "file://" + replicaFolder) : events),
            executors);
  }

  public ReplicaClient client() {
    FileReplicaClient client = new FileReplicaClient(replicaFolder);
    try {
      client.init();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return client;
  }

  public Db db() {
    return db;
  }

  public App open() throws SQLException, IOException {
    return new App();
  }

  /**
   * As after a kill: whatever the agent was doing stops, nothing is tidied up but the folder's
   * lock.
   */
  public void restartAgent() throws Exception {
    stopAgent();
    startAgent();
  }

  public void stopAgent() throws Exception {
    executors.threads.close(STOP_NANOS);
    db.close();
    assertThat(db.impossibleChange()).isNull();
  }

  public void startAgent() {
    executors = new Executors();
    start();
  }

  /** Waits until the agent has let the idle database go; returns whether it has. */
  public boolean awaitRest(long millis) {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (!db.describeState().equals("RESTING")) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      db.wake();
      Thread.onSpinWait();
    }
    return true;
  }

  /** Has the agent look at the database once, and waits until it has. */
  void takeTurn() throws InterruptedException {
    // A turn that is under way has the next one wait behind what waits for a thread by then.
    for (int turn = 0; turn < 2; turn++) {
      db.wake();
      executors.keepBusy().countDown();
    }
  }

  /** Until everything is in the store, however long what was broken takes to heal. */
  void awaitUploaded() {
    db.drain();
    Await.until(db::isUploaded, Duration.ofSeconds(60), () -> "still pending: " + db.status());
  }

  public void drain() {
    db.drain();
    long deadline = System.nanoTime() + 8_000_000_000L;
    while (!db.isDrained()) {
      assertThat(System.nanoTime()).as("still pending: " + db.status()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  public List<LtxFileInfo> uploaded(int level) throws IOException {
    return client().list(level, Txid.FIRST, false);
  }

  /** Applies every file of the replica in order, the plain way. */
  public File restore(Path target) throws IOException {
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
    stopAgent();
  }
}
