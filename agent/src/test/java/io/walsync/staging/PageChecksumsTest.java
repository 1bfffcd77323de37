package io.walsync.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.io.Disk;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
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
}
