package io.walsync.history.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DueMergesTest {

  private static final Ladder LADDER =
      new Ladder(List.of(Duration.ofSeconds(10), Duration.ofSeconds(60)));
  private static final long LATER = 100_000_000;

  private final List<LtxFileInfo> files = new ArrayList<>();

  private void put(int level, long min, long max, long second) {
    files.add(new LtxFileInfo(level, Txid.of(min), Txid.of(max), 100, 1_000 * second));
  }

  private void put(long txid, long second) {
    put(0, txid, txid, second);
  }

  private List<String> due(int level, long nowMillis) {
    Collections.shuffle(files, new Random(1));
    List<String> due = new ArrayList<>();
    for (List<LtxFileInfo> inputs : DueMerges.into(level, files, LADDER, nowMillis).merges()) {
      StringBuilder merge = new StringBuilder();
      for (LtxFileInfo input : inputs) {
        merge.append(input.minTxid().value()).append('-').append(input.maxTxid().value());
        merge.append(' ');
      }
      due.add(merge.toString().trim());
    }
    return due;
  }

  private List<String> obstacles(int level) {
    return DueMerges.into(level, files, LADDER, LATER).obstacles();
  }

  @Test
  void filesOfOneIntervalAreOneMerge() {
    put(9, 1, 1, 1);
    for (int txid = 2; txid <= 6; txid++) {
      put(txid, 4 * txid);
    }
    assertThat(due(1, LATER)).containsExactly("2-2 3-3 4-4", "5-5 6-6");
    assertThat(due(1, 29_999)).as("the last is not over").containsExactly("2-2 3-3 4-4");
    assertThat(obstacles(1)).isEmpty();
  }

  @Test
  void oneAloneGoesWithTheNextAndTheLastWaits() {
    put(9, 1, 1, 1);
    put(2, 5);
    put(3, 15);
    put(4, 25);
    assertThat(due(1, LATER)).containsExactly("2-2 3-3");
  }

  @Test
  void aLevelGoesOnWhereItEnds() {
    put(9, 1, 1, 1);
    put(1, 2, 3, 10);
    for (int txid = 2; txid <= 6; txid++) {
      put(txid, 20 + txid);
    }
    assertThat(due(1, LATER)).containsExactly("4-4 5-5 6-6");
  }

  @Test
  void overAGapOnlyASnapshotLeads() {
    put(9, 1, 1, 1);
    for (int txid = 2; txid <= 9; txid++) {
      if (txid != 5) {
        put(txid, txid);
      }
    }
    assertThat(due(1, LATER)).containsExactly("2-2 3-3 4-4");
    assertThat(obstacles(1)).hasSize(1).first().asString().contains("TXIDs are missing");
    put(9, 1, 5, 5);
    assertThat(due(1, LATER)).containsExactly("2-2 3-3 4-4", "6-6 7-7 8-8 9-9");
    assertThat(obstacles(1)).isEmpty();
  }

  @Test
  void withoutABaseNothingIsMerged() {
    put(5, 5);
    put(6, 6);
    assertThat(due(1, LATER)).isEmpty();
    assertThat(obstacles(1)).hasSize(1);
  }

  @Test
  void theFirstFileOfALitestreamIsABaseAndIsNotMerged() {
    put(1, 1);
    put(2, 2);
    put(3, 3);
    assertThat(due(1, LATER)).containsExactly("2-2 3-3");
  }

  @Test
  void ofFilesThatTwoMergersMadeTheChainThatLeadsFurthestIsTaken() {
    put(9, 1, 1, 1);
    put(1, 2, 8, 8);
    put(1, 2, 10, 10);
    put(1, 9, 15, 15);
    put(1, 11, 12, 12);
    put(1, 16, 20, 20);
    assertThat(due(2, LATER)).containsExactly("2-8 9-15 16-20");
    assertThat(obstacles(2)).isEmpty();
  }

  @Test
  void filesThatOverlapWithoutAWayAroundAreAnObstacle() {
    put(9, 1, 1, 1);
    put(1, 2, 5, 5);
    put(1, 6, 9, 9);
    put(1, 8, 15, 15);
    put(1, 16, 17, 17);
    assertThat(due(2, LATER)).containsExactly("2-5 6-9");
    assertThat(obstacles(2)).hasSize(1).first().asString().contains("overlaps");
  }

  @Test
  void clocksThatRunBackwardsDoNotDivide() {
    put(9, 1, 1, 1);
    put(2, 12);
    put(3, 3);
    put(4, 14);
    put(5, 25);
    put(6, 26);
    assertThat(due(1, LATER)).containsExactly("2-2 3-3 4-4", "5-5 6-6");
  }

  @Test
  void moreFilesThanFitIntoAMergeAreSeveral() {
    put(9, 1, 1, 1);
    for (int txid = 2; txid < DueMerges.MAX_FILES + 100; txid++) {
      put(txid, 1);
    }
    assertThat(due(1, LATER)).hasSize(2);
  }
}
