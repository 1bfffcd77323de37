package io.walsync.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.capture.WalPosition;
import java.io.ByteArrayInputStream;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SavedPositionTest {

  private static final String AWKWARD = " C:\\data\t#1=äöü:\n\u20ac 😀 x ";

  @Test
  void whatIsSavedIsReadBack() throws Exception {
    SavedPosition saved = new SavedPosition();
    saved.replicaUrl = AWKWARD;
    saved.walDatabase = "(dev=1,ino=2)";
    saved.closedDatabase = "(dev=1,ino=2) 8192 -5 6";
    saved.sealedTxid = 7;
    saved.tableDigest = Long.MIN_VALUE;
    saved.isDurable = true;
    saved.wal = new WalPosition(-1, 2, 32, 0xffff_ffff_0000_0001L);

    SavedPosition read = SavedPosition.decode(saved.encode());

    assertThat(read).usingRecursiveComparison().isEqualTo(saved);
  }

  @Test
  void theFileIsOneOfProperties() throws Exception {
    SavedPosition saved = new SavedPosition();
    saved.replicaUrl = AWKWARD;
    Properties lines = new Properties();
    lines.load(new ByteArrayInputStream(saved.encode()));

    assertThat(lines.getProperty("replica")).isEqualTo(AWKWARD);
    assertThat(lines).containsKeys("txid.sealed", "boot", "check");
  }
}
