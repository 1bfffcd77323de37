package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.app.ManyDatabases;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that opens and closes for ever holds no more of anything at the end than after a tenth
 * of it: descriptors, threads, classes, live heap. Numbers and bytes are compared, never times.
 */
@EnabledOnOs(OS.LINUX)
final class LeakIT {

  /** Housekeeping looks at least every 5 s, and what it finds is gone two looks later. */
  private static final Duration QUIET = Duration.ofSeconds(60);

  /** The driver's, the JVM's and the agent's come and go by a few. */
  private static final int SPARE_DESCRIPTORS = 12;

  /** Agent threads have bounds of their own: two that capture, four that upload. */
  private static final int SPARE_THREADS = 4;

  /** What is first needed later: a retry, a timer, generated accessors of reflection. */
  private static final int SPARE_CLASSES = 150;

  private static final long MIB = 1 << 20;

  /** What one command does at most. */
  private static final int PART = 200;

  @TempDir Path temporary;
  private Path databases;
  private Path replicas;
  private ForkedJvm app;

  @BeforeEach
  void start() throws IOException {
    Path folder = temporary.toRealPath();
    databases = Files.createDirectory(folder.resolve("databases"));
    replicas = folder.resolve("replicas");
    Path config =
        Files.write(
            folder.resolve("walsync.yml"),
            List.of(
                "dbs:",
                "  - dir: " + databases,
                "    pattern: '*.db'",
                "    replica:",
                "      path: " + replicas,
                "      sync-interval: 50ms"));
    app =
        ForkedJvm.of(ManyDatabases.class)
            .classPath(Application.classes(), Application.sqliteJdbc())
            .arguments(databases, replicas)
            .agent(config)
            .start();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void aConnectionForEachStatement() {
    cycle(1_000);
  }

  @Test
  @Tag("campaign")
  void tenThousandConnectionsForOneStatementEach() {
    cycle(10_000);
  }

  @Test
  void manyDatabasesAtOnce() {
    atOnce(100);
  }

  @Test
  @Tag("campaign")
  void aThousandDatabasesAtOnce() {
    atOnce(1_000);
  }

  @Test
  void databasesThatAreMadeAndDeleted() {
    brief(300);
  }

  @Test
  @Tag("campaign")
  void twoThousandDatabasesThatAreMadeAndDeleted() {
    brief(2_000);
  }

  private void cycle(int count) {
    cycle(0, count / 10);
    Usage early = Usage.of(app);
    cycle(count / 10, count - count / 10);
    // Some 200 bytes for each cycle would be too much.
    staysWithin(early, Math.max(1, 2 * count / 10_000) * MIB);
    app.exit();
    assertThat(rows("one.db")).isEqualTo(String.valueOf(count));
  }

  private void cycle(int first, int count) {
    inParts(first, count, (from, number) -> app.ask("cycle " + number));
  }

  /** So that the answer to each command comes in time, on whatever machine. */
  private static void inParts(int first, int count, IntBinaryConsumer command) {
    for (int from = first; from < first + count; from += PART) {
      command.accept(from, Math.min(PART, first + count - from));
    }
  }

  private interface IntBinaryConsumer {
    void accept(int first, int count);
  }

  /** The same number twice, under other names, so that a thousand of them are in the comparison. */
  private void atOnce(int count) {
    openAndClose(0, count);
    app.ask("delete 0 " + count);
    awaitNoDescriptor(this::isOfADatabase);
    Usage early = Usage.of(app);
    openAndClose(count, count);
    app.ask("delete " + count + " " + count);
    awaitNoDescriptor(this::isOfADatabase);
    staysWithin(early, heapFor(count));
    app.exit();
    assertReplicated(2 * count, "%d");
  }

  private void openAndClose(int first, int count) {
    inParts(first, count, (from, number) -> app.ask("open " + from + " " + number));
    awaitReplicas(first + count);
    app.ask("close");
    awaitNoDescriptor(this::isOfAFolder);
    // Where it is proved that no lock goes with it, the last descriptor has gone with the folder.
    assertThat(Usage.descriptors(app).stream().filter(this::isOfADatabase))
        .hasSizeLessThanOrEqualTo(count);
  }

  private void brief(int count) {
    int tenth = count / 10;
    brief(0, tenth);
    awaitNoDescriptor(this::isOfADatabase);
    Usage early = Usage.of(app);
    brief(tenth, count - tenth);
    awaitNoDescriptor(this::isOfADatabase);
    staysWithin(early, heapFor(count));
    app.exit();
    assertReplicated(count, "%d,-1");
  }

  private void brief(int first, int count) {
    inParts(first, count, (from, number) -> app.ask("brief " + from + " " + number));
  }

  /** A database that is remembered costs some 10 KB; a fifth of that is too much. */
  private static long heapFor(int databaseCount) {
    return Math.max(MIB, databaseCount * 2L << 10);
  }

  private void staysWithin(Usage early, long spareHeapBytes) {
    // What was in flight is gone after a while; what leaks is not.
    await()
        .atMost(QUIET)
        .untilAsserted(
            () -> {
              Usage late = Usage.of(app);
              System.out.println("early " + early + ", late " + late);
              assertThat(late.descriptors())
                  .as("descriptors: %s", Usage.descriptors(app))
                  .isLessThanOrEqualTo(early.descriptors() + SPARE_DESCRIPTORS);
              assertThat(late.threads()).isLessThanOrEqualTo(early.threads() + SPARE_THREADS);
              assertThat(late.classes()).isLessThanOrEqualTo(early.classes() + SPARE_CLASSES);
              assertThat(late.heapBytes()).isLessThanOrEqualTo(early.heapBytes() + spareHeapBytes);
            });
    awaitNoDescriptor(target -> target.endsWith("(deleted)"));
  }

  private void awaitNoDescriptor(Predicate<String> unwanted) {
    await()
        .atMost(QUIET)
        .untilAsserted(
            () -> assertThat(Usage.descriptors(app).stream().filter(unwanted)).isEmpty());
  }

  /** The database, its WAL, what the agent keeps beside it. */
  private boolean isOfADatabase(String target) {
    return target.startsWith(databases.toString());
  }

  private boolean isOfAFolder(String target) {
    return isOfADatabase(target) && target.contains("-walsync/");
  }

  private void awaitReplicas(int count) {
    await()
        .atMost(QUIET)
        .until(
            () -> {
              String[] names = replicas.toFile().list();
              return names != null && names.length == count;
            });
  }

  /**
   * @param rows with the number of the database in it
   */
  private void assertReplicated(int count, String rows) {
    for (int i = 0; i < count; i++) {
      assertThat(new DirectoryReplica(replicas.resolve("n" + i + ".db")).maxTxid())
          .as("replica of database %d", i)
          .isPositive();
    }
    for (int sample : new int[] {0, count / 2, count - 1}) {
      Path restored = restore("n" + sample + ".db");
      assertThat(DatabaseContent.query(restored, "SELECT group_concat(v) FROM t"))
          .isEqualTo(rows.formatted(sample));
    }
  }

  private String rows(String name) {
    return DatabaseContent.query(restore(name), "SELECT count(*) FROM t");
  }

  private Path restore(String name) {
    Path target = temporary.resolve("restored-" + name);
    return new Recovery(new DirectoryReplica(replicas.resolve(name)), target).restore();
  }
}
