package io.walsync.db.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TxidsByChecksumTest {

  @Test
  void theNewestTxidOfEachChecksumIsFound() {
    TxidsByChecksum txids = new TxidsByChecksum();
    Map<Long, Long> expected = new HashMap<>();
    Random random = new Random(1);
    for (long txid = 1; txid <= 20_000; txid++) {
      long checksum = Long.MIN_VALUE | random.nextInt(9_000) * 0x1_0000_0001L;
      txids.put(checksum, txid);
      expected.put(checksum, txid);
    }
    expected.forEach((checksum, txid) -> assertThat(txids.get(checksum)).isEqualTo(txid));
    assertThat(txids.get(Long.MIN_VALUE | 3)).isZero();
  }
}
