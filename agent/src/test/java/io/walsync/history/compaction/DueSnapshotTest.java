package io.walsync.history.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestoreException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DueSnapshotTest {

  private static final long NOW = 1_000_000;
  private static final long INTERVAL = 500_000;

  private static LtxFileInfo file(int level, long min, long max, long bytes) {
    return new LtxFileInfo(level, Txid.of(min), Txid.of(max), bytes, 700_000);
  }

  private static DueSnapshot due(List<LtxFileInfo> files) throws RestoreException {
    return DueSnapshot.of("url", files, INTERVAL, NOW);
  }

  @Test
  void nothingIsDueBehindTheLastSnapshot() throws RestoreException {
    assertThat(due(List.of(file(9, 1, 7, 100), file(0, 7, 7, 9))).dueMillis())
        .isEqualTo(NextMerge.NEVER);
  }

  @Test
  void itIsDueWhenTheLastIsOld() throws RestoreException {
    DueSnapshot due = due(List.of(file(9, 1, 7, 100), file(1, 6, 9, 50), file(0, 10, 10, 5)));
    assertThat(due.dueMillis()).isEqualTo(1_200_000);
    assertThat(due.inputs())
        .containsExactly(file(9, 1, 7, 100), file(1, 6, 9, 50), file(0, 10, 10, 5));
  }

  @Test
  void itIsDueWhenMoreCameAfterTheLastThanItHolds() throws RestoreException {
    long bytes = 2 * DueSnapshot.LEAST_BYTES;
    assertThat(due(List.of(file(9, 1, 7, bytes), file(0, 8, 8, bytes))).dueMillis())
        .isGreaterThan(NOW);
    assertThat(due(List.of(file(9, 1, 7, bytes), file(0, 8, 8, bytes + 1))).dueMillis())
        .isEqualTo(NOW);
  }

  @Test
  void aSmallDatabaseIsNotStoredOverAndOver() throws RestoreException {
    assertThat(due(List.of(file(9, 1, 7, 10), file(0, 8, 8, DueSnapshot.LEAST_BYTES))).dueMillis())
        .isGreaterThan(NOW);
  }

  @Test
  void itIsDueWhenARestoreReadsMoreThanAHundredFiles() throws RestoreException {
    List<LtxFileInfo> files = new ArrayList<>(List.of(file(9, 1, 1, 100)));
    for (long txid = 2; txid <= DueSnapshot.MOST_FILES; txid++) {
      files.add(file(0, txid, txid, 1));
    }
    assertThat(due(files).dueMillis()).isGreaterThan(NOW);
    files.add(file(0, 101, 101, 1));
    assertThat(due(files).dueMillis()).isEqualTo(NOW);
  }

  @Test
  void nothingIsMadeOverAGap() {
    assertThatThrownBy(() -> due(List.of(file(9, 1, 7, 100), file(0, 9, 9, 5))))
        .isInstanceOf(RestoreException.class);
  }
}
