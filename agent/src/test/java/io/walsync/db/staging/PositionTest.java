package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import io.walsync.wal.WalPosition;
import org.junit.jupiter.api.Test;

class PositionTest {

  private static final WalPosition PLACE = new WalPosition(1, 2, 4152, 3);
  private static final String DATABASE = "(dev=1,ino=2)";

  private static Position replicated() {
    return Position.before(0)
        .of("file:///replica", "boot")
        .captured(4096, 10, 1000)
        .at(PLACE, DATABASE);
  }

  @Test
  void whatHappensMakesAnotherPosition() {
    Position before = replicated();

    Position after = before.sealed(Txid.of(5), 9).segment(7).withoutPlace().dueSnapshot();

    assertThat(before).usingRecursiveComparison().isEqualTo(replicated());
    assertThat(after.sealedTxid()).isEqualTo(5);
    assertThat(after.sealedChecksum()).isEqualTo(9);
    assertThat(after.segmentSeq()).isEqualTo(7);
    assertThat(after.wal()).isNull();
    assertThat(after.isSnapshotDue()).isTrue();
    assertThat(after.replicaUrl()).isEqualTo("file:///replica");
  }

  @Test
  void aDatabaseHasItsEndInTheWalOrInItsFileAndNeverInBoth() {
    Position inFile = replicated().closedAt("as it was");
    assertThat(inFile.wal()).isNull();
    assertThat(inFile.closedDatabase()).isEqualTo("as it was");

    Position inWal = inFile.at(PLACE, DATABASE);
    assertThat(inWal.wal()).isEqualTo(PLACE);
    assertThat(inWal.walDatabase()).isEqualTo(DATABASE);
    assertThat(inWal.closedDatabase()).isEmpty();

    for (Position known : new Position[] {inFile, inWal}) {
      assertThat(known.withoutPlace().wal()).isNull();
      assertThat(known.withoutPlace().closedDatabase()).isEmpty();
    }
  }

  @Test
  void anOlderAcknowledgementTakesNothingBack() {
    Position position = replicated().uploaded(Txid.of(7), "here");

    assertThat(position.uploaded(Txid.of(6), null).uploadedTxid()).isEqualTo(7);
    assertThat(position.uploaded(Txid.of(8), null).replicaPlace()).isEqualTo("here");
    assertThat(position.uploaded(Txid.of(8), "").replicaPlace()).isEmpty();
  }

  @Test
  void segmentsThatAreAccountedForNeedNotBeThere() {
    Position position = replicated().segment(4).segment(5);
    assertThat(position.sealedSegmentSeq()).isEqualTo(1);

    assertThat(position.withoutSegments().sealedSegmentSeq()).isEqualTo(5);
    assertThat(position.withoutSegments().segmentSeq()).isEqualTo(5);
  }

  @Test
  void aReplicaThatWasReadBackIsGoneOnWithAfterItsNewestFile() {
    LtxHeader newest =
        LtxHeader.builder()
            .pageSize(512)
            .commit(3)
            .minTxid(Txid.of(8))
            .maxTxid(Txid.of(9))
            .timestampMillis(77)
            .build();

    Position position = Position.after(newest);

    assertThat(position.sealedTxid()).isEqualTo(9);
    assertThat(position.uploadedTxid()).isEqualTo(9);
    assertThat(position.pageSize()).isEqualTo(512);
    assertThat(position.commit()).isEqualTo(3);
    assertThat(position.timestampMillis()).isEqualTo(77);
    assertThat(position.wal()).isNull();
    assertThat(position.isDurable()).isFalse();
    assertThat(position.isSnapshotDue()).isFalse();
  }
}
