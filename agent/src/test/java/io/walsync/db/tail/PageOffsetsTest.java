package io.walsync.db.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PageOffsetsTest {

  @Test
  void itBehavesAsAMapAndSortsUpToTheCommit() {
    long seed = 11;
    Random random = new Random(seed);
    PageOffsets offsets = new PageOffsets();
    for (int round = 0; round < 20; round++) {
      TreeMap<Integer, Long> expected = new TreeMap<>();
      int count = random.nextInt(20_000);
      for (int i = 0; i < count; i++) {
        int pgno = 1 + random.nextInt(30_000);
        long offset = random.nextLong() >>> 1;
        offsets.put(pgno, offset);
        expected.put(pgno, offset);
      }
      assertThat(offsets.size()).isEqualTo(expected.size());
      expected.forEach((pgno, offset) -> assertThat(offsets.get(pgno)).isEqualTo(offset));
      assertThat(offsets.get(40_000)).isEqualTo(-1);
      assertThat(offsets.sortedPgnos(15_000))
          .as("seed %d", seed)
          .isEqualTo(
              expected.headMap(15_000, true).keySet().stream()
                  .mapToInt(Integer::intValue)
                  .toArray());
      offsets.clear();
      assertThat(offsets.size()).isZero();
    }
  }
}
