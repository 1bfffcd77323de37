package io.walsync.db.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistoryStepsTest {

  private static LtxFileInfo file(int level, int min, int max) {
    return new LtxFileInfo(level, Txid.of(min), Txid.of(max), 100 + max - min, 0);
  }

  private static List<LtxFileInfo> steps(LtxFileInfo... files) throws Exception {
    List<LtxFileInfo> all = Arrays.asList(files);
    Collections.shuffle(all, new Random(files.length));
    return HistorySteps.of(all, RestorePlan.of("test", all, RestoreTarget.latest()));
  }

  @Test
  void theSmallestStepsFromTheOldestSnapshotAreTaken() throws Exception {
    assertThat(
            steps(
                file(9, 1, 1),
                file(0, 2, 2),
                file(0, 3, 3),
                file(1, 2, 3),
                file(9, 1, 3),
                file(0, 4, 4)))
        .containsExactly(file(9, 1, 1), file(0, 2, 2), file(0, 3, 3), file(0, 4, 4));
  }

  @Test
  void compactedFilesStandInForThoseThatAreGone() throws Exception {
    assertThat(steps(file(9, 1, 1), file(2, 2, 9), file(1, 8, 11), file(0, 12, 12), file(9, 1, 9)))
        .containsExactly(file(9, 1, 1), file(2, 2, 9), file(1, 8, 11), file(0, 12, 12));
  }

  @Test
  void aSnapshotBridgesAGap() throws Exception {
    assertThat(steps(file(9, 1, 1), file(0, 2, 2), file(0, 5, 5), file(9, 1, 5), file(0, 6, 6)))
        .containsExactly(file(9, 1, 1), file(0, 2, 2), file(9, 1, 5), file(0, 6, 6));
  }

  @Test
  void aDatabaseThatBeganAtLevelZeroIsReadFromThere() throws Exception {
    assertThat(steps(file(0, 1, 1), file(0, 2, 2), file(9, 1, 2)))
        .containsExactly(file(0, 1, 1), file(0, 2, 2));
  }
}
