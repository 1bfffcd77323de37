package io.walsync.db;

import static io.walsync.db.Operator.assertRestoresAlike;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaClient;
import io.walsync.testkit.Await;
import io.walsync.teststore.AgentLines;
import io.walsync.teststore.FaultyDisk;
import io.walsync.teststore.FaultyReplicaClient;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What fails in the agent's own steps: the disk, memory, threads, the store. The application sees
 * none of it, and when the cause goes the replica is the database.
 */
class DbFaultTest {

  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";
  private static final String TRUNCATE = "PRAGMA wal_checkpoint(TRUNCATE)";
  private static final String ROWS =
      "INSERT INTO t(v) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<60)"
          + " SELECT randomblob(500) FROM n";
  private static final String TOGGLE = "UPDATE t SET v = CASE v WHEN 'a' THEN 'b' ELSE 'a' END";

  /** Tries for each kind of failure, each at another step; of more the campaign takes care. */
  private static final int TRIES = Integer.getInteger("walsync.faults", 4);

  /** About how many operations on the disk a try takes. */
  private static final int STEPS = 90;

  enum Kind {
    DISK_FULL(() -> new IOException("No space left on device (injected)")),
    OUT_OF_MEMORY(() -> new OutOfMemoryError("Java heap space (injected)")),
    STACK_OVERFLOW(StackOverflowError::new),
    BUG(() -> new IllegalStateException("injected")),
    ASSERTION(() -> new AssertionError("injected")),
    LINKAGE(() -> new NoClassDefFoundError("injected"));

    final Supplier<Throwable> failure;

    Kind(Supplier<Throwable> failure) {
      this.failure = failure;
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aStepThatFailsOnceLeavesNothingMissingAndNothingWrong(Kind kind) throws Exception {
    long seed = Long.getLong("walsync.seed", 11) + kind.ordinal();
    Random random = new Random(seed);
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      FaultyDisk disk = faulty(database);
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE);
      }
      for (int i = 0; i < TRIES; i++) {
        long step = 1 + random.nextInt(STEPS);
        disk.failNth(step, kind.failure);
        disturb(database);
        disk.heal();
        database.awaitUploaded();
        assertRestoresAlike(database, "seed " + seed + ", try " + i + ", step " + step);
      }
    }
  }

  /** Everything an application does to its database, in short. */
  private static void disturb(ReplicatedDatabase database) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(ROWS, TRUNCATE, TOGGLE);
      database.db().drain();
      database.takeTurn();
      app.execute(TOGGLE, ROWS, TRUNCATE, "DELETE FROM t WHERE id % 3 = 0", "VACUUM", TOGGLE);
      database.takeTurn();
    }
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(TOGGLE);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DISK_FULL", "OUT_OF_MEMORY", "ASSERTION"})
  void aDiskThatFailsForLongIsToldOnceAndSoIsItsReturn(Kind kind) throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      FaultyDisk disk = faulty(database);
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROWS);
        database.awaitUploaded();
        disk.failAlways(kind.failure);
        for (int i = 0; lines.with("WARN").isEmpty(); i++) {
          app.execute(ROWS, TRUNCATE, "DELETE FROM t WHERE id % 50 <> " + i % 50);
          database.takeTurn();
        }
        app.execute(ROWS, TRUNCATE);
        disk.heal();
        app.execute(TOGGLE);
        database.awaitUploaded();
        await(() -> !lines.with("INFO", "replicating again").isEmpty());
      }
      database.awaitUploaded();
      assertRestoresAlike(database, kind.name());
      assertThat(lines.with("WARN")).hasSize(1);
      assertThat(lines.with("WARN").get(0))
          .contains("not replicated for now", "commits since 2", "the replica is at TXID")
          .contains("injected".equals(kind.failure.get().getMessage()) ? "injected" : ":");
      assertThat(lines.with("INFO", "replicating again")).hasSize(1);
    }
  }

  @Test
  void inAnOutageTheOldestCommitThatWaitsMayBeOneOfAnEarlierProcess() throws Exception {
    FaultyReplicaClient[] store = new FaultyReplicaClient[1];
    boolean[] isDown = new boolean[1];
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database =
            new ReplicatedDatabase(
                folder,
                client -> {
                  store[0] = new FaultyReplicaClient(client);
                  store[0].setDown(isDown[0]);
                  return store[0];
                })) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROWS);
        database.awaitUploaded();
        isDown[0] = true;
        store[0].setDown(true);
        app.execute(ROWS);
        await(() -> lines.with("WARN", "cannot be written").size() == 1);
      }
      database.stopAgent();
      Instant stopped = Instant.now();
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROWS);
        await(() -> lines.with("WARN", "cannot be written").size() == 2);
        String line = lines.with("WARN", "cannot be written").get(1);
        String since = line.replaceAll(".* Commits since ([^ ]+) are only on.*", "$1");
        assertThat(Instant.parse(since)).isBefore(stopped);
        isDown[0] = false;
        store[0].setDown(false);
        database.awaitUploaded();
      }
      database.awaitUploaded();
      assertRestoresAlike(database, "restart in an outage");
    }
  }

  @Test
  void theDiskIsNeverFilledToItsEndAndTheApplicationIsLeftTheRest() throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      FaultyDisk disk = faulty(database);
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROWS);
        database.awaitUploaded();
        disk.setFreeBytes(1 << 20);
        while (lines.with("WARN", "bytes free").isEmpty()) {
          app.execute(ROWS, TRUNCATE, "DELETE FROM t WHERE id % 50 <> 0");
        }
        disk.heal();
        database.awaitUploaded();
      }
      database.awaitUploaded();
      assertRestoresAlike(database, "disk nearly full");
      assertThat(lines.with("WARN")).hasSize(1);
    }
  }

  @Test
  void aFaultInOurHookIsForgottenOnceCaptureHasBegunAgain() throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROWS);
        database.awaitUploaded();
        while (lines.with("WARN").isEmpty()) {
          database.db().hookFailed(new OutOfMemoryError("in a hook (injected)"));
          app.execute("INSERT INTO t(v) VALUES(1)");
          database.takeTurn();
        }
        await(() -> !lines.with("INFO", "replicating again").isEmpty());
        database.awaitUploaded();
      }
      database.awaitUploaded();
      assertRestoresAlike(database, "hook");
      assertThat(lines.with("WARN", "on a thread of the application")).hasSize(1);
      assertThat(lines.with("WARN")).hasSize(1);
    }
  }

  @Test
  void withoutUploadThreadsCommitsWaitAndThenLeave() throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROWS);
        database.awaitUploaded();
        database.isWithoutUploadThreads = true;
        app.execute(ROWS, TRUNCATE, TOGGLE);
        await(() -> !lines.with("WARN", "the replica cannot be written").isEmpty());
        app.execute(ROWS);
        database.isWithoutUploadThreads = false;
        database.awaitUploaded();
      }
      database.awaitUploaded();
      assertRestoresAlike(database, "no threads");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DISK_FULL", "OUT_OF_MEMORY", "LINKAGE"})
  void aStoreThatThrowsAnythingIsAskedAgain(Kind kind) throws Exception {
    AtomicReference<Supplier<Throwable>> failure = new AtomicReference<>();
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database =
            new ReplicatedDatabase(folder, client -> throwing(client, failure))) {
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROWS);
        database.awaitUploaded();
        failure.set(kind.failure);
        app.execute(ROWS, TRUNCATE, TOGGLE);
        await(() -> !lines.with("WARN", "the replica cannot be written").isEmpty());
        app.execute(ROWS);
        failure.set(null);
        database.awaitUploaded();
      }
      database.awaitUploaded();
      assertRestoresAlike(database, kind.name());
      assertThat(lines.with("WARN")).hasSize(1);
      assertThat(lines.with("INFO", "can be written again")).hasSize(1);
    }
  }

  @Test
  void anOutageWithLocalStateLostInTheMiddleEndsAsTheDatabase() throws Exception {
    FaultyReplicaClient[] store = new FaultyReplicaClient[1];
    try (ReplicatedDatabase database =
        new ReplicatedDatabase(folder, client -> store[0] = new FaultyReplicaClient(client))) {
      FaultyDisk disk = faulty(database);
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(WAL, TABLE, ROWS, "UPDATE t SET v = 'a'");
        database.awaitUploaded();
        app.execute(TOGGLE);
        database.awaitUploaded();
        store[0].setDown(true);
        // Back to what the replica held once: a database behind it would look the same.
        app.execute(TOGGLE, TRUNCATE);
        disk.failNth(1, Kind.DISK_FULL.failure);
        Files.delete(folder.resolve(".app.db-walsync/position"));
        app.execute("INSERT INTO t(v) VALUES(1)", TRUNCATE);
        await(() -> !database.db().describeState().equals("REPLICATING"));
        store[0].setDown(false);
        database.awaitUploaded();
        assertThat(database.db().describeState()).isEqualTo("REPLICATING");
      }
      database.awaitUploaded();
      assertRestoresAlike(database, "outage and lost state");
    }
  }

  /** A client whose writes throw while there is something to throw. */
  private static ReplicaClient throwing(
      ReplicaClient client, AtomicReference<Supplier<Throwable>> failure) {
    return (ReplicaClient)
        Proxy.newProxyInstance(
            DbFaultTest.class.getClassLoader(),
            new Class<?>[] {ReplicaClient.class},
            (proxy, method, arguments) -> {
              Supplier<Throwable> now = failure.get();
              if (now != null && method.getName().equals("write")) {
                assertThat(arguments[0]).isInstanceOf(LtxFileInfo.class);
                assertThat(arguments[1]).isInstanceOf(LtxSource.class);
                throw now.get();
              }
              try {
                return method.invoke(client, arguments);
              } catch (java.lang.reflect.InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static FaultyDisk faulty(ReplicatedDatabase database) throws Exception {
    FaultyDisk disk = new FaultyDisk();
    database.stopAgent();
    database.disk = disk;
    database.startAgent();
    return disk;
  }

  private static void await(BooleanSupplier condition) {
    Await.until(condition, Duration.ofSeconds(60), () -> "a change of the database's");
  }
}
