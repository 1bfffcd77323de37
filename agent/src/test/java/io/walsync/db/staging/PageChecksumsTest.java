package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.io.Disk;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageChecksum;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageChecksumsTest {

  @TempDir Path folder;

  @Test
  void entriesAreReadBackAsTheyWereSetInAnyPattern() throws Exception {
    long seed = 7;
    Random random = new Random(seed);
    long[] expected = new long[5000];
    try (PageChecksums table = new PageChecksums(Disk.REAL, folder.resolve("pages.sum").toFile())) {
      for (int round = 0; round < 200; round++) {
        int[] pgnos = random.ints(1 + random.nextInt(300), 1, 5001).distinct().sorted().toArray();
        long[] checksums = random.longs(pgnos.length).map(value -> value | 1L << 63).toArray();
        table.set(pgnos, checksums, pgnos.length);
        for (int i = 0; i < pgnos.length; i++) {
          expected[pgnos[i] - 1] = checksums[i];
        }
        if (random.nextInt(10) == 0) {
          int commit = random.nextInt(5000);
          table.truncate(commit);
          Arrays.fill(expected, commit, expected.length, PageChecksums.NONE);
          table.close();
        }
        long digest = table.digest();
        table.measure();
        assertThat(table.digest()).as("seed %d round %d", seed, round).isEqualTo(digest);
        long[] actual = new long[5000];
        table.read(1, actual, 5000);
        assertThat(actual).as("seed %d round %d", seed, round).isEqualTo(expected);
      }
    }
  }

  @Test
  void aBitThatSomebodyElseChangesIsFoundBeforeTheDigestTakesItIn() throws Exception {
    File file = folder.resolve("pages.sum").toFile();
    long[] checksums = new Random(3).longs(1500).toArray();
    int[] pgnos = IntStream.rangeClosed(1, checksums.length).toArray();
    try (PageChecksums table = new PageChecksums(Disk.REAL, file)) {
      table.set(pgnos, checksums, pgnos.length);
      long digest = table.digest();
      try (RandomAccessFile other = new RandomAccessFile(file, "rw")) {
        other.seek(700 * 8);
        int before = other.read();
        other.seek(700 * 8);
        other.write(before ^ 0x20);
      }
      table.set(new int[] {1}, checksums, 1);
      table.truncate(1100);
      assertThatThrownBy(() -> table.set(new int[] {600}, checksums, 1))
          .isInstanceOf(StagingDamagedException.class)
          .hasMessageContaining("pages.sum");
      assertThatThrownBy(() -> table.truncate(600)).isInstanceOf(StagingDamagedException.class);
      for (int i = 1100; i < checksums.length; i++) {
        digest ^= checksums[i];
      }
      assertThat(table.digest()).isEqualTo(digest);
      table.truncate(0);
      assertThat(table.digest()).isZero();
    }
  }

  @Test
  void aFileBringsTheTableToTheStateThatItDescribes() throws Exception {
    int pageCount = 20_000;
    try (PageChecksums table = new PageChecksums(Disk.REAL, folder.resolve("pages.sum").toFile())) {
      table.set(new int[] {30_000}, new long[] {-1}, 1);
      List<Integer> told = new ArrayList<>();

      table.record(snapshot(pageCount), (pgno, checksum, page) -> told.add(pgno));

      long[] expected = new long[30_000];
      for (int pgno = 1; pgno <= pageCount; pgno++) {
        expected[pgno - 1] = PageChecksum.of(pgno, page(pgno), 0, 512);
      }
      long[] actual = new long[30_000];
      table.read(1, actual, actual.length);
      assertThat(actual).isEqualTo(expected);
      assertThat(told).hasSize(pageCount).startsWith(1, 2).endsWith(pageCount);
    }
  }

  private static byte[] page(int pgno) {
    byte[] page = new byte[512];
    page[0] = (byte) pgno;
    page[1] = (byte) (pgno >> 8);
    return page;
  }

  private static LtxDecoder snapshot(int pageCount) throws IOException {
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(512)
            .commit(pageCount)
            .minTxid(Txid.FIRST)
            .maxTxid(Txid.of(5))
            .timestampMillis(1)
            .build();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    LtxEncoder encoder = new LtxEncoder(file, header, PageEncoding.LZ4_BLOCK);
    for (int pgno = 1; pgno <= pageCount; pgno++) {
      encoder.writePage(pgno, page(pgno), 0);
    }
    encoder.finish();
    return new LtxDecoder(new ByteArrayInputStream(file.toByteArray()));
  }
}
