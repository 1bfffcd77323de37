package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import io.walsync.wal.WalPosition;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class PositionTextTest {

  private static final String AWKWARD = " C:\\data\t#1=äöü:\n\u20ac 😀 x ";

  @Test
  void whatIsSavedIsReadBack() throws Exception {
    Position.Fields fields = new Position.Fields();
    fields.saveCount = 3;
    fields.replicaUrl = AWKWARD;
    fields.replicaPlace = AWKWARD;
    fields.sealedTxid = 7;
    fields.sealedChecksum = Long.MIN_VALUE + 1;
    fields.uploadedTxid = 6;
    fields.segmentSeq = 12;
    fields.sealedSegmentSeq = 11;
    fields.tableDigest = Long.MIN_VALUE;
    fields.pageSize = 65536;
    fields.commit = Integer.MAX_VALUE;
    fields.timestampMillis = 1_700_000_000_000L;
    fields.wal = new WalPosition(-1, 2, 32, 0xffff_ffff_0000_0001L);
    fields.walDatabase = "(dev=1,ino=2)";
    fields.closedDatabase = "(dev=1,ino=2) 8192 -5 6";
    fields.bootId = "boot";
    fields.isProvisional = true;
    fields.isDurable = true;
    Position saved = new Position(fields);

    Position read = PositionText.decode(PositionText.encode(saved));

    assertThat(read).usingRecursiveComparison().isEqualTo(saved);
  }

  @Test
  void theFileIsOneOfProperties() throws Exception {
    Properties lines = new Properties();
    lines.load(
        new ByteArrayInputStream(PositionText.encode(Position.before(0).of(AWKWARD, "boot"))));

    assertThat(lines.getProperty("replica")).isEqualTo(AWKWARD);
    assertThat(lines).containsKeys("txid.sealed", "boot", "check");
  }

  /** Of the version that folders in the field have; also one that goes back reads it. */
  @Test
  void theTextOfThisVersionIsTheSameToTheByte() {
    Position captured =
        Position.before(6)
            .of("s3://bucket/ä b", "boot-1")
            .uploaded(Txid.of(6), " at")
            .segment(11)
            .withoutSegments()
            .segment(12)
            .sealed(Txid.of(7), -5)
            .captured(4096, 123, 1_700_000_000_000L);
    String lines =
        "version=3\nsave=42\nreplica=s3://bucket/\\u00e4 b\nreplica.place=\\u0020at\n"
            + "txid.sealed=7\ntxid.checksum=-5\ntxid.uploaded=6\nsegment=12\nsegment.sealed=11\n"
            + "table=99\npage-size=4096\ncommit=123\ntimestamp=1700000000000\n";

    assertThat(
            text(
                captured
                    .at(new WalPosition(-1, 5, 4152, 0xdeadbeefcafeL), "(dev=1,ino=2)")
                    .saved(42, 99, true)))
        .isEqualTo(
            lines
                + "database=\nboot=boot-1\ndurable=true\nprovisional=false\n"
                + "wal.database=(dev=1,ino=2)\nwal.salt1=-1\nwal.salt2=5\nwal.offset=4152\n"
                + "wal.checksum=244837814094590\ncheck=d3d2145\n");
    assertThat(text(captured.closedAt("(dev=1,ino=2) 8192 -5 6").saved(42, 99, false)))
        .isEqualTo(
            lines
                + "database=(dev=1,ino=2) 8192 -5 6\nboot=boot-1\ndurable=false\n"
                + "provisional=false\ncheck=c54165f\n");
  }

  private static String text(Position position) {
    return new String(PositionText.encode(position), StandardCharsets.US_ASCII);
  }
}
