package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {

  @TempDir Path folder;

  private final MemoryReplica replica = new MemoryReplica();

  @Test
  void everyStateOfARandomHistoryIsRestored() throws IOException {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      MemoryReplica ofThisHistory = new MemoryReplica();
      History history = history(ofThisHistory, random);
      for (int txid = 1; txid <= history.txid(); txid++) {
        String what = "seed " + seed + " TXID " + txid;
        compare(history, RestoreTarget.at(Txid.of(txid)), random, what);
        compare(history, RestoreTarget.before(History.millis(txid) + 1), random, what);
      }
      RestorePlan latest = compare(history, RestoreTarget.latest(), random, "seed " + seed);
      assertThat(latest.txid()).isEqualTo(Txid.of(history.txid()));
    }
  }

  private static RestorePlan compare(
      History history, RestoreTarget target, Random random, String what) throws IOException {
    RestorePlan plan;
    try {
      plan = RestorePlan.of("", history.replica.all(), target);
    } catch (TargetNotReachableException e) {
      return null;
    }
    MemorySink sink = new MemorySink();
    LtxHeader newest = pipeline(history.replica, random).run(plan, sink);
    byte[] expected = history.states.get((int) plan.txid().value());
    assertThat(Arrays.equals(sink.bytes(expected.length), expected)).as(what).isTrue();
    assertThat((long) newest.commit() * newest.pageSize()).as(what).isEqualTo(expected.length);
    assertThat(sink.writtenPages(512)).as(what).isEqualTo(expected.length / 512);
    return plan;
  }

  private static RestorePipeline pipeline(MemoryReplica replica, Random random) {
    return new RestorePipeline(
        replica,
        RestoreOptions.defaults().withParallelism(1 + random.nextInt(4)),
        RestoreProgress.NONE,
        new RetryWaits(1, 1),
        random);
  }

  @Test
  void aRestoredFileIsTheStateOfItsTxid() throws IOException {
    History history = history(replica, new Random(77));
    RestoreResult result = restore(replica, RestoreTarget.latest(), new Random(77));
    byte[] expected = history.states.get(history.txid());
    assertThat(Files.readAllBytes(output().toPath())).isEqualTo(expected);
    assertThat(result.txid()).isEqualTo(Txid.of(history.txid()));
    assertThat(result.sizeBytes()).isEqualTo(expected.length);
    assertThat(result.pageSize()).isEqualTo(512);
    assertThat(result.timestampMillis()).isEqualTo(History.millis(history.txid()));
    assertThat(folder.toFile().list()).containsExactly("restored.db");
  }

  @Test
  void aFileLargerThanARangeIsRestored() throws IOException {
    Random random = new Random(7);
    History history = new History(replica, random, 4096, 3500);
    while (history.states.get(history.txid()).length < 10_000_000) {
      history.commit();
    }
    history.snapshot();
    history.commit();
    RestoreResult result = restore(replica, RestoreTarget.latest(), random);
    assertThat(result.plan().files().get(0).sizeBytes()).isGreaterThan(Turns.RANGE_BYTES);
    assertThat(
            Arrays.equals(
                Files.readAllBytes(output().toPath()), history.states.get(history.txid())))
        .isTrue();
  }

  @Test
  void onlyTheFilesOfThePlanAreFetchedAndEachOnce() throws IOException {
    History history = new History(replica, new Random(8), 512, 10);
    history.commit();
    history.commit();
    history.snapshot();
    history.commit();
    restore(replica, RestoreTarget.latest(), new Random(8));
    assertThat(replica.openCount()).isEqualTo(2);
  }

  @Test
  void thePlanIsShownWithoutFetching() throws IOException {
    History history = new History(replica, new Random(9), 512, 10);
    history.commit();
    RestorePlan plan =
        new Restore(replica, RestoreOptions.defaults(), RestoreProgress.NONE)
            .plan(RestoreTarget.latest());
    assertThat(plan.txid()).isEqualTo(Txid.FIRST);
    assertThat(replica.openCount()).isZero();
  }

  @Test
  void theLockPageIsZero() throws IOException {
    int lockPage = 0x40000000 / 65536 + 1;
    TreeMap<Integer, byte[]> pages = new TreeMap<>();
    byte[] zero = new byte[65536];
    for (int pgno = 1; pgno < lockPage; pgno++) {
      pages.put(pgno, zero);
    }
    byte[] last = new byte[65536];
    Arrays.fill(last, (byte) 7);
    pages.put(lockPage + 1, last);
    History history = new History(replica, new Random(10), 65536, 1);
    history.put(9, 1, 1, lockPage + 1, pages);

    MemorySink sink = new MemorySink();
    pipeline(replica, new Random(10))
        .run(RestorePlan.of("", replica.all(), RestoreTarget.latest()), sink);

    assertThat(sink.writtenPages(65536)).isEqualTo(lockPage);
    assertThat(sink.isWritten((lockPage - 1L) * 65536)).isFalse();
    assertThat(sink.isWritten(lockPage * 65536L)).isTrue();
  }

  @Test
  void aDeletionLeavesAnEmptyDatabase() throws IOException {
    SortedMap<Integer, byte[]> pages = new TreeMap<>(Map.of(1, new byte[512]));
    byte[] onePage = History.ltx(512, 1, 1, 1, pages, PageEncoding.LZ4_FRAME);
    replica.put(0, 1, 1, 0, onePage);
    replica.put(0, 2, 2, 0, Damage.deletion(512, 2));
    RestoreResult result = restore(replica, RestoreTarget.latest(), new Random(1));
    assertThat(result.pageCount()).isZero();
    assertThat(output()).isEmpty();
  }

  @Test
  void anEmptyReplicaLeavesNothingBehind() {
    assertThatThrownBy(() -> restore(replica, RestoreTarget.latest(), new Random(1)))
        .isInstanceOf(NoBackupException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aReplicaThatCannotBeListedIsNotAnEmptyOne() {
    MemoryReplica unreadable =
        new MemoryReplica() {
          @Override
          public synchronized List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes)
              throws IOException {
            if (level == 7) {
              throw new ReplicaException("list level 7: access denied", true);
            }
            return super.list(level, seek, exactTimes);
          }
        };
    assertThatThrownBy(() -> restore(unreadable, RestoreTarget.latest(), new Random(1)))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(RestoreException.class)
        .hasMessage("list level 7: access denied");
  }

  @Test
  void aListingThatFailsForAWhileIsRepeated() throws IOException {
    int[] failures = new int[10];
    MemoryReplica flaky =
        new MemoryReplica() {
          @Override
          public synchronized List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes)
              throws IOException {
            if (failures[level]++ < 7) {
              throw new ReplicaException("list: 503 slow down", false);
            }
            return super.list(level, seek, exactTimes);
          }
        };
    History history = history(flaky, new Random(5));
    restore(flaky, RestoreTarget.latest(), new Random(5));
    assertThat(Files.readAllBytes(output().toPath())).isEqualTo(history.states.get(history.txid()));
  }

  @Test
  void progressAddsUpToThePlanAndThePages() throws IOException {
    History history = history(replica, new Random(6));
    AtomicLong bytes = new AtomicLong();
    AtomicLong pages = new AtomicLong();
    List<LtxFileInfo> read = Collections.synchronizedList(new ArrayList<>());
    List<String> steps = Collections.synchronizedList(new ArrayList<>());
    RestoreProgress progress =
        new RestoreProgress() {
          @Override
          public void planned(RestorePlan plan) {
            steps.add("planned");
          }

          @Override
          public void fetched(long count) {
            bytes.addAndGet(count);
          }

          @Override
          public void written(int count) {
            pages.addAndGet(count);
          }

          @Override
          public void fileRead(LtxFileInfo file) {
            read.add(file);
          }

          @Override
          public void finishing() {
            steps.add("finishing");
          }
        };
    RestoreResult result =
        new Restore(replica, RestoreOptions.defaults(), progress)
            .run(RestoreTarget.latest(), output());
    assertThat(steps).containsExactly("planned", "finishing");
    assertThat(bytes.get()).isEqualTo(result.plan().sizeBytes());
    assertThat(read).containsExactlyInAnyOrderElementsOf(result.plan().files());
    assertThat(pages.get())
        .isEqualTo(result.pageCount())
        .isEqualTo(history.states.get(history.txid()).length / 512);
  }

  @Test
  void exactTimesAreAskedForOnlyIfTheTargetIsATime() throws IOException {
    boolean[] asked = new boolean[1];
    MemoryReplica watched =
        new MemoryReplica() {
          @Override
          public synchronized List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes)
              throws IOException {
            asked[0] = exactTimes;
            return super.list(level, seek, exactTimes);
          }
        };
    new History(watched, new Random(1), 512, 3).commit();
    restore(watched, RestoreTarget.latest(), new Random(1));
    assertThat(asked[0]).isFalse();
    restore(watched, RestoreTarget.before(Long.MAX_VALUE - 1), new Random(1));
    assertThat(asked[0]).isTrue();
  }

  private static History history(MemoryReplica replica, Random random) throws IOException {
    History history = new History(replica, random, 512, 30);
    int compacted = 0;
    for (int i = 1 + random.nextInt(25); i > 0; i--) {
      history.commit();
      if (random.nextInt(6) == 0) {
        history.snapshot();
      }
      if (random.nextInt(5) == 0) {
        history.compact(0, compacted + 1, history.txid());
        if (random.nextBoolean()) {
          for (LtxFileInfo file : replica.all()) {
            if (file.level() == 0 && file.maxTxid().value() < history.txid()) {
              replica.remove(file);
            }
          }
        }
        compacted = history.txid();
      }
    }
    return history;
  }

  private RestoreResult restore(MemoryReplica from, RestoreTarget target, Random random)
      throws IOException {
    Files.deleteIfExists(output().toPath());
    RestoreOptions options = RestoreOptions.defaults().withParallelism(1 + random.nextInt(5));
    return new Restore(from, options, RestoreProgress.NONE, new RetryWaits(1, 1), random)
        .run(target, output());
  }

  private File output() {
    return folder.resolve("restored.db").toFile();
  }
}
