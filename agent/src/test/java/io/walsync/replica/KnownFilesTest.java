package io.walsync.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.ltx.Txid;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownFilesTest {

  private final KnownFiles known = new KnownFiles(2);

  private static LtxFileInfo file(int level, long min, long max) {
    return new LtxFileInfo(level, Txid.of(min), Txid.of(max), 100, min);
  }

  @Test
  void nothingIsKnownBeforeAListing() {
    known.stored(file(0, 2, 2));
    assertThat(known.files()).isNull();
  }

  @Test
  void aListingAndWhatIsStoredAreKnownInOrder() {
    listed(List.of(file(9, 1, 1), file(0, 3, 3), file(0, 2, 2)));
    known.stored(file(1, 2, 3));
    known.stored(file(0, 4, 4));
    assertThat(known.files())
        .containsExactly(file(0, 2, 2), file(0, 3, 3), file(0, 4, 4), file(1, 2, 3), file(9, 1, 1));
  }

  @Test
  void whatIsStoredWhileAListingIsUnderWayIsNotForgottenByIt() {
    listed(List.of(file(9, 1, 1)));
    KnownFiles.Listing listing = known.listing();
    known.stored(file(0, 2, 2));
    known.listed(listing, List.of(file(9, 1, 1)));
    assertThat(known.files()).contains(file(0, 2, 2));
    listed(List.of(file(9, 1, 1)));
    assertThat(known.files()).doesNotContain(file(0, 2, 2));
  }

  @Test
  void anOlderListingThatEndsLaterForgetsNothing() {
    KnownFiles.Listing older = known.listing();
    known.stored(file(0, 2, 2));
    KnownFiles.Listing newer = known.listing();
    known.stored(file(0, 3, 3));
    known.listed(newer, List.of(file(9, 1, 1), file(0, 2, 2)));
    known.stored(file(0, 4, 4));
    known.listed(older, List.of(file(9, 1, 1)));
    assertThat(known.files())
        .containsExactly(file(0, 2, 2), file(0, 3, 3), file(0, 4, 4), file(9, 1, 1));
  }

  @Test
  void whatIsDeletedWhileAListingIsUnderWayDoesNotComeBack() {
    KnownFiles.Listing listing = known.listing();
    known.deleted(List.of(file(0, 2, 2)));
    known.listed(listing, List.of(file(9, 1, 1), file(0, 2, 2)));
    assertThat(known.files()).containsExactly(file(9, 1, 1));
  }

  private void listed(List<LtxFileInfo> files) {
    known.listed(known.listing(), files);
  }

  @Test
  void aFileOfTheSameNameTakesThePlaceOfTheOther() {
    listed(List.of(file(0, 2, 2)));
    LtxFileInfo exact = file(0, 2, 2).withCreatedMillis(77);
    known.stored(exact);
    assertThat(known.files()).containsExactly(exact);
  }

  @Test
  void ofWhatTheNextLevelHoldsOnlyTheNewestAreRemembered() {
    listed(List.of(file(9, 1, 1)));
    for (long txid = 2; txid < 3_000; txid++) {
      known.stored(file(0, txid, txid));
    }
    assertThat(known.files()).as("nothing of it is merged").hasSize(2_999);
    known.stored(file(1, 2, 2_900));
    known.stored(file(0, 3_000, 3_000));
    assertThat(known.files())
        .hasSize(2 + KnownFiles.MOST_COVERED)
        .contains(file(0, 3_000, 3_000), file(9, 1, 1));
  }

  @Test
  void theHighestLevelDoesNotGrowForEver() {
    listed(List.of(file(9, 1, 1)));
    for (long min = 2; min < 10_000; min += 2) {
      known.stored(file(2, min, min + 1));
    }
    assertThat(known.files()).as("a restore needs them").hasSize(5_000);
    known.stored(file(9, 1, 9_990));
    known.stored(file(2, 10_000, 10_001));
    assertThat(known.files())
        .hasSize(2 + KnownFiles.MOST_COVERED)
        .contains(file(2, 9_998, 9_999), file(9, 1, 9_990));
  }

  @Test
  void moreThanFitIsForgottenAtAll() {
    listed(List.of(file(9, 1, 1)));
    for (long txid = 2; txid < KnownFiles.MOST_OF_A_LEVEL + 3; txid++) {
      known.stored(file(0, txid, txid));
    }
    assertThat(known.files()).isNull();
  }
}
