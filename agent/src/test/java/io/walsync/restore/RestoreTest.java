package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {

  @TempDir Path folder;

  private final MemoryReplica replica = new MemoryReplica();

  @Test
  void everyStateOfARandomHistoryIsRestored() throws IOException {
    for (long seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      MemoryReplica ofThisHistory = new MemoryReplica();
      History history = history(ofThisHistory, random);
      for (int txid = 1; txid <= history.txid(); txid++) {
        String what = "seed " + seed + " TXID " + txid;
        RestoreTarget target =
            random.nextBoolean()
                ? RestoreTarget.at(Txid.of(txid))
                : RestoreTarget.before(History.millis(txid) + 1);
        try {
          RestoreResult result = restore(ofThisHistory, target, random);
          byte[] expected = history.states.get((int) result.txid().value());
          assertThat(Files.readAllBytes(output().toPath())).as(what).isEqualTo(expected);
          assertThat(result.sizeBytes()).as(what).isEqualTo(expected.length);
          assertThat(result.timestampMillis())
              .as(what)
              .isEqualTo(History.millis(result.txid().value()));
        } catch (TargetNotReachableException e) {
          assertThat(e).as(what).hasMessageContaining("available");
        }
      }
      restore(ofThisHistory, RestoreTarget.latest(), random);
      assertThat(Files.readAllBytes(output().toPath()))
          .as("seed %d", seed)
          .isEqualTo(history.states.get(history.txid()));
    }
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

    RecordingSink sink = new RecordingSink();
    new RestorePipeline(replica, RestoreOptions.defaults(), RestoreProgress.NONE, new Random(10))
        .run(RestorePlan.of("", replica.all(), RestoreTarget.latest()), sink);

    assertThat(sink.writtenPages(65536)).hasSize(lockPage).doesNotContain(lockPage);
  }

  @Test
  void everyPageIsWrittenOnce() throws IOException {
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      MemoryReplica ofThisHistory = new MemoryReplica();
      History history = history(ofThisHistory, random);
      RecordingSink sink = new RecordingSink();
      RestorePlan plan = RestorePlan.of("", ofThisHistory.all(), RestoreTarget.latest());
      new RestorePipeline(ofThisHistory, RestoreOptions.defaults(), RestoreProgress.NONE, random)
          .run(plan, sink);
      int pageCount = history.states.get(history.txid()).length / 512;
      assertThat(sink.writtenPages(512)).as("seed %d", seed).hasSize(pageCount);
    }
  }

  @Test
  void aDeletionLeavesAnEmptyDatabase() throws IOException {
    replica.put(0, 1, 1, 0, History.ltx(512, 1, 1, 1, pages(1), encoding()));
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
              throw new IOException("list level 7: access denied");
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
    return new Restore(from, options, RestoreProgress.NONE, random).run(target, output());
  }

  private File output() {
    return folder.resolve("restored.db").toFile();
  }

  private static Map<Integer, byte[]> filled(int pgno) {
    byte[] page = new byte[512];
    Arrays.fill(page, (byte) pgno);
    return Map.of(pgno, page);
  }

  private static TreeMap<Integer, byte[]> pages(int pgno) {
    return new TreeMap<>(filled(pgno));
  }

  private static io.walsync.ltx.PageEncoding encoding() {
    return io.walsync.ltx.PageEncoding.LZ4_FRAME;
  }
}
