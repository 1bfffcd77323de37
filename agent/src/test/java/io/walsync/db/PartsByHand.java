package io.walsync.db;

import io.walsync.config.ConfigLoader;
import io.walsync.config.DbConfig;
import io.walsync.db.application.Connections;
import io.walsync.db.checkpoint.Turnstile;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.events.Refusal;
import io.walsync.db.settings.DbExecutors;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.settings.StagingTotal;
import io.walsync.db.upload.Answer;
import io.walsync.hook.ConnectionHook;
import io.walsync.hook.FileConnection;
import io.walsync.host.Host;
import io.walsync.io.AgentThreads;
import io.walsync.io.Disk;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import org.sqlite.SQLiteConnection;

/**
 * What decides about a real database, each for itself and without a duty cycle, in a time that
 * passes when the test says so.
 */
final class PartsByHand implements AutoCloseable {

  static final Duration REST_AFTER = Duration.ofMillis(500);

  private static final String[] TABLE = {"PRAGMA journal_mode=wal", "CREATE TABLE t(v)"};

  /** What was told, as far as tests ask. */
  static final class Heard implements DbEvents {
    final Set<Decision> decisions = EnumSet.noneOf(Decision.class);
    final List<String> changes = new ArrayList<>();
    final List<String> impossible = new ArrayList<>();
    final List<Refusal> refusals = new ArrayList<>();
    int mergeCount;
    int stagingFullCount;
    int stagingRoomCount;

    @Override
    public boolean wantsDecisions() {
      return true;
    }

    @Override
    public void stagingFull(File staging, long boundBytes, boolean isTotal, long uploadedTxid) {
      stagingFullCount++;
    }

    @Override
    public void stagingHasRoom(File staging) {
      stagingRoomCount++;
    }

    @Override
    public void decided(Decision decision, String why) {
      mergeCount += decision == Decision.SEGMENTS_MERGED ? 1 : 0;
      decisions.add(decision);
    }

    @Override
    public void stateChanged(Enum<?> left, Enum<?> entered, Object reason, long nanos) {
      changes.add(
          left
              + " -> "
              + entered
              + " ("
              + reason
              + ") after "
              + Duration.ofNanos(nanos).toMillis());
    }

    @Override
    public void impossibleChange(String change) {
      impossible.add(change);
    }

    @Override
    public void refused(Refusal refusal) {
      refusals.add(refusal);
    }
  }

  private final class Executors implements DbExecutors {
    private final Host host = new Host();

    @Override
    public AgentThreads capture() {
      throw new AssertionError("nothing runs by itself");
    }

    @Override
    public Executor uploads() {
      return requests::add;
    }

    @Override
    public Host host() {
      return host;
    }
  }

  /** A connection of the application's. */
  final class App implements AutoCloseable {
    private final Connection connection;
    final FileConnection hook;

    App() throws SQLException, IOException {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      hook =
          new ConnectionHook(
                  ((SQLiteConnection) connection).getDatabase(), file.getPath(), attached -> {})
              .main();
      connections.add(hook, Db.fileKey(file));
      parts.driver.opened(hook);
      parts.autocheckpoint.opened(hook);
    }

    App execute(String... statements) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      }
      return this;
    }

    /** As the duty cycle would: the agent is out of the way before the connection closes. */
    @Override
    public void close() throws SQLException, IOException {
      if (!connection.isClosed()) {
        connections.leave(hook, true);
        parts.session.letGo(!connections.isAnyStaying());
        connection.close();
        connections.closed(hook);
        connections.takeWaiting();
      }
    }
  }

  final File file;
  final ManualClock clock = new ManualClock();
  final Heard heard = new Heard();
  final Connections connections = new Connections(clock);
  final Drain drain = new Drain();
  final Parts parts;
  final Watch watch;
  final Opening opening;
  final Closing closing;
  final Setback setback;
  private final Queue<Runnable> requests = new ArrayDeque<>();

  PartsByHand(Path folder) throws Exception {
    this(folder, "journal-mode: wal");
  }

  /**
   * @param setting one more of the database's
   */
  PartsByHand(Path folder, String setting) throws Exception {
    file = folder.resolve("app.db").toFile().getCanonicalFile();
    Path replica = folder.resolve("replica");
    Path configFile = folder.resolve("walsync.yml");
    Files.writeString(
        configFile,
        "dbs:\n  - path: "
            + file
            + "\n    replica:\n      url: file://"
            + replica
            + "\n      sync-interval: 1s\n    "
            + setting
            + "\n");
    DbConfig config = ConfigLoader.load(configFile.toFile(), Map.of()).match(file);
    DbSettings settings =
        new DbSettings(
            file,
            config.metaFolderFor(file),
            config,
            () -> new FileReplicaClient(replica.toFile()),
            "file://" + replica,
            new Random(1),
            Disk.REAL,
            clock,
            new StagingTotal(1L << 40),
            heard);
    parts = new Parts(settings, new Executors(), connections, drain, new Turnstile(), () -> {});
    watch =
        new Watch(parts.session, heard, new Doubt(heard), REST_AFTER.toNanos(), clock.nanoTime());
    opening = new Opening(parts, watch);
    closing = new Closing(parts);
    setback = new Setback(parts, closing);
  }

  App open() throws SQLException, IOException {
    return new App();
  }

  /** A database with a table, of which the empty replica has said that it may begin. */
  App captured() throws Exception {
    App app = open().execute(TABLE);
    opening.begin();
    answer();
    clock.passNanos(Course.RETRY_NANOS);
    opening.begin();
    if (!parts.course.is(DbState.REPLICATING)) {
      throw new AssertionError(parts.course.state() + " after " + heard.changes);
    }
    return app;
  }

  /** Has the store answer what it was asked; returns what that means. */
  Answer.Kind answer() throws IOException {
    for (Runnable next = requests.poll(); next != null; next = requests.poll()) {
      next.run();
    }
    Answer.Kind kind = parts.replicator.collect().kind();
    if (kind == Answer.Kind.BEGIN_AGAIN) {
      setback.beginAgainAt(clock.nanoTime(), "what the replica holds is known now");
    }
    return kind;
  }

  DbState state() {
    return parts.course.state();
  }

  @Override
  public void close() throws IOException {
    parts.session.abandon();
    parts.local.close();
  }
}
