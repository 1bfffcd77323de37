package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final long FOUR_TIB = 4L << 40;

  private static LtxFileInfo file(long txid, long sizeBytes) {
    return new LtxFileInfo(0, Txid.of(txid), Txid.of(txid), sizeBytes, 0);
  }

  @Test
  void rangesCoverEachFileNewestFirst() throws Exception {
    int most = Turns.RANGE_BYTES;
    Turns turns =
        new Turns(List.of(file(1, 2L * most + 5), file(2, 0), file(3, most)), new Abort());
    assertThat(turns.rangeCount()).isEqualTo(5);
    List<String> handedOut = new ArrayList<>();
    for (FileRange range = turns.next(); range != null; range = turns.next()) {
      handedOut.add(
          range.sequence
              + ": "
              + range.proof.file().minTxid().value()
              + " "
              + range.index
              + " "
              + range.offset
              + "+"
              + range.length);
    }
    assertThat(handedOut)
        .containsExactly(
            "0: 3 0 0+" + most,
            "1: 2 0 0+0",
            "2: 1 0 0+" + most,
            "3: 1 1 " + most + "+" + most,
            "4: 1 2 " + 2 * most + "+5");
  }

  @Test
  void whatTheListingSaysTakesNoMemory() throws Exception {
    Abort abort = new Abort();
    List<LtxFileInfo> files = new ArrayList<>();
    for (int i = 1; i <= 1000; i++) {
      files.add(file(i, FOUR_TIB));
    }
    Turns turns = new Turns(files, abort);
    assertThat(turns.rangeCount()).isEqualTo(1000 * (FOUR_TIB / Turns.RANGE_BYTES));
    assertThat(turns.maxRangeBytes()).isEqualTo(Turns.RANGE_BYTES);
    FileRange first = turns.next();
    assertThat(first.proof).isSameAs(turns.next().proof);
  }
}
