package io.walsync.replica.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LevelFolderTest {

  private static List<LtxFileInfo> files(long... txids) {
    List<LtxFileInfo> files = new ArrayList<>();
    for (long txid : txids) {
      files.add(new LtxFileInfo(0, Txid.of(txid), Txid.of(txid), 100, 0));
    }
    return files;
  }

  private static List<Long> whole(List<LtxFileInfo> first, List<LtxFileInfo> second)
      throws IOException {
    List<Long> txids = new ArrayList<>();
    for (LtxFileInfo file : LevelFolder.whole(first, () -> second)) {
      txids.add(file.minTxid().value());
    }
    return txids;
  }

  @Test
  void whatCameWhileTheFolderWasReadIsThereWhenItIsReadAgain() throws IOException {
    assertThat(whole(files(2, 3, 6), files(2, 3, 4, 5, 6, 7, 9)))
        .containsExactly(2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void whatIsMissingIsMissingBothTimes() throws IOException {
    assertThat(whole(files(2, 4), files(2, 4, 5))).containsExactly(2L, 4L);
  }

  @Test
  void aFolderWithoutAGapIsReadOnce() throws IOException {
    List<LtxFileInfo> first = files(5, 6, 7);
    assertThat(
            LevelFolder.whole(
                first,
                () -> {
                  throw new IOException("read again");
                }))
        .isSameAs(first);
    assertThat(whole(files(), files(1))).isEmpty();
  }
}
