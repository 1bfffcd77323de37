package io.walsync.it.torture;

import io.walsync.it.app.Ledger;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.LtxObject;
import io.walsync.it.harness.WalTail;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * One database from its making to its end: its files, the processes that use it, its replica, and
 * the history that all of it is judged by. Everything random comes from one seed; what the
 * operating system schedules does not.
 */
final class Life implements AutoCloseable {

  private static final List<String> SYNC_INTERVALS = List.of("10ms", "50ms", "50ms", "400ms");

  /** So that files are merged several times in a life. */
  private static final String MERGED_SOON = "levels: [{interval: 1s}, {interval: 3s}]";

  /** Until then it has begun, or it will be seen at the end that it has not. */
  private static final Duration LONGEST_BEGINNING = Duration.ofSeconds(10);

  /** How long a commit may take until it is restorable, on a machine that does other work too. */
  private static final Duration LONGEST_ARRIVAL = Duration.ofSeconds(30);

  private final Path folder;
  private final Path database;
  private final Path config;
  private final Random random;
  private final Size size;
  private final Ballast ballast;
  private final DirectoryReplica replica;
  private final History history = new History();
  private final Judge judge;
  private final Tally tally;
  private final List<ForkedJvm> processes = new ArrayList<>();
  private long txidAtStart;
  private int copyCount;

  Life(Path folder, long seed, Size size, Tally tally) {
    this.folder = Folders.create(folder);
    this.random = new Random(seed);
    this.size = size;
    this.tally = tally;
    this.ballast = new Ballast(size.ballastRows());
    this.database = Folders.create(folder.resolve("disk")).resolve("app.db");
    this.replica = new DirectoryReplica(folder.resolve("replica"));
    this.config =
        AgentYaml.empty()
            .database(database, replica, "sync-interval: " + SYNC_INTERVALS.get(random.nextInt(4)))
            .top(random.nextBoolean() ? MERGED_SOON : "levels: []")
            .top("snapshot: {interval: 4s}")
            .writeTo(folder.resolve("walsync.yml"));
    this.judge = new Judge(replica, history, ballast, folder.resolve("judge"), random, tally);
  }

  Random random() {
    return random;
  }

  Size size() {
    return size;
  }

  Path folder() {
    return folder;
  }

  Path database() {
    return database;
  }

  Path config() {
    return config;
  }

  /** Where the agent keeps what is not uploaded yet. */
  Path staging() {
    return database.resolveSibling("." + database.getFileName() + "-walsync");
  }

  DirectoryReplica replica() {
    return replica;
  }

  History history() {
    return history;
  }

  Judge judge() {
    return judge;
  }

  Tally tally() {
    return tally;
  }

  /** An empty ledger, as an application finds it that is started under the agent later. */
  void makeDatabase() {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      if (random.nextBoolean()) {
        statement.execute("PRAGMA journal_mode=WAL");
      }
      statement.execute("PRAGMA synchronous=OFF");
      statement.execute("BEGIN");
      for (String sql : Ledger.schema()) {
        statement.execute(sql);
      }
      ballast.make(statement);
      statement.execute("COMMIT");
    } catch (SQLException e) {
      throw new AssertionError("cannot make " + database, e);
    }
    record();
  }

  /** The application under the agent; it has opened nothing yet. */
  ForkedJvm app() {
    return started(program().agent(config));
  }

  /** Another application beside it, without the agent. */
  ForkedJvm other() {
    return started(program());
  }

  /** What is started as an application, on the driver that was asked for. */
  ForkedJvm.Builder program() {
    return Drivers.asked()
        .map(driver -> Application.with(driver, database).classPath(Application.slf4j()))
        .orElseGet(() -> Application.builder(database));
  }

  ForkedJvm started(ForkedJvm.Builder builder) {
    txidAtStart = replica.maxTxid();
    ForkedJvm jvm = builder.start();
    processes.add(jvm);
    return jvm;
  }

  /** A second process that has read the database and keeps it open. */
  ForkedJvm reader() {
    ForkedJvm reader = other();
    reader.ask("open");
    reader.ask("sql SELECT count(*) FROM log");
    return reader;
  }

  /**
   * A random number of turns; of a life of each build the least, since every build waits for it.
   */
  int times(int least, int choices) {
    int chosen = least + random.nextInt(choices);
    return size == Size.TINY ? least : chosen;
  }

  /** What an application is told to write at random. */
  String storm(int threads, int rows, int characters, int pauseMicros, int stormOneIn) {
    return "start threads="
        + threads
        + " rows="
        + rows
        + " size="
        + characters
        + " pause="
        + pauseMicros
        + " storm="
        + stormOneIn
        + " seed="
        + random.nextInt(1 << 30);
  }

  /**
   * Mostly waits until something that was committed since the application's start is in the
   * replica, so that what follows does not only meet an agent that is still on its way.
   */
  void letReplicationBegin() {
    if (random.nextInt(4) == 0) {
      return;
    }
    long end = System.nanoTime() + LONGEST_BEGINNING.toNanos();
    while (replica.maxTxid() <= txidAtStart && System.nanoTime() < end) {
      wait(Duration.ofMillis(5));
    }
  }

  /** Lets the processes do what they do for a random while, at a microsecond's grain. */
  void drift(int maxMillis) {
    LockSupport.parkNanos(Duration.ofNanos(1000L * random.nextInt(maxMillis * 1000)).toNanos());
  }

  /** Lets the processes do what they do for so long. */
  void wait(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /** To be called after each kill and stop of a writer. */
  void struck() {
    tally.strikes++;
    if (size != Size.LARGE && WalTail.of(database).isAheadOfCount()) {
      tally.hits++;
    }
  }

  /** Asks SQLite for the database, and adds what it says to the history. */
  LedgerContent record() {
    LedgerContent now = isAnybodyThere() ? LedgerContent.of(database) : recovered(database);
    history.record(now);
    return now;
  }

  /** Whether SQLite answers: not where a writer was stopped in the middle of its count. */
  boolean canBeAsked() {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT count(*) FROM log").close();
      return true;
    } catch (SQLException busy) {
      return false;
    }
  }

  /** Judges all that the replica has got since the last time. */
  void judgeReplica() {
    List<LtxObject> files = judge.look();
    record();
    judge.judge(files);
  }

  /**
   * Waits until the application, which goes on and commits nothing meanwhile, is replicated up to a
   * row of its log; every state on the way is judged.
   */
  void awaitArrival(String seq) {
    long end = System.nanoTime() + LONGEST_ARRIVAL.toNanos();
    long seenTxid = -1;
    long seenSeq = -1;
    while (seenSeq < Long.parseLong(seq)) {
      List<LtxObject> files = judge.look();
      long txid = Judge.maxTxid(files);
      if (txid != seenTxid) {
        seenTxid = txid;
        record();
        seenSeq = judge.walk(files);
      } else if (System.nanoTime() > end) {
        throw new AssertionError(
            "after " + LONGEST_ARRIVAL + " the replica is at " + seenSeq + " and not at " + seq);
      } else {
        wait(Duration.ofMillis(20));
      }
    }
  }

  /** What SQLite makes of a database and its WAL that nobody has open, leaving both as they are. */
  LedgerContent recovered(Path source) {
    Path copy = copyOf(source);
    LedgerContent content = judge.proved(copy);
    Folders.deleteDatabase(copy);
    return content;
  }

  /** The database file and its WAL as they are now, elsewhere. */
  Path copyOf(Path source) {
    Path copy = folder.resolve("copy-" + ++copyCount + ".db");
    copy(source, copy);
    copy(WalTail.wal(source), WalTail.wal(copy));
    return copy;
  }

  static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException none) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A last run that ends in order: then the replica is the database. */
  void endWell() {
    endWell(app());
  }

  /** Likewise, by an application that was started already and has opened nothing. */
  void endWell(ForkedJvm app) {
    app.ask("open");
    String seq = "";
    for (int commit = 0; commit < 1 + random.nextInt(3); commit++) {
      seq = app.ask("insert 1");
      drift(100);
    }
    if (random.nextBoolean()) {
      awaitArrival(seq);
    }
    if (random.nextBoolean()) {
      app.ask("close");
    }
    leave(app);
    isTheDatabase();
  }

  /** Ends every process but this one first, so that it is the last to have the database open. */
  void leave(ForkedJvm app) {
    for (ForkedJvm process : processes) {
      if (process != app) {
        process.close();
      }
    }
    app.exit();
  }

  /** Fails unless the replica restores to what the database is, which nobody has open. */
  void isTheDatabase() {
    judgeReplica();
    DatabaseContent.settle(database);
    LedgerContent source = judge.proved(database);
    judge.newest().isTheSameAs(source);
  }

  /** Likewise, unless the application's last words say that something is missing. */
  void isTheDatabaseOrNamed(ForkedJvm app) {
    if (isLossNamed(app)) {
      judgeReplica();
    } else {
      isTheDatabase();
    }
  }

  /** Whether a process said at its end that not all of its commits are in the store. */
  static boolean isLossNamed(ForkedJvm ended) {
    return ended.stderr().stream()
        .anyMatch(
            line ->
                line.contains("not in the store") || line.contains("not everything was uploaded"));
  }

  private boolean isAnybodyThere() {
    return processes.stream().anyMatch(ForkedJvm::isAlive);
  }

  @Override
  public void close() {
    int number = 0;
    for (ForkedJvm process : processes) {
      process.close();
      try {
        Files.write(folder.resolve("process-" + ++number + ".log"), process.stderr());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
