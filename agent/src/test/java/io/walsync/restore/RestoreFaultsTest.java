package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.walsync.ltx.Crc64;
import io.walsync.ltx.LtxForger;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import io.walsync.replica.ReplicaException;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreFaultsTest {

  @TempDir Path folder;

  private final MemoryReplica replica = new MemoryReplica();

  @Test
  void everySingleBitFlipIsDetectedOrHarmless() throws IOException {
    History history = history(replica, 4);
    byte[] expected = history.states.get(history.txid());
    int detected = 0;
    int harmless = 0;
    for (LtxFileInfo file : replica.all()) {
      byte[] content = replica.content(file);
      for (int bit = 0; bit < 8 * content.length; bit += 7) {
        replica.replaceContent(file, Damage.flipped(content, bit));
        MemorySink sink = new MemorySink();
        try {
          run(replica, sink);
          assertThat(sink.bytes(expected.length)).isEqualTo(expected);
          harmless++;
        } catch (DamagedFileException e) {
          assertThat(e.file()).isEqualTo(file);
          detected++;
        }
      }
      replica.replaceContent(file, content);
    }
    assertThat(detected).isGreaterThan(100 * harmless);
  }

  @Test
  void aTruncatedFileIsDetectedAtEveryByte() throws IOException {
    history(replica, 2);
    LtxFileInfo file = replica.all().get(1);
    byte[] content = replica.content(file);
    for (int length = 0; length < content.length; length++) {
      replica.remove(file);
      replica.put(0, 2, 2, 0, Arrays.copyOf(content, length));
      assertThatThrownBy(() -> run(replica, new MemorySink()))
          .as("%d bytes", length)
          .isInstanceOf(DamagedFileException.class);
    }
  }

  @Test
  void aFileShorterThanListedIsDetected() throws IOException {
    history(replica, 2);
    LtxFileInfo file = replica.all().get(1);
    replica.replaceContent(file, Arrays.copyOf(replica.content(file), 200));
    assertThatThrownBy(() -> run(replica, new MemorySink()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("it ends at byte 200, earlier than listed");
  }

  @Test
  void aFileOfAnotherTxidIsDetected() throws IOException {
    history(replica, 3);
    List<LtxFileInfo> files = replica.all();
    byte[] foreign = replica.content(files.get(1));
    replica.remove(files.get(2));
    replica.put(0, 3, 3, 0, foreign);
    assertThatThrownBy(() -> run(replica, new MemorySink()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("0000000000000003-0000000000000003.ltx")
        .hasMessageContaining("its header says 0000000000000002-0000000000000002");
  }

  @Test
  void aFileThatIsNoLtxFileIsDetected() {
    replica.put(9, 1, 1, 0, new byte[5000]);
    assertThatThrownBy(() -> run(replica, new MemorySink()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("not an LTX file");
  }

  @Test
  void aFileThatDiffersFromItsRecordedSha256IsDetected() throws IOException {
    History history = history(replica, 2);
    LtxFileInfo file = replica.all().get(1);
    replica.recordSha256(file);
    run(replica, new MemorySink());

    SortedMap<Integer, byte[]> pages = new TreeMap<>();
    byte[] state = history.states.get(2);
    for (int pgno = 1; pgno <= state.length / 512; pgno++) {
      pages.put(pgno, new byte[512]);
    }
    replica.replaceContent(
        file, History.ltx(512, 2, 2, pages.size(), pages, PageEncoding.LZ4_BLOCK));
    LtxFileInfo listed =
        new LtxFileInfo(0, Txid.of(2), Txid.of(2), replica.content(file).length, 0);
    RestorePlan plan =
        RestorePlan.of("", List.of(replica.all().get(0), listed), RestoreTarget.latest());
    assertThatThrownBy(() -> pipeline(replica, true).run(plan, new MemorySink()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("SHA-256");
    pipeline(replica, false).run(plan, new MemorySink());
  }

  @Test
  void pagesOfDifferentSizesAreRefused() throws IOException {
    replica.put(0, 1, 1, 0, onePage(512, 1));
    replica.put(0, 2, 2, 0, onePage(1024, 2));
    assertThatThrownBy(() -> run(replica, new MemorySink()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("its pages have 512 bytes")
        .hasMessageContaining("have 1024");
  }

  @Test
  void growthWithoutTheNewPagesIsDetected() throws IOException {
    replica.put(0, 1, 1, 0, onePage(512, 1));
    SortedMap<Integer, byte[]> third = new TreeMap<>();
    third.put(3, new byte[512]);
    replica.put(0, 2, 2, 0, History.ltx(512, 2, 2, 3, third, PageEncoding.LZ4_FRAME));
    assertThatThrownBy(() -> run(replica, new MemorySink()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("the database has 3 pages, but page 2 is in no file");
  }

  @Test
  void aPageThatWasTruncatedOnceDoesNotComeBack() throws IOException {
    SortedMap<Integer, byte[]> two = new TreeMap<>();
    two.put(1, new byte[512]);
    two.put(2, new byte[512]);
    replica.put(0, 1, 1, 0, History.ltx(512, 1, 1, 2, two, PageEncoding.LZ4_FRAME));
    replica.put(0, 2, 2, 0, onePage(512, 2));
    SortedMap<Integer, byte[]> none = new TreeMap<>();
    replica.put(0, 3, 3, 0, History.ltx(512, 3, 3, 2, none, PageEncoding.LZ4_FRAME));
    assertThatThrownBy(() -> run(replica, new MemorySink()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("page 2 is in no file");
  }

  @Test
  void morePagesThanTheFilesCanHoldAreRefusedBeforeMemoryIsUsed() {
    LtxHeader header =
        LtxHeader.builder().pageSize(4096).commit(Integer.MAX_VALUE).txid(Txid.of(1)).build();
    replica.put(0, 1, 1, 0, new LtxForger(header).finish());
    assertThatThrownBy(() -> run(replica, new MemorySink()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("more than the files can hold");
  }

  @Test
  void aTrackedChainIsCheckedAgainstTheNewestDatabaseChecksum() throws IOException {
    byte[] old = page(1);
    byte[] kept = page(2);
    byte[] fresh = page(3);
    long before = PageChecksum.toggle(PageChecksum.of(1, old, 0, 512), checksum(2, kept));
    long after = PageChecksum.toggle(PageChecksum.of(1, fresh, 0, 512), checksum(2, kept));
    LtxHeader first = LtxHeader.builder().flags(0).pageSize(512).commit(2).txid(Txid.of(1)).build();
    replica.put(
        0,
        1,
        1,
        0,
        new LtxForger(first).page(1, old).page(2, kept).postApplyChecksum(before).finish());
    LtxHeader second = first.toBuilder().txid(Txid.of(2)).preApplyChecksum(before).build();
    LtxFileInfo newest =
        replica.put(
            0, 2, 2, 0, new LtxForger(second).page(1, fresh).postApplyChecksum(after).finish());
    run(replica, new MemorySink());

    byte[] wrong =
        new LtxForger(second)
            .page(1, fresh)
            .postApplyChecksum(Crc64.STORED_FLAG | (after ^ 1))
            .finish();
    replica.replaceContent(newest, wrong);
    assertThatThrownBy(() -> run(replica, new MemorySink()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("the restored database has checksum");
  }

  @Test
  void aConnectionThatDropsAfterEveryFewBytesIsTakenUpAgain() throws IOException {
    for (int dropAfter = 1; dropAfter < 700; dropAfter += 13) {
      MemoryReplica dropping = new DroppingReplica(dropAfter);
      History history = history(dropping, 3);
      MemorySink sink = new MemorySink();
      run(dropping, sink);
      byte[] expected = history.states.get(history.txid());
      assertThat(sink.bytes(expected.length)).as("every %d bytes", dropAfter).isEqualTo(expected);
    }
  }

  @Test
  void aStoreThatStaysAwayIsGivenUp() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    MemoryReplica away =
        new MemoryReplica() {
          @Override
          public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
            tries.incrementAndGet();
            throw new ReplicaException("read " + file + ": connection refused", false);
          }
        };
    history(away, 1);
    assertThatThrownBy(() -> run(away, new MemorySink()))
        .isInstanceOf(ReplicaException.class)
        .hasMessageContaining("connection refused");
    assertThat(tries.get()).isEqualTo(8);
  }

  @Test
  void aPermanentFailureIsNotTriedAgain() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    MemoryReplica denied =
        new MemoryReplica() {
          @Override
          public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
            tries.incrementAndGet();
            throw new ReplicaException("read " + file + ": access denied", true);
          }
        };
    history(denied, 1);
    assertThatThrownBy(() -> run(denied, new MemorySink())).hasMessageContaining("denied");
    assertThat(tries.get()).isEqualTo(1);
  }

  @Test
  void aFullDiskEndsTheRestoreAtWhateverWrite() throws IOException {
    History history = new History(replica, new Random(5), 512, 200);
    for (int i = 0; i < 10; i++) {
      history.commit();
    }
    int writes = 0;
    while (true) {
      MemorySink sink = new MemorySink();
      sink.failAfter(writes);
      try {
        run(replica, sink);
        break;
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("No space left");
        writes++;
      }
    }
    assertThat(writes).isGreaterThan(10);
  }

  @Test
  void whenAFileVanishesTheRestoreIsPlannedAnew() throws IOException {
    History history = new History(replica, new Random(3), 512, 10);
    history.commit();
    history.commit();
    LtxFileInfo vanishing = history.commit();
    history.commit();
    int[] replans = new int[1];
    MemoryReplica compacting =
        new MemoryReplica() {
          @Override
          public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
            if (file.equals(vanishing)) {
              put(1, 1, 4, History.millis(4), compacted(history));
              remove(vanishing);
              throw new LtxFileMissingException("read " + file + ": no such file", null);
            }
            return super.open(file, offset, length);
          }
        };
    for (LtxFileInfo file : replica.all()) {
      compacting.put(
          0,
          file.minTxid().value(),
          file.maxTxid().value(),
          file.createdMillis(),
          replica.content(file));
    }
    RestoreProgress progress =
        new RestoreProgress() {
          @Override
          public void replanning(LtxFileMissingException cause) {
            replans[0]++;
          }
        };
    File output = folder.resolve("a.db").toFile();
    RestoreResult result =
        new Restore(
                compacting,
                RestoreOptions.defaults(),
                progress,
                new RetryWaits(1, 1),
                new Random(1))
            .run(RestoreTarget.latest(), output);

    assertThat(replans[0]).isEqualTo(1);
    assertThat(result.plan().files()).hasSize(1);
    assertThat(Files.readAllBytes(output.toPath())).isEqualTo(history.states.get(4));
  }

  @Test
  void filesThatKeepVanishingAreGivenUp() throws IOException {
    history(replica, 3);
    replica.vanish(replica.all().get(1));
    int[] replans = new int[1];
    RestoreProgress progress =
        new RestoreProgress() {
          @Override
          public void replanning(LtxFileMissingException cause) {
            replans[0]++;
          }
        };
    Restore restore =
        new Restore(
            replica, RestoreOptions.defaults(), progress, new RetryWaits(1, 1), new Random(1));
    RestoreException failed =
        catchThrowableOfType(
            RestoreException.class,
            () -> restore.run(RestoreTarget.latest(), folder.resolve("a.db").toFile()));
    assertThat(failed)
        .hasMessageContaining("vanish")
        .hasCauseInstanceOf(LtxFileMissingException.class);
    assertThat(replans[0]).isEqualTo(3);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFailedRestoreLeavesNothingBehind() throws IOException {
    history(replica, 3);
    LtxFileInfo file = replica.all().get(0);
    replica.replaceContent(file, Damage.flipped(replica.content(file), 4000));
    Restore restore = new Restore(replica, RestoreOptions.defaults(), RestoreProgress.NONE);
    assertThatThrownBy(() -> restore.run(RestoreTarget.latest(), folder.resolve("a.db").toFile()))
        .isInstanceOf(DamagedFileException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void noThreadIsLeftBehind() throws IOException {
    history(replica, 6);
    replica.vanish(replica.all().get(2));
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> run(replica, new MemorySink())).isInstanceOf(IOException.class);
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().startsWith("walsync-restore"));
    }
  }

  private byte[] compacted(History history) throws IOException {
    LtxFileInfo file = history.compact(0, 1, 4);
    return history.replica.content(file);
  }

  private static long checksum(int pgno, byte[] page) {
    return PageChecksum.of(pgno, page, 0, page.length);
  }

  private static byte[] page(int seed) {
    byte[] page = new byte[512];
    new Random(seed).nextBytes(page);
    return page;
  }

  private static byte[] onePage(int pageSize, long txid) throws IOException {
    SortedMap<Integer, byte[]> pages = new TreeMap<>();
    pages.put(1, new byte[pageSize]);
    return History.ltx(pageSize, txid, txid, 1, pages, PageEncoding.LZ4_FRAME);
  }

  private static History history(MemoryReplica replica, int commits) throws IOException {
    History history = new History(replica, new Random(commits), 512, 12);
    for (int i = 0; i < commits; i++) {
      history.commit();
    }
    return history;
  }

  private static void run(MemoryReplica replica, MemorySink sink) throws IOException {
    pipeline(replica, true).run(RestorePlan.of("", replica.all(), RestoreTarget.latest()), sink);
  }

  private static RestorePipeline pipeline(MemoryReplica replica, boolean isSha256Verified) {
    return new RestorePipeline(
        replica,
        RestoreOptions.defaults().withParallelism(3).withSha256Verified(isSha256Verified),
        RestoreProgress.NONE,
        new RetryWaits(1, 1),
        new Random(1));
  }

  /** Each connection breaks after some bytes. */
  private static final class DroppingReplica extends MemoryReplica {

    private final int dropAfter;

    DroppingReplica(int dropAfter) {
      this.dropAfter = dropAfter;
    }

    @Override
    public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
      return new FilterInputStream(super.open(file, offset, length)) {
        private int rest = dropAfter;

        @Override
        public int read(byte[] to, int at, int count) throws IOException {
          if (rest == 0) {
            throw new IOException("connection reset");
          }
          int read = super.read(to, at, Math.min(rest, count));
          rest -= Math.max(0, read);
          return read;
        }
      };
    }
  }
}
