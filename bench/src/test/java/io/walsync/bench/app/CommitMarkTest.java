package io.walsync.bench.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CommitMarkTest {

  @Test
  void theLargestMarkOfAPageIsFound() {
    String page = "\0x" + CommitMark.text(41) + "ccommit" + CommitMark.text(123_456) + "commit:12";

    assertThat(CommitMark.text(41)).isEqualTo("commit:000000000041");
    assertThat(CommitMark.newestIn(page.getBytes(StandardCharsets.US_ASCII))).isEqualTo(123_456);
  }

  @Test
  void aPageWithoutMarksHasNone() {
    assertThat(CommitMark.newestIn(new byte[4096])).isEqualTo(CommitMark.NONE);
  }
}
