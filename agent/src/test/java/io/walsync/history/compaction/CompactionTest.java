package io.walsync.history.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.history.Proof;
import io.walsync.history.Timeline;
import io.walsync.io.Clock;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import io.walsync.replica.s3.S3ReplicaClient;
import io.walsync.replica.s3.S3Settings;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreResult;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.Failures;
import io.walsync.teststore.ForwardingReplicaClient;
import io.walsync.teststore.MemoryStore;
import io.walsync.teststore.S3Operation;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a replica went through, merging changes no state of it that can be restored. */
class CompactionTest {

  private static final Ladder LADDER =
      new Ladder(List.of(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(300)));

  @TempDir Path folder;

  private long millis;

  private final Clock clock =
      new Clock() {
        @Override
        public long nanoTime() {
          return 0;
        }

        @Override
        public long millis() {
          return millis;
        }

        @Override
        public void pause(long nanos) {}
      };

  private final List<String> obstacles = new ArrayList<>();

  private List<LtxFileInfo> compact(ReplicaClient client, Ladder ladder, long nowMillis)
      throws IOException {
    millis = nowMillis;
    Compaction compaction = new Compaction(client, ladder, true, folder, clock, new Random(1));
    List<LtxFileInfo> outputs = new ArrayList<>();
    compaction.run(
        compaction.list(),
        new Compaction.Progress() {
          @Override
          public void merged(List<LtxFileInfo> inputs, LtxFileInfo output) {
            assertThat(inputs).hasSizeGreaterThan(1);
            outputs.add(output);
          }

          @Override
          public void obstacle(String reason) {
            obstacles.add(reason);
          }
        });
    return outputs;
  }

  private static long after(Past past) {
    return past.millis + 1_000_000;
  }

  /** A database that changes, grows, shrinks, changes hands, is snapshotted and missed. */
  private static Past live(ReplicaClient client, Random random, int pageSize, int commits)
      throws IOException {
    Past past = new Past(client, random, pageSize);
    past.encoding = PageEncoding.values()[random.nextInt(2)];
    past.begin(1 + random.nextInt(12));
    int most = 1 + random.nextInt(60);
    for (int i = 0; i < commits; i++) {
      past.millis += random.nextInt(5) == 0 ? random.nextInt(90_000) : random.nextInt(4_000);
      int event = random.nextInt(60);
      if (event == 0) {
        past.gap(random.nextInt(4), 1 + random.nextInt(most));
      } else if (event == 1) {
        past.snapshot();
      } else if (event == 2) {
        past.epoch++;
        past.fence();
      } else {
        past.commit(1 + random.nextInt(most));
      }
    }
    return past;
  }

  private Restore restore(ReplicaClient client) {
    return new Restore(client, RestoreOptions.defaults(), RestoreProgress.NONE);
  }

  private TreeSet<Long> points(ReplicaClient client) throws IOException {
    TreeSet<Long> txids = new TreeSet<>();
    for (Timeline.Point point : Timeline.of(ReplicaFiles.list(client)).points()) {
      txids.add(point.txid().value());
    }
    return txids;
  }

  /** Returns how many files were read for all of them. */
  private int assertRestorable(ReplicaClient client, Past past) throws IOException {
    int read = 0;
    for (long txid : points(client)) {
      File output = folder.resolve("restored.db").toFile();
      RestoreResult result = restore(client).run(RestoreTarget.at(Txid.of(txid)), output);
      read += result.plan().files().size();
      assertThat(Files.readAllBytes(output.toPath()))
          .as("TXID %d", txid)
          .isEqualTo(past.states.get(txid));
      assertThat(result.timestampMillis()).as("TXID %d", txid).isEqualTo(past.times.get(txid));
      Files.delete(output.toPath());
    }
    return read;
  }

  private static void assertProved(ReplicaClient client) throws IOException {
    Failures failures = new Failures();
    Restore restore = new Restore(client, RestoreOptions.defaults(), RestoreProgress.NONE);
    new Proof(client, restore).all(failures);
    assertThat(failures.reasons()).isEmpty();
  }

  private static List<String> names(ReplicaClient client) throws IOException {
    List<String> names = new ArrayList<>();
    for (LtxFileInfo file : ReplicaFiles.list(client)) {
      names.add(file.toString());
    }
    return names;
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 4096, 65536})
  void everyStateIsTheSameAfterwardsAndARestoreReadsFewerFiles(int pageSize) throws IOException {
    for (int seed = 0; seed < 6; seed++) {
      ReplicaClient client = new MemoryStore();
      Past past = live(client, new Random(seed), pageSize, 40);
      TreeSet<Long> before = points(client);
      int readBefore = assertRestorable(client, past);

      List<LtxFileInfo> outputs = compact(client, LADDER, after(past));

      assertThat(outputs).as("seed %d", seed).isNotEmpty();
      assertThat(points(client)).as("seed %d", seed).isEqualTo(before);
      assertThat(assertRestorable(client, past)).isLessThan(readBefore);
      assertProved(client);
      assertThat(compact(client, LADDER, after(past))).as("again").isEmpty();
      assertThat(obstacles).isEmpty();
    }
  }

  @Test
  void aMergedFileHasTheTimeTheChecksumAndTheEpochOfItsNewestInput() throws IOException {
    ReplicaClient client = new MemoryStore();
    Past past = live(client, new Random(3), 512, 60);
    for (LtxFileInfo output : compact(client, LADDER, after(past))) {
      LtxFileInfo newest =
          new LtxFileInfo(0, output.maxTxid(), output.maxTxid(), 0, output.createdMillis());
      assertThat(output.createdMillis()).isEqualTo(past.times.get(output.maxTxid().value()));
      assertThat(client.recordedDatabaseChecksum(output))
          .isEqualTo(client.recordedDatabaseChecksum(newest));
      assertThat(client.recordedEpoch(output)).isEqualTo(client.recordedEpoch(newest));
      assertThat(client.list(output.level(), Txid.FIRST, true)).contains(output);
    }
  }

  @Test
  void aLevelHasNoHoleThatTheFilesBelowItHaveNot() throws IOException {
    for (int seed = 10; seed < 30; seed++) {
      ReplicaClient client = new MemoryStore();
      Past past = live(client, new Random(seed), 512, 80);
      compact(client, LADDER, after(past));
      for (int level = 1; level <= 3; level++) {
        LtxFileInfo last = null;
        for (LtxFileInfo file : client.list(level, Txid.FIRST, false)) {
          if (last != null && last.maxTxid().value() + 1 != file.minTxid().value()) {
            assertThat(isAnyMissing(client, last.maxTxid().value() + 1, file.minTxid().value()))
                .as("seed %d, level %d, before %s", seed, level, file)
                .isTrue();
          }
          last = file;
        }
      }
    }
  }

  private static boolean isAnyMissing(ReplicaClient client, long from, long to) throws IOException {
    List<LtxFileInfo> files = client.list(0, Txid.FIRST, false);
    return LongStream.range(from, to)
        .anyMatch(txid -> files.stream().noneMatch(new Holder(txid)::holds));
  }

  private record Holder(long txid) {
    boolean holds(LtxFileInfo file) {
      return file.minTxid().value() <= txid && txid <= file.maxTxid().value();
    }
  }

  @Test
  void theBaseIsNeverMerged() throws IOException {
    ReplicaClient client = new MemoryStore();
    Past past = live(client, new Random(2), 512, 50);
    for (LtxFileInfo output : compact(client, LADDER, after(past))) {
      assertThat(output.minTxid()).isGreaterThan(Txid.FIRST);
    }
  }

  @Test
  void anIntervalThatHasNotEndedIsLeftAlone() throws IOException {
    ReplicaClient client = new MemoryStore();
    Ladder one = new Ladder(List.of(Duration.ofSeconds(10)));
    Past past = new Past(client, new Random(1), 512).begin(3);
    past.millis = Past.FIRST_MILLIS / 10_000 * 10_000;
    long interval = past.millis;
    for (int i = 0; i < 5; i++) {
      past.millis += 1_000;
      past.commit(3);
    }
    assertThat(compact(client, one, interval + 9_999)).isEmpty();
    assertThat(compact(client, one, interval + 10_000)).hasSize(1);
    past.millis += 1_000;
    past.commit(3);
    assertThat(compact(client, one, after(past))).as("one alone").isEmpty();
    past.millis += 20_000;
    past.commit(3);
    assertThat(compact(client, one, after(past))).as("with the next").hasSize(1);
  }

  @Test
  void moreFilesThanAreOpenAtATimeAreMergedInRounds() throws IOException {
    ReplicaClient client = new MemoryStore();
    Past past = new Past(client, new Random(5), 512).begin(3);
    int count = Merge.MAX_INPUTS * Merge.MAX_INPUTS + 30;
    for (int i = 0; i < count; i++) {
      past.commit(1 + i % 40);
    }
    Ladder one = new Ladder(List.of(Duration.ofHours(1)));

    assertThat(compact(client, one, past.millis + 2 * 3_600_000)).hasSize(1);

    RestoreResult result =
        restore(client).run(RestoreTarget.latest(), folder.resolve("restored.db").toFile());
    assertThat(result.plan().files()).hasSize(2);
    assertThat(Files.readAllBytes(folder.resolve("restored.db")))
        .isEqualTo(past.states.get(past.txid));
    assertThat(folder.toFile().list()).as("no scratch file").containsOnly("restored.db");
  }

  @Test
  void onS3EveryStateIsTheSameAfterwards() throws IOException {
    try (EmbeddedS3 server = EmbeddedS3.inMemory().createBucket("bucket");
        ReplicaClient client = bucket(server)) {
      Past past = live(client, new Random(4), 4096, 60);
      TreeSet<Long> before = points(client);
      // The times of the listing are those of the uploads, all within one interval.
      assertThat(compact(client, LADDER, System.currentTimeMillis() + 1_000_000)).isNotEmpty();
      assertThat(points(client)).isEqualTo(before);
      assertRestorable(client, past);
      assertProved(client);
      server.requests().reset();
      assertThat(compact(client, LADDER, System.currentTimeMillis() + 1_000_000)).isEmpty();
      assertThat(server.requests().count(S3Operation.GET_OBJECT)).as("who owns it").isLessThan(3);
      assertThat(server.requests().count(S3Operation.PUT_OBJECT)).isZero();
    }
  }

  private static ReplicaClient bucket(EmbeddedS3 server) {
    return new S3ReplicaClient(
        S3Settings.builder()
            .bucket("bucket")
            .path("app")
            .endpoint(server.endpoint().toString())
            .region(server.region())
            .forcePathStyle(true)
            .keys(server.accessKey(), server.secretKey())
            .build());
  }

  /** A process that is killed, which no handler of exceptions survives. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final class Mortal extends ForwardingReplicaClient {
    private final boolean isAfter;
    private int left;

    Mortal(ReplicaClient delegate, int calls, boolean isAfter) {
      super(delegate);
      this.left = calls;
      this.isAfter = isAfter;
    }

    private void request() {
      if (--left == 0) {
        throw new Killed();
      }
    }

    @Override
    public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
      request();
      return super.open(file, offset, length);
    }

    @Override
    public long recordedEpoch(LtxFileInfo file) throws IOException {
      request();
      return super.recordedEpoch(file);
    }

    @Override
    public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
      if (!isAfter) {
        request();
      }
      super.write(file, content, sha256Hex);
      if (isAfter) {
        request();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKillAtAnyRequestLeavesAWholeReplicaAndTheNextRunEndsAsOneThatWasNotKilled(boolean isAfter)
      throws IOException {
    MemoryStore undisturbed = new MemoryStore();
    Past past = live(undisturbed, new Random(8), 512, 30);
    MemoryStore unmerged = undisturbed.copy();
    compact(undisturbed, LADDER, after(past));
    List<String> wanted = names(undisturbed);
    int kills = 0;
    for (int calls = 1; ; calls++) {
      ReplicaClient client = unmerged.copy();
      try {
        compact(new Mortal(client, calls, isAfter), LADDER, after(past));
        break;
      } catch (Killed killed) {
        kills++;
        assertThat(wanted).containsAll(names(client));
        assertProved(client);
        compact(client, LADDER, after(past));
        assertThat(names(client)).as("killed in request %d", calls).isEqualTo(wanted);
      }
    }
    assertThat(kills).isGreaterThan(30);
  }

  @Test
  void nothingIsMergedOverAGapThatNoSnapshotMakesUpFor() throws IOException {
    ReplicaClient client = new MemoryStore();
    Past past = new Past(client, new Random(1), 512).begin(3);
    List<LtxFileInfo> chain = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      past.millis += 1_000;
      chain.add(past.commit(3));
    }
    client.delete(List.of(chain.get(9)));
    assertThatThrownBy(() -> compact(client, LADDER, after(past)))
        .isInstanceOf(RestoreException.class)
        .hasMessageContaining("missing");
    assertThat(client.list(1, Txid.FIRST, false)).isEmpty();

    past.snapshot();
    List<LtxFileInfo> outputs = compact(client, LADDER, after(past));
    assertThat(outputs).isNotEmpty().noneMatch(new Holder(11)::holds);
    assertRestorable(client, past);
  }

  @Test
  void aReplicaWithALateSnapshotOfAFormerOwnerIsMergedWithoutIt() throws IOException {
    ReplicaClient client = new MemoryStore();
    Past past = new Past(client, new Random(1), 512).begin(3);
    past.epoch = 2;
    for (int i = 0; i < 8; i++) {
      past.millis += 1_000;
      past.commit(3);
    }
    Past former = new Past(client, new Random(99), 512);
    former.txid = 4;
    former.gap(1, 7);

    assertThat(compact(client, LADDER, after(past))).isNotEmpty();

    for (long txid = 1; txid <= past.txid; txid++) {
      File output = folder.resolve("restored.db").toFile();
      restore(client).run(RestoreTarget.at(Txid.of(txid)), output);
      assertThat(Files.readAllBytes(output.toPath())).isEqualTo(past.states.get(txid));
      Files.delete(output.toPath());
    }
  }

  @Test
  void momentsLeadToTheSameStatesAsBefore() throws IOException {
    ReplicaClient client = new MemoryStore();
    Past past = live(client, new Random(6), 512, 40);
    List<Txid> before = moments(client, past);
    compact(client, LADDER, after(past));
    assertThat(moments(client, past)).isEqualTo(before);
  }

  private List<Txid> moments(ReplicaClient client, Past past) throws IOException {
    List<Txid> states = new ArrayList<>();
    for (long at = Past.FIRST_MILLIS + 1; at <= past.millis + 3_000; at += 2_777) {
      states.add(restore(client).plan(RestoreTarget.before(at)).txid());
    }
    return states;
  }
}
