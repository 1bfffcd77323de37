package io.walsync.history.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KeepSetTest {

  private static final long MINUTE = TimeUnit.MINUTES.toMillis(1);
  private static final long GRACE = 10 * MINUTE;

  /** A commit a minute from TXID 1 on; the store has each at once. */
  private static LtxFileInfo file(int level, long min, long max) {
    return new LtxFileInfo(level, Txid.of(min), Txid.of(max), 1_000, max * MINUTE)
        .withStoredMillis(max * MINUTE);
  }

  private static KeepSet of(List<LtxFileInfo> files, String policy, long nowMillis)
      throws Exception {
    return KeepSet.of(
        Policy.parse(policy),
        files,
        Collections.emptyList(),
        Collections.emptySet(),
        nowMillis,
        GRACE,
        txid -> true);
  }

  @Test
  void whatIsTooYoungToGoKeepsWhatItNeeds() throws Exception {
    List<LtxFileInfo> files =
        new ArrayList<>(List.of(file(9, 1, 1), file(9, 1, 25), file(9, 1, 30)));
    for (long txid = 2; txid <= 30; txid++) {
      files.add(file(0, txid, txid));
    }
    KeepSet set = of(files, "2m every commit", 31 * MINUTE);
    assertThat(set.after().points())
        .as("nothing stays that cannot be restored")
        .extracting(point -> point.txid().value())
        .containsAll(states(set.kept()));
    KeepSet later = of(files, "2m every commit", 60 * MINUTE);
    assertThat(later.gone()).contains(file(9, 1, 1), file(0, 2, 2), file(0, 22, 22));
  }

  private static List<Long> states(Iterable<LtxFileInfo> files) {
    List<Long> states = new ArrayList<>();
    files.forEach(file -> states.add(file.maxTxid().value()));
    return states;
  }
}
