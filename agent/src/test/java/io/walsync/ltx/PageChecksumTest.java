package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageChecksumTest {

  @Test
  void thePageOfTheGoldenFileHasTheKnownChecksum() {
    assertThat(PageChecksum.of(1, GoldenLtx.page(), 0, 512)).isEqualTo(0x8356444fecd9901eL);
  }

  @Test
  void aPageTakenOutAgainLeavesTheChecksumOfTheRest() {
    long one = PageChecksum.of(1, GoldenLtx.page(), 0, 512);
    long two = PageChecksum.of(2, GoldenLtx.page(), 0, 512);
    long both = PageChecksum.toggle(PageChecksum.toggle(0, one), two);
    assertThat(PageChecksum.toggle(both, one)).isEqualTo(two);
  }
}
