package io.walsync.it;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Folders;
import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults at random under load: the store in every way, staged files deleted and changed, the
 * process killed. In the end all is well again, and the replica is the database. {@code
 * -Dsimulation.seed=} repeats the choices of a run.
 */
@Tag("campaign")
final class FaultCampaignIT {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofHours(2);

  /**
   * Pages that stay: by them the agent knows the database again when all else is lost. A database
   * of which nothing is left where the replica has it, as after a VACUUM that was not uploaded
   * either, is refused.
   */
  private static final String BALLAST =
      "sql CREATE TABLE ballast AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n"
          + " WHERE i<3000) SELECT i, hex(zeroblob(400)) AS filling FROM n";

  private static final List<Fault> STORE_FAULTS =
      List.of(
          Fault.error(503, "SlowDown", "Retry-After: 1"),
          Fault.error(500, "InternalError"),
          Fault.error(403, "ExpiredToken"),
          Fault.error(404, "NoSuchBucket"),
          Fault.dropRequest(),
          Fault.loseAnswer(),
          Fault.delay(Duration.ofMillis(700)));

  @TempDir Path folder;

  private final long seed = seed();
  private final Random random = new Random(seed);

  private static long seed() {
    String given = System.getProperty("simulation.seed", "");
    return given.isEmpty() ? System.nanoTime() & 0xffffff : Long.parseLong(given);
  }

  @Test
  void whateverFailsTheReplicaIsTheDatabaseOnceAllIsWellAgain() {
    System.out.println("fault campaign: -Dsimulation.seed=" + seed);
    boolean isLong = "long".equals(System.getProperty("campaign.length"));
    long end = System.nanoTime() + (isLong ? LONG : SHORT).toNanos();
    int life = 0;
    for (; life == 0 || System.nanoTime() < end; life++) {
      Path place = Folders.create(folder.resolve("life-" + life));
      try {
        live(place);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("life " + life + " with seed " + seed, failure);
      }
      Folders.delete(place);
    }
    System.out.println("fault campaign: " + life + " lives");
  }

  private void live(Path place) {
    Path database = place.resolve("app.db");
    try (EmbeddedS3 server = EmbeddedS3.onDisk(place.resolve("s3"));
        BucketReplica replica = new BucketReplica(server)) {
      Recovery recovery = new Recovery(replica, place.resolve("restored"));
      Path config = AgentYaml.of(database, replica).writeTo(place.resolve("walsync.yml"));
      boolean isNew = true;
      for (int round = 0; round < 3; round++) {
        try (ForkedJvm app = Application.replicated(database, config)) {
          app.ask("open");
          if (isNew) {
            app.ask("create");
            app.ask(BALLAST);
            recovery.awaitSeq(app.ask("insert 10"));
            isNew = false;
          }
          suffer(app, server, place);
          server.faults().clear();
          if (random.nextBoolean()) {
            app.kill();
          } else {
            app.ask("stop");
            recovery.awaitSeq(app.ask("insert 1"));
            app.ask("close");
            app.exit();
          }
        }
        if (random.nextInt(3) == 0) {
          damage(place.resolve(".app.db-walsync"));
        }
      }
      try (ForkedJvm app = Application.replicated(database, config)) {
        app.ask("open");
        recovery.awaitSeq(app.ask("insert 1"));
        app.ask("close");
        app.exit();
      }
      DatabaseContent.settle(database);
      recovery.ledger().isTheSameAs(LedgerContent.of(database));
    }
  }

  private void suffer(ForkedJvm app, EmbeddedS3 server, Path place) {
    app.ask("start threads=2 rows=5 size=512 pause=3000 seed=" + random.nextInt(1 << 30));
    for (int step = 0; step < 4 + random.nextInt(5); step++) {
      switch (random.nextInt(5)) {
        case 0:
          server.faults().clear();
          break;
        case 2:
          app.ask("sql PRAGMA wal_checkpoint(TRUNCATE)");
          break;
        case 1:
          damage(place.resolve(".app.db-walsync"));
          break;
        default:
          Fault fault = STORE_FAULTS.get(random.nextInt(STORE_FAULTS.size()));
          boolean isPut = random.nextBoolean();
          server.faults().always(isPut ? S3Operation.PUT_OBJECT : S3Operation.ANY, fault);
          break;
      }
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(600)).toNanos());
      app.ask("insert 2 " + (1 + random.nextInt(4000)));
    }
  }

  /** Deletes a file of the folder, changes one, or deletes all. */
  private void damage(Path staging) {
    List<Path> files = files(staging);
    if (files.isEmpty()) {
      return;
    }
    Path victim = files.get(random.nextInt(files.size()));
    try {
      switch (random.nextInt(3)) {
        case 0:
          Files.deleteIfExists(victim);
          break;
        case 1:
          for (Path each : files) {
            Files.deleteIfExists(each);
          }
          break;
        default:
          flip(victim);
          break;
      }
    } catch (java.io.FileNotFoundException goneMeanwhile) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void flip(Path victim) throws IOException {
    if (!Files.exists(victim) || victim.toFile().length() == 0) {
      return;
    }
    try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
      long offset = (long) (random.nextDouble() * file.length());
      file.seek(offset);
      int before = file.read();
      if (before >= 0) {
        file.seek(offset);
        file.write(before ^ 1 << random.nextInt(8));
      }
    }
  }

  private static List<Path> files(Path staging) {
    try (Stream<Path> below = Files.walk(staging)) {
      return below.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException | UncheckedIOException changesUnderUs) {
      return List.of();
    }
  }
}
