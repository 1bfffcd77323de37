package io.walsync.db.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnstoredTest {

  private long now = 1_000;
  private final Unstored unstored = new Unstored(() -> now);

  @Test
  void withEverythingInTheStoreItIsNow() {
    unstored.look(false, false);
    now = 2_000;
    assertThat(unstored.sinceMillis()).isEqualTo(2_000);
  }

  @Test
  void aCommitIsOldFromTheLookThatFoundIt() {
    unstored.look(true, false);
    now = 2_000;
    unstored.look(true, false);
    assertThat(unstored.sinceMillis()).isEqualTo(1_000);
  }

  @Test
  void itStaysTheOldestWhileItsFileWaitsForTheStore() {
    unstored.look(true, false);
    now = 2_000;
    unstored.look(false, true);
    now = 3_000;
    unstored.look(true, true);
    now = 20_000;
    assertThat(unstored.sinceMillis()).isEqualTo(1_000);
  }

  @Test
  void onceTheStoreHasTheFileWhatCameAfterIsTheOldest() {
    unstored.look(true, false);
    now = 2_000;
    unstored.look(false, true);
    now = 3_000;
    unstored.look(true, true);
    now = 4_000;
    unstored.look(true, false);
    assertThat(unstored.sinceMillis()).isEqualTo(3_000);
    unstored.look(false, false);
    assertThat(unstored.sinceMillis()).isEqualTo(4_000);
  }

  @Test
  void whatAnEarlierProcessLeftIsOlderThanWhatThisOneCommits() {
    now = 9_000;
    unstored.isFound(3_000, 4_000);
    unstored.look(true, true);
    assertThat(unstored.sinceMillis()).isEqualTo(3_000);
    unstored.look(true, false);
    assertThat(unstored.sinceMillis()).isEqualTo(4_000);
    unstored.look(false, false);
    assertThat(unstored.sinceMillis()).isEqualTo(9_000);
  }

  @Test
  void nothingFoundChangesNothingAndATimeToComeIsNotBelieved() {
    unstored.isFound(Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(unstored.sinceMillis()).isEqualTo(1_000);
    unstored.isFound(5_000, Long.MAX_VALUE);
    now = 2_000;
    assertThat(unstored.sinceMillis()).isEqualTo(1_000);
  }

  @Test
  void whatIsNotKnownCountsFromTheBeginning() {
    unstored.isUnknownSince(500);
    now = 5_000;
    unstored.isUnknownSince(600);
    assertThat(unstored.sinceMillis()).isEqualTo(500);
    unstored.look(false, true);
    assertThat(unstored.sinceMillis()).isEqualTo(500);
  }
}
