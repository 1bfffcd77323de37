package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageListTest {

  @Test
  void holdsAsManyPagesAsAreAdded() {
    PageList pages = new PageList();
    for (int pgno = 1; pgno <= 1000; pgno++) {
      pages.add(pgno, -pgno);
    }

    assertThat(pages.size()).isEqualTo(1000);
    assertThat(pages.pgnos()).hasSize(1000).startsWith(1, 2).endsWith(1000);
    assertThat(pages.checksums()).hasSize(1000).startsWith(-1, -2).endsWith(-1000);
  }

  @Test
  void begunAnewItHoldsWhatIsAddedThen() {
    PageList pages = new PageList();
    pages.add(7, 8);
    pages.clear();
    assertThat(pages.pgnos()).isEmpty();

    pages.add(9, 10);

    assertThat(pages.pgnos()).containsExactly(9);
    assertThat(pages.checksums()).containsExactly(10);
  }
}
