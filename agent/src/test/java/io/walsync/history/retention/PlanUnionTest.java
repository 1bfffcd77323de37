package io.walsync.history.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.history.Timeline;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sweep finds what the planner of restore finds, state by state. */
class PlanUnionTest {

  private static LtxFileInfo file(int level, long min, long max, long size) {
    return new LtxFileInfo(level, Txid.of(min), Txid.of(max), size, max);
  }

  /** Overlapping, with gaps, with files that begin at 1 on any level. */
  private static List<LtxFileInfo> random(Random random, long offset) {
    TreeMap<String, LtxFileInfo> files = new TreeMap<>();
    int most = 2 + random.nextInt(30);
    int count = random.nextInt(80);
    int size = 0;
    for (int i = 0; i < count; i++) {
      int level = random.nextInt(10);
      long min = level == 9 && random.nextInt(8) > 0 ? 1 : 1 + random.nextInt(most);
      long max = min + random.nextInt(1 + random.nextInt(most));
      LtxFileInfo file = file(level, min, max, 100 + size++);
      files.put(file.level() + file.fileName(), file);
    }
    List<LtxFileInfo> list = new ArrayList<>();
    for (LtxFileInfo file : files.values()) {
      long shift = file.minTxid().value() == 1 ? 0 : offset;
      list.add(
          file(
              file.level(),
              file.minTxid().value() + shift,
              file.maxTxid().value() + offset,
              file.sizeBytes()));
    }
    Collections.shuffle(list, random);
    return list;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 100})
  void theUnionOfThePlansIsWhatThePlannerChooses(long offset) throws Exception {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      List<LtxFileInfo> files = random(random, offset);
      List<Long> targets = new ArrayList<>();
      Set<LtxFileInfo> expected = new HashSet<>();
      for (Timeline.Point point : Timeline.of(files).points()) {
        if (random.nextInt(3) > 0) {
          targets.add(point.txid().value());
          expected.addAll(RestorePlan.of("memory:", files, RestoreTarget.at(point.txid())).files());
        }
      }
      PlanUnion union = new PlanUnion(files);
      union.add(targets.stream().mapToLong(Long::longValue).toArray());
      List<LtxFileInfo> found = new ArrayList<>(files);
      found.removeIf(file -> !union.holds(file));
      assertThat(union.unreachable()).as("seed %s", seed).isEmpty();
      assertThat(found).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
