package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LtxMergerTest {

  private static final int PAGE_SIZE = 512;

  @Test
  void aMergeEqualsApplyingTheFilesInOrder() throws IOException {
    for (long seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      List<byte[]> files = new ArrayList<>();
      SortedMap<Integer, byte[]> database = new TreeMap<>();
      int count = 1 + random.nextInt(8);
      for (int txid = 1; txid <= count; txid++) {
        files.add(nextFile(random, txid, database));
      }
      int split = random.nextInt(count);

      byte[] whole = merge(files);
      assertThat(LtxFiles.read(whole)).as("seed %d", seed).isEqualTo(LtxFiles.wrap(database));

      if (split > 0) {
        byte[] first = merge(files.subList(0, split));
        byte[] second = merge(files.subList(split, count));
        assertThat(LtxFiles.read(merge(List.of(first, second))))
            .as("seed %d split %d", seed, split)
            .isEqualTo(LtxFiles.wrap(database));
      }
    }
  }

  @Test
  void theHeaderSpansTheInputsAndTakesTheStateOfTheLast() throws IOException {
    LtxHeader first = LtxFiles.header(512, 4, 3, 5).walOffset(32).walSalts(1, 2).build();
    LtxHeader last = LtxFiles.header(512, 7, 6, 9).walOffset(64).nodeId(3).build();
    byte[] a = LtxFiles.write(first, PageEncoding.LZ4_FRAME, new TreeMap<>());
    SortedMap<Integer, byte[]> grown = LtxFiles.pages(new Random(1), 512, 7).tailMap(5);
    byte[] b = LtxFiles.write(last, PageEncoding.LZ4_BLOCK, grown);

    LtxHeader merged = new LtxDecoder(new ByteArrayInputStream(merge(List.of(a, b)))).header();

    assertThat(merged).usingRecursiveComparison().isEqualTo(LtxFiles.header(512, 7, 3, 9).build());
  }

  @Test
  void ofOverlappingFilesTheOneThatReachesFurtherWins() throws IOException {
    byte[] old = file(LtxFiles.header(512, 1, 1, 4), Map.of(1, filled(1)));
    byte[] overlapping = file(LtxFiles.header(512, 1, 2, 6), Map.of(1, filled(2)));
    assertThat(LtxFiles.read(merge(List.of(old, overlapping))))
        .isEqualTo(Map.of(1, ByteBuffer.wrap(filled(2))));
  }

  @Test
  void aPageThatWasTruncatedOnceDoesNotComeBack() throws IOException {
    byte[] three = file(LtxFiles.header(512, 3, 1, 1), LtxFiles.pages(new Random(2), 512, 3));
    byte[] one = file(LtxFiles.header(512, 1, 2, 2), Map.of());
    byte[] hole = file(LtxFiles.header(512, 3, 3, 3), Map.of(3, filled(3)));
    assertThatThrownBy(() -> merge(List.of(three, one, hole)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("page 2 was added to the database by no file");
    byte[] full = file(LtxFiles.header(512, 3, 3, 3), Map.of(2, filled(2), 3, filled(3)));
    assertThat(LtxFiles.read(merge(List.of(three, one, full)))).hasSize(3);
  }

  @Test
  void growthWithoutTheNewPagesIsRejectedInIncrementsToo() throws IOException {
    byte[] small = file(LtxFiles.header(512, 3, 5, 5), Map.of(1, filled(1)));
    byte[] grown = file(LtxFiles.header(512, 5, 6, 6), Map.of(4, filled(4)));
    assertThatThrownBy(() -> merge(List.of(small, grown)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("page 5 was added");
  }

  @Test
  void growthAcrossTheLockPageNeedsNoLockPage() throws IOException {
    int lockPage = Pgno.lockPage(65536);
    byte[] small = file(LtxFiles.header(65536, lockPage - 1, 5, 5), Map.of());
    byte[] grown =
        file(LtxFiles.header(65536, lockPage + 1, 6, 6), Map.of(lockPage + 1, new byte[65536]));
    assertThat(LtxFiles.read(merge(List.of(small, grown)))).containsOnlyKeys(lockPage + 1);
  }

  @Test
  void filesThatDoNotFollowOneAnotherAreRejected() throws IOException {
    byte[] one = file(LtxFiles.header(512, 1, 1, 1), Map.of(1, filled(1)));
    byte[] three = file(LtxFiles.header(512, 1, 3, 3), Map.of());
    assertThatThrownBy(() -> merge(List.of(one, three))).hasMessageContaining("does not follow");
    assertThatThrownBy(() -> merge(List.of(one, one))).hasMessageContaining("does not follow");
    byte[] contained = file(LtxFiles.header(512, 1, 1, 3), Map.of(1, filled(1)));
    assertThatThrownBy(() -> merge(List.of(contained, three)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining(
            "0000000000000003-0000000000000003 does not follow "
                + "0000000000000001-0000000000000003");
  }

  @Test
  void aChangeOfPageSizeIsRejected() throws IOException {
    byte[] one = file(LtxFiles.header(512, 1, 1, 1), Map.of(1, filled(1)));
    byte[] two = file(LtxFiles.header(1024, 1, 2, 2), Map.of(1, new byte[1024]));
    assertThatThrownBy(() -> merge(List.of(one, two)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("page size changes from 512");
  }

  @Test
  void aDeletionAtTheEndIsRejected() throws IOException {
    byte[] one = file(LtxFiles.header(512, 1, 1, 1), Map.of(1, filled(1)));
    byte[] deletion = new LtxForger(LtxFiles.header(512, 0, 2, 2).build()).finish();
    assertThatThrownBy(() -> merge(List.of(one, deletion)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("deletes the database");
  }

  @Test
  void damageInAnInputThatContributesNothingIsFound() throws IOException {
    byte[] old = file(LtxFiles.header(512, 1, 1, 1), Map.of(1, filled(1)));
    byte[] fresh = file(LtxFiles.header(512, 1, 2, 2), Map.of(1, filled(2)));
    old[old.length - 1] ^= 1;
    assertThatThrownBy(() -> merge(List.of(old, fresh)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("file checksum");
  }

  private static byte[] nextFile(Random random, int txid, SortedMap<Integer, byte[]> database)
      throws IOException {
    int before = database.isEmpty() ? 0 : database.lastKey();
    int commit = 1 + random.nextInt(12);
    database.tailMap(commit + 1).clear();
    SortedMap<Integer, byte[]> pages = new TreeMap<>();
    for (int pgno = 1; pgno <= commit; pgno++) {
      if (pgno > before || random.nextInt(3) == 0) {
        pages.put(pgno, LtxFiles.page(random, PAGE_SIZE));
      }
    }
    database.putAll(pages);
    PageEncoding encoding = PageEncoding.values()[random.nextInt(2)];
    return LtxFiles.write(LtxFiles.header(PAGE_SIZE, commit, txid, txid).build(), encoding, pages);
  }

  private static byte[] file(LtxHeader.Builder header, Map<Integer, byte[]> pages)
      throws IOException {
    return LtxFiles.write(header.build(), PageEncoding.LZ4_FRAME, new TreeMap<>(pages));
  }

  private static byte[] filled(int value) {
    byte[] page = new byte[PAGE_SIZE];
    Arrays.fill(page, (byte) value);
    return page;
  }

  private static byte[] merge(List<byte[]> oldestFirst) throws IOException {
    List<LtxDecoder> decoders = new ArrayList<>();
    for (byte[] file : oldestFirst) {
      decoders.add(new LtxDecoder(new ByteArrayInputStream(file)));
    }
    LtxMerger merger = new LtxMerger(decoders);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    merger.mergeInto(new LtxEncoder(out, merger.header(), PageEncoding.LZ4_FRAME));
    return out.toByteArray();
  }
}
