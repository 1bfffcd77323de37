package io.walsync.db;

import static io.walsync.db.Operator.assertRestores;
import static io.walsync.db.Operator.assertRestoresAlike;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.testkit.Await;
import io.walsync.teststore.AgentLines;
import io.walsync.teststore.FaultyReplicaClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody deletes or changes what lies in the staging folder, while the agent runs and while it
 * does not. Nothing of it reaches the replica, and the replica ends up as the database.
 */
class StagingDamageTest {

  private static final String WAL = "PRAGMA journal_mode=wal";
  private static final String TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";
  private static final String ROWS =
      "INSERT INTO t(v) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200)"
          + " SELECT randomblob(500) FROM n";

  /** What a careless hand deletes. */
  enum Victim {
    EVERYTHING(""),
    POSITION("position"),
    LOCK("lock"),
    TABLE_OF_CHECKSUMS("pages.sum"),
    SEGMENTS("segments/"),
    OLDEST_SEGMENT("segments/"),
    NEWEST_SEGMENT("segments/"),
    SEALED("ltx/0/");

    final String prefix;

    Victim(String prefix) {
      this.prefix = prefix;
    }

    void delete(Path staging) throws IOException {
      if (this == EVERYTHING) {
        // At once, as nobody but a test sees half of it.
        Path gone = staging.resolveSibling("gone");
        Files.move(staging, gone);
        deleteFiles(gone);
        deleteFolders(gone);
      } else {
        deleteFiles(staging);
      }
    }

    private void deleteFiles(Path staging) throws IOException {
      List<Path> found = files(staging, prefix);
      if (this == OLDEST_SEGMENT) {
        found = found.subList(0, Math.min(1, found.size()));
      } else if (this == NEWEST_SEGMENT) {
        found = found.subList(Math.max(0, found.size() - 1), found.size());
      }
      for (Path file : found) {
        Files.deleteIfExists(file);
      }
    }
  }

  @TempDir Path folder;

  private FaultyReplicaClient store;

  private ReplicatedDatabase replicated() throws Exception {
    return new ReplicatedDatabase(
        folder,
        client -> {
          FaultyReplicaClient faulty = new FaultyReplicaClient(client);
          faulty.setDown(store != null && store.isDown());
          store = faulty;
          return faulty;
        });
  }

  /** Leaves one sealed file and several segments in the folder, for lack of a store. */
  private void pileUp(ReplicatedDatabase database, ReplicatedDatabase.App app) throws Exception {
    app.execute(WAL, TABLE, ROWS);
    database.awaitUploaded();
    store.setDown(true);
    app.execute(ROWS);
    await(() -> !files(staging(), "ltx/0/").isEmpty());
    for (int i = 0; i < 3; i++) {
      app.execute("UPDATE t SET v = randomblob(500) WHERE id % 90 = " + i, ROWS);
      app.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    await(() -> files(staging(), "segments/").size() > 1);
  }

  @ParameterizedTest
  @EnumSource(Victim.class)
  void whatIsDeletedWhileItRunsIsMissedAndMadeGood(Victim victim) throws Exception {
    try (AgentLines lines = new AgentLines();
        ReplicatedDatabase database = replicated()) {
      try (ReplicatedDatabase.App app = database.open()) {
        pileUp(database, app);
        victim.delete(staging());
        app.execute(ROWS, "UPDATE t SET v = 'x' WHERE id % 5 = 0");
        store.setDown(false);
        app.execute(ROWS);
        database.awaitUploaded();
        app.execute("DELETE FROM t WHERE id % 11 = 0");
      }
      database.awaitUploaded();
      assertRestores(database);
      assertThat(lines.with("WARN", "local state").size()).isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Victim.class)
  void whatIsDeletedAtRestIsMissedAndMadeGood(Victim victim) throws Exception {
    try (ReplicatedDatabase database = replicated()) {
      try (ReplicatedDatabase.App app = database.open()) {
        pileUp(database, app);
        database.stopAgent();
      }
      victim.delete(staging());
      store.setDown(false);
      database.startAgent();
      try (ReplicatedDatabase.App app = database.open()) {
        app.execute(ROWS);
        database.awaitUploaded();
      }
      database.awaitUploaded();
      assertRestores(database);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aFlippedBitInAnyFileNeverReachesTheReplica(long seed) throws Exception {
    Random random = new Random(seed);
    boolean isRunning = random.nextBoolean();
    try (ReplicatedDatabase database = replicated()) {
      try (ReplicatedDatabase.App app = database.open()) {
        pileUp(database, app);
        if (!isRunning) {
          database.stopAgent();
        }
        String flipped = flip(random);
        store.setDown(false);
        if (!isRunning) {
          database.startAgent();
          try (ReplicatedDatabase.App again = database.open()) {
            again.execute(ROWS);
            database.awaitUploaded();
          }
        } else {
          app.execute(ROWS);
          database.awaitUploaded();
        }
        assertRestoresAlike(database, "seed " + seed + ": " + flipped);
      }
    }
  }

  /** Changes one bit of a file that is there now: the agent may be renaming and deleting. */
  private String flip(Random random) {
    String[] flipped = new String[1];
    await(
        () -> {
          List<Path> candidates =
              files(staging(), "").stream().filter(file -> file.toFile().length() > 0).toList();
          if (candidates.isEmpty()) {
            return false;
          }
          flipped[0] = flip(candidates.get(random.nextInt(candidates.size())), random);
          return flipped[0] != null;
        });
    return flipped[0];
  }

  /** What was changed, or null if the file was gone before it could be. */
  private static String flip(Path victim, Random random) {
    try (FileChannel file =
        FileChannel.open(victim, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long offset = (long) (random.nextDouble() * file.size());
      ByteBuffer one = ByteBuffer.allocate(1);
      if (file.read(one, offset) != 1) {
        return null;
      }
      one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8))).flip();
      file.write(one, offset);
      return victim + " at byte " + offset;
    } catch (NoSuchFileException goneMeanwhile) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path staging() {
    return folder.resolve(".app.db-walsync");
  }

  private static List<Path> files(Path staging, String prefix) {
    try (Stream<Path> below = Files.walk(staging)) {
      return below
          .filter(Files::isRegularFile)
          .filter(file -> staging.relativize(file).toString().startsWith(prefix))
          .filter(file -> !file.toString().endsWith(".tmp"))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException changesUnderUs) {
      return List.of();
    }
  }

  /** As {@code rm -rf}, again and again until the agent has nothing in between. */
  private static void deleteFolders(Path staging) {
    await(
        () -> {
          try (Stream<Path> below = Files.walk(staging)) {
            for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
              Files.deleteIfExists(each);
            }
            return true;
          } catch (IOException | UncheckedIOException writtenMeanwhile) {
            return !Files.exists(staging);
          }
        });
  }

  private static void await(BooleanSupplier condition) {
    Await.until(condition, Duration.ofSeconds(30), () -> "a change of the folder's");
  }
}
